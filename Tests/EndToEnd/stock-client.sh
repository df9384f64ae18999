#!/bin/sh
# Clients written as their documentation shows, on the stock python-socketio, work unchanged: by
# polling and by WebSocket, they register, log in, meet in a room, and exchange messages, also with
# somebody who is away, across a restart of the relay.
. "$(dirname "$0")/lib.sh"
needs python3 curl
python3 -c 'import socketio' 2>/dev/null || needs python-socketio

for transport in polling websocket; do
    start_relay "$@"
    python3 "$ROOT/Tests/EndToEnd/stock-client.py" "$transport" life
    # A message for somebody who is away outlives the relay's process.
    python3 "$ROOT/Tests/EndToEnd/stock-client.py" "$transport" leave
    kill -KILL "$relay_pid"
    wait "$relay_pid" 2>/dev/null || true
    start_relay "$@"
    python3 "$ROOT/Tests/EndToEnd/stock-client.py" "$transport" fetch
    stop_relay
    # Nothing that was sent, no password and no token lies in the files or the log.
    hold_none 'planted-(ciphertext|password)' relay.db* relay.log
    rm -f relay.db* jwt-secret store-keys session.json
done
