#!/bin/sh
# Relay, sendmsg and recvmsg are killed 100 times under 5,000 messages: each arrives in the inbox
# exactly once.
. "$(dirname "$0")/lib.sh"
needs python3

python3 "$ROOT/Tests/EndToEnd/kill.py" "$BIN" --mode inbox
