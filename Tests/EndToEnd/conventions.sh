#!/bin/sh
# Every tool: --help, --version, the nearest name for a mistyped option, JSON errors, closed pipes.
. "$(dirname "$0")/lib.sh"

version=
for tool in $(tools); do
    "$tool" --help >help 2>stderr
    [ ! -s stderr ] || fail "$tool --help writes to stderr"
    head -n 1 help | grep -q "^$tool - [a-z]" || fail "$tool --help: $(head -n 1 help)"
    [ "$(wc -l <help)" -le 60 ] || fail "$tool --help has $(wc -l <help) lines, more than 60"
    # Examples are to be pasted, so they are not wrapped.
    awk -v tool="$tool" '/^Examples:/ { example = 1 } /^$/ { example = 0 }
        length > (example ? 100 : 80) { print tool " --help has a long line: " $0; bad = 1 }
        END { exit bad }' help >&2
    "$tool" -h | cmp - help

    "$tool" --version >said
    grep -Eq "^$tool \(Parley\) [0-9]+\.[0-9]+\.[0-9]+$" said || fail "$tool --version: $(cat said)"
    version=${version:-$(cut -d' ' -f3 said)}
    [ "$(cut -d' ' -f3 said)" = "$version" ] || fail "$tool has another version"

    refuses 64 "$tool" --vresion
    says "$tool: unknown option --vresion: did you mean --version"
    refuses 64 "$tool" --verbose=yes
    says "$tool: --verbose takes no value"
    grep -q '[.]$' stderr && fail "$tool: a message ends with a full stop: $(cat stderr)"

    if grep -q -- '--json' help; then
        status=0
        "$tool" --json --nonsense >stdout 2>stderr || status=$?
        [ "$status" = 64 ] || fail "$tool --json --nonsense: status $status"
        [ "$(tail -n 1 stdout | jq -r .error.code)" = usage ] || fail "$tool: $(cat stdout)"
    fi

    # Whoever has read enough may go.
    set +e
    ("$tool" --help 2>stderr && : || echo "$?" >failed) | true
    set -e
    [ ! -e failed ] || fail "$tool --help | true: status $(cat failed)"
    [ ! -s stderr ] || fail "$tool --help | true: $(cat stderr)"

    for kind in man bash zsh fish; do
        "$tool" --generate "$kind" >made
        [ -s made ] || fail "$tool --generate $kind makes nothing"
    done
done

for binary in parley-keys parley-net; do
    for tool in $("$binary" --list); do
        "$binary" "$tool" --version | grep -q "^$tool " || fail "$binary $tool does not run $tool"
    done
    refuses 64 "$binary" nonsense
done

# Without standard output an answer is lost, which is an error, and no file that is opened later is
# taken for it.
for tool in $(tools) parley-keys; do
    status=0
    "$tool" --version >&- 2>stderr || status=$?
    [ "$status" -eq 74 ] || fail "$tool --version >&-: status $status"
    says 'standard output'
    "$tool" --version <&- >said 2>&- || fail "$tool --version <&- 2>&-"
done
status=0
keygen -o lonely.key >&- 2>stderr || status=$?
[ "$status" -eq 74 ]
tail -n 1 lonely.key | grep -q '^PARLEY-SECRET-KEY-1' || fail "an answer is in a key file"
keygen -o silent.key <&- >silent.pub 2>&-
keygen --public silent.key | cmp - silent.pub
decrypt -i silent.key <&-
status=0
timeout 20 signal-relay --listen 127.0.0.1:0 --db lonely.db >&- 2>stderr || status=$?
[ "$status" -eq 74 ] || fail "signal-relay >&-: status $status: $(cat stderr)"
if grep -rq listening . --exclude=stderr; then fail "the relay's answer is in a file"; fi
