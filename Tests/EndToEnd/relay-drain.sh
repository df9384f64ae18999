#!/bin/sh
# SIGTERM: a relay sends its clients away one by one, over a time, such that they come back by
# themselves; a second signal ends it at once.
. "$(dirname "$0")/lib.sh"
needs curl jq python3
python3 -c 'import socketio' 2>/dev/null || needs python-socketio

start_relay --drain 2s -v
# Twenty clients, half of each transport, that reconnect as the stock library does by itself.
python3 "$ROOT/Tests/EndToEnd/drain.py" 20 >clients 2>clients.log &
clients=$!
# reached COUNT: so many clients are connected.
reached() {
    tries=0
    until [ "$(grep -c "^connected" clients)" -ge "$1" ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || fail "not $1 connected: $(cat clients clients.log relay.log)"
        sleep 0.05
    done
}
reached 20
kill -TERM "$relay_pid"
wait "$relay_pid" || fail "status $?: $(cat relay.log)"
# Not one was told to leave for good, and they did not all leave at one moment.
[ "$(grep -cE '^gone transport_(close|error) ' clients)" = 20 ] ||
    fail "left otherwise: $(cat clients)"
python3 - <<'END'
times = sorted(float(line.split()[2]) for line in open("clients") if line.startswith("gone"))
steps = {round(time, 1) for time in times}
assert len(steps) >= 5 and times[-1] - times[0] < 30, times
END
start_relay --drain 1h
reached 40

# The first signal begins an hour; the second ends it.
kill -TERM "$relay_pid"
await "shutting down" relay.log
# Whoever asks meanwhile hears of it, and no client is taken.
curl -sf "$PARLEY_RELAY/healthz" >/dev/null || fail "not healthy while it ends"
[ "$(curl -s -w ' %{http_code}' "$PARLEY_RELAY/readyz")" = '{"status":"draining"} 503' ] ||
    fail "ready while it ends"
code=$(curl -s -o /dev/null -w '%{http_code}' "$PARLEY_RELAY/socket.io/?EIO=4&transport=polling")
[ "$code" = 503 ] || fail "a client is taken: $code"
kill -0 "$relay_pid"
kill -TERM "$relay_pid"
wait "$relay_pid" || fail "status $?"
relay_pid=
kill $clients

refuses 64 signal-relay --drain 2h --db other.db
