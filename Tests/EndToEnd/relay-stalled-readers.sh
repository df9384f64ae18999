#!/bin/sh
# Who stops reading costs the relay a megabyte and is sent away; nothing is lost, nobody else
# notices.
. "$(dirname "$0")/lib.sh"
needs curl python3
python3 -c 'import socketio' 2>/dev/null || needs python-socketio

start_relay -v
python3 "$ROOT/Tests/EndToEnd/stalled_readers.py" "$relay_pid"
