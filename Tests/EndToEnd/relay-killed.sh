#!/bin/sh
# The relay is killed again and again under a stream of messages; each arrives, and in order.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq

start_relay "$@"
join alice bob
seq 600 | seal >sealed
as bob recvmsg --count 600 --timeout 60s >got &
receiving=$!
while read -r line; do
    printf '%s\n' "$line"
    sleep 0.005
done <sealed | as alice sendmsg --to bob@example.com --timeout 60s >receipts &
sending=$!
for _ in 1 2 3 4 5; do
    sleep 0.7
    kill -KILL "$relay_pid"
    wait "$relay_pid" 2>/dev/null || true
    start_relay "$@"
done
wait $sending
wait $receiving
# Of a message that arrived while the sender was cut off, the first it hears may be that.
[ "$(wc -l <receipts)" = 600 ]
jq -r 'select(.status == "stored" or .status == "delivered").id' receipts | sort -u >settled
jq -r .id sealed | sort | same - settled
same got sealed
