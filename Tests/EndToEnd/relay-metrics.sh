#!/bin/sh
# /metrics: for this machine on the main address, or on an address of its own.
. "$(dirname "$0")/lib.sh"
needs curl python3
python3 -c 'import prometheus_client, socketio' 2>/dev/null || needs python-socketio

start_relay -v
python3 "$ROOT/Tests/EndToEnd/metrics.py" "$PARLEY_RELAY/metrics"
# The log has the same codes.
for code in "refused the event unknown: unknownEvent" "refused the event typing:start: unknownUser" \
    "refused the request POST /api/auth/login of 127.0.0.1: wrongCredentials" ": badToken"; do
    grep -qF "$code" relay.log || fail "the log lacks $code: $(cat relay.log)"
done
# The manual has every name, and no other.
curl -s "$PARLEY_RELAY/metrics" | sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' | sort >measured
signal-relay --generate man | sed -n 's/^\.It Cm \(parley_[a-z_]*\)$/\1/p' | sort >described
diff measured described >&2 || fail "the manual's METRICS are not those of /metrics"
# Behind a proxy everybody seems to be on this machine.
for field in "X-Forwarded-For: 192.0.2.1" "Forwarded: for=192.0.2.1" "Via: 1.1 proxy"; do
    [ "$(curl -s -o /dev/null -w '%{http_code}' -H "$field" "$PARLEY_RELAY/metrics")" = 404 ]
done
stop_relay

rm -f relay.db*
start_relay -v --metrics 127.0.0.1:0
[ "$(curl -s -o /dev/null -w '%{http_code}' "$PARLEY_RELAY/metrics")" = 404 ]
metrics=$(sed -n 's/.*metrics on \(http:.*\)/\1/p' relay.log)
python3 "$ROOT/Tests/EndToEnd/metrics.py" "$metrics"
[ "$(curl -s -o /dev/null -w '%{http_code}' "${metrics%metrics}")" = 404 ]
[ "$(curl -s -o /dev/null -w '%{http_code}' -X POST "$metrics")" = 405 ]
[ "$(curl -s -I "$metrics" | tr -d '\r' | sed -n 's/^Content-Type: //p')" = \
    "text/plain; version=0.0.4; charset=utf-8" ]
