#!/bin/sh
# Whatever bytes thousands of connections say, the relay lives, stays small, and serves the others.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq python3

start_relay "$@"
join alice bob mallory
hostile() {
    python3 "$ROOT/Tests/EndToEnd/hostile_clients.py" "$1" "$(as mallory relay-login --show-token)"
}
resident() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$relay_pid/status"; }
descriptors() { find "/proc/$relay_pid/fd" -mindepth 1 | wc -l; }

hostile 1
before=$(resident) open=$(descriptors)
# While the next come, a pipeline runs.
seed=$(date +%s)
echo "seed $seed"
hostile "$seed" &
attack=$!
seq 200 | seal >sealed
as alice sendmsg --to bob@example.com <sealed >receipts
[ "$(jq -r .status receipts | sort | uniq -c | tr -s ' ')" = " 200 stored" ]
wait $attack
: >got
# Mallory may send messages, too.
as_job bob recvmsg --follow --from alice >got
receiving=$!
have_come() { [ "$(wc -l <got)" -ge 200 ]; }
eventually have_come
same got sealed
kill "$receiving"
wait "$receiving"

kill -0 "$relay_pid" || fail "the relay is gone: $(tail relay.log)"
[ "$(curl -sf "$PARLEY_RELAY/healthz")" = '{"status":"ok"}' ]
[ $(($(resident) - before)) -lt 16384 ] || fail "from $before kB to $(resident) kB"
[ "$(descriptors)" -lt $((open + 100)) ] || fail "from $open descriptors to $(descriptors)"
if grep -i -e fatal -e crash relay.log; then fail "$(tail relay.log)"; fi
kill -TERM "$relay_pid"
wait "$relay_pid"
relay_pid=
