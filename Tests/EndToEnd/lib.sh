# shellcheck shell=sh
# Sourced by every end-to-end test: ways to expect things. `run` gives each test an empty folder to
# work in, an empty HOME, the tools in PATH, the repository as ROOT and the tools' folder as BIN.
set -eu

# fail WHAT: ends the test.
fail() {
    echo "$*" >&2
    exit 1
}

# refuses STATUS COMMAND...: the command must stop with this status and say why on stderr, in one
# line. What it said is left in `stdout` and `stderr`.
refuses() {
    want=$1
    shift
    status=0
    "$@" >stdout 2>stderr || status=$?
    [ "$status" -eq "$want" ] || fail "$*: status $status, not $want: $(cat stderr)"
    [ "$(wc -l <stderr)" -eq 1 ] || fail "$*: not one line on stderr: $(cat stderr)"
}

# says WORDS: the last refusal's message has these words.
says() {
    grep -qF -- "$1" stderr || fail "stderr does not say \"$1\": $(cat stderr)"
}

# same FILE FILE: two files are equal.
same() {
    cmp "$1" "$2" || fail "$1 and $2 differ"
}

# eventually COMMAND...: waits until this holds, 20 s at most.
eventually() {
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ "$tries" -lt 400 ] || fail "it never comes to hold: $*; $(cat relay.log 2>&1)"
        sleep 0.05
    done
}

# await WORDS FILE: waits for a program that writes there to say this.
await() { eventually grep -qsF -- "$1" "$2"; }

# needs PROGRAM...: the test cannot be tried without them.
needs() {
    for program in "$@"; do
        command -v "$program" >/dev/null || {
            echo "$program is not installed"
            exit 77
        }
    done
}

# tools: the names of all tools, one a line.
tools() {
    for binary in parley-keys parley-net; do "$binary" --list; done
}

# When a test starts a relay, it ends with the test, whatever happens.
relay_pid=
stop_relay() {
    if [ -n "$relay_pid" ]; then
        kill "$relay_pid" 2>/dev/null || true
        wait "$relay_pid" 2>/dev/null || true
        relay_pid=
    fi
}
trap stop_relay EXIT
trap 'exit 130' INT TERM

# listens: the relay has said where, since the system chose the port: that is in relay_port now.
listens() {
    relay_port=$(sed -n 's|.*"url":"https*:[^"]*:\([0-9]*\)".*|\1|p' relay.out) && [ -n "$relay_port" ]
}
is_up() { listens && curl -sf "http://127.0.0.1:$relay_port/healthz" >/dev/null; }

# start_relay [OPTION]...: a relay on a free port of loopback; its address is in PARLEY_RELAY.
start_relay() {
    : >relay.log
    signal-relay --listen "127.0.0.1:${relay_port:-0}" --db relay.db "$@" >relay.out 2>>relay.log &
    relay_pid=$!
    eventually is_up
    PARLEY_RELAY=http://127.0.0.1:$relay_port
    export PARLEY_RELAY
}

# hold_none WORDS FILE...: none has any of these words (A|B|…), nor a token: the header of each begins
# with {"alg": and its claims with {"_id":. Fewer letters are in the hashes of passwords by chance.
hold_none() {
    words=$1
    shift
    if found=$(LC_ALL=C grep -aoE ".{0,20}($words|eyJhbGci|eyJfaWQi).{0,20}" "$@"); then
        fail "what was sent is in the relay's files: $found"
    fi
}

# family LETTER [OPTION]...: a client of this family lives its whole life over each transport, with
# a relay that has these options; nothing that it sent and that begins with "planted", and no token,
# is in the relay's files or log after that.
family() {
    letter=$1
    shift
    needs python3 curl
    python3 -c 'import socketio' 2>/dev/null || needs python-socketio
    for transport in polling websocket; do
        # The stock client may lose the last it says before it goes, and be missed by its heartbeat
        # alone: that must not take longer than the tests wait.
        start_relay --limit pingInterval=4s "$@"
        python3 "$ROOT/Tests/EndToEnd/family-$letter.py" "$transport"
        stop_relay
        hold_none planted relay.db* relay.log
        rm -f relay.db* jwt-secret store-keys
    done
}
