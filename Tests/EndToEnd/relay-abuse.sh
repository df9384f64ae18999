#!/bin/sh
# What broke other servers does not break the relay, and nobody else notices.
. "$(dirname "$0")/lib.sh"
needs curl python3
python3 -c 'import socketio' 2>/dev/null || needs python-socketio

start_relay "$@"
python3 "$ROOT/Tests/EndToEnd/abuse.py" "$relay_pid"
kill -0 "$relay_pid" || fail "the relay is gone: $(tail relay.log)"
if grep -i -e fatal -e crash relay.log; then fail "$(tail relay.log)"; fi
