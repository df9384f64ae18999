#!/bin/sh
# Relay, sendmsg and recvmsg are killed 100 times under 5,000 messages: on stdout none is missing,
# and no more come twice than recvmsg was killed.
. "$(dirname "$0")/lib.sh"
needs python3

python3 "$ROOT/Tests/EndToEnd/kill.py" "$BIN" --mode stdout
