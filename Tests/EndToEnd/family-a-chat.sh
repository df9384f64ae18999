#!/bin/sh
# Family A's chat: a client as its documentation shows registers, sends to threads over REST, gets
# new_message while it is there and after it was away, reads the history, and logs out. Without
# --history nothing is kept.
. "$(dirname "$0")/lib.sh"
needs python3 curl
python3 -c 'import socketio' 2>/dev/null || {
    echo "python-socketio is not installed"
    exit 77
}

start_relay --history 1d
python3 "$ROOT/Tests/EndToEnd/family-a-chat.py"
stop_relay
for planted in planted-ciphertext planted-password eyJ; do
    if grep -qF "$planted" relay.db* relay.log; then
        fail "\"$planted\" is in the relay's files"
    fi
done
