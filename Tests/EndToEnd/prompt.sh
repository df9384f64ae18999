#!/bin/sh
# A passphrase is asked for on the terminal, twice, without echo, and with the usual keys.
. "$(dirname "$0")/lib.sh"
here=$(dirname "$0")

type_to() { python3 "$here/prompt.py" "$@"; }

echo hello >plain
# Backspace takes back a character, ^U the line.
type_to 'nonsense\x15open sezame\x7f\x7f\x7f\x7fsame\n' 'open sesame\n' -- \
    encrypt -p --format age -o sealed plain >shown || fail "encrypt -p: $(cat shown)"
! grep -q 'se[sz]ame' shown || fail "the passphrase was shown: $(cat shown)"
printf 'open sesame\n' >pass
chmod 600 pass
decrypt --passphrase-file pass sealed | cmp - plain

# Typed differently, nothing is written.
status=0
type_to 'one\n' 'two\n' -- encrypt -p --format age -o other plain >shown || status=$?
[ "$status" = 65 ] || fail "two passphrases: status $status: $(cat shown)"
[ ! -e other ] || fail "there is an output"

# ^C ends the program by its signal, and the terminal is as it was.
status=0
type_to '\x03' -- sh -c 'encrypt -p -o other plain; echo "status $?"; stty -a' >shown || status=$?
grep -q 'status 130' shown || fail "interrupted: $(cat shown)"
grep -qw 'echo' shown || fail "the terminal stays silent: $(cat shown)"
grep -qw -- '-echo' shown && fail "the terminal stays silent: $(cat shown)"

# ^D gives no passphrase, and trying again later would not help.
status=0
type_to '\x04' -- encrypt -p --format age -o other plain >shown || status=$?
[ "$status" = 66 ] || fail "^D: status $status: $(cat shown)"
[ ! -e other ] || fail "there is an output"

# Without a terminal there is no prompt.
refuses 64 setsid -w encrypt -p plain
says "no terminal"
