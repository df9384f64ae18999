#!/bin/sh
# Family D: clients of groups, devices and calls through their whole life, from registering to logging out;
# who was removed from a group, and a device that was removed, get nothing more.
. "$(dirname "$0")/lib.sh"
needs python3 curl
python3 -c 'import socketio' 2>/dev/null || needs python-socketio

start_relay "$@"
python3 "$ROOT/Tests/EndToEnd/family-d.py"
stop_relay
hold_none 'planted-(ciphertext|sdp|candidate|password)' relay.db* relay.log
