#!/bin/sh
# The stock JavaScript Socket.IO client works unchanged, in Node and in a browser: by polling, with
# the change to WebSocket, and by WebSocket alone; it comes back when the relay was away.
. "$(dirname "$0")/lib.sh"
needs chromium curl node python3
client=$(python3 -c 'import importlib.util as u; print(u.find_spec("nicegui").origin)' 2>/dev/null) || {
    echo "nicegui, which brings the client, is not installed"
    exit 77
}
# A name that Node takes for a script of the old kind.
cp "${client%/*}/static/socket.io.min.js" socket.io.min.cjs
PAGE_PORT=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
export PAGE_PORT NODE_PATH=/usr/share/nodejs # where Debian keeps ws

# live COMMAND...: runs the clients, and restarts the relay when they ask for it.
live() {
    "$@" "$PWD/socket.io.min.cjs" "$PARLEY_RELAY" "$transports" >said 2>&1 &
    living=$!
    while kill -0 "$living" 2>/dev/null; do
        if [ -e restart ]; then
            kill -9 "$relay_pid"
            wait "$relay_pid" || true
            relay
            rm restart
        fi
        sleep 0.05
    done
    wait "$living" || fail "$* by $transports: $(tail -n 12 said relay.log | cut -c 1-300)"
}
relay() { start_relay --namespace /calls --cors "http://127.0.0.1:$PAGE_PORT"; }

relay
for transports in polling,websocket websocket polling; do
    live node "$ROOT/Tests/EndToEnd/stock_javascript_node.mjs"
    live python3 "$ROOT/Tests/EndToEnd/stock_javascript_page.py"
done
