#!/bin/sh
# SIGTERM ends a relay under load in order: it says so with status 0, loses nothing that it
# acknowledged, and senders and receivers go on with the next one.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq

start_relay "$@"
join alice bob carol
seq 4000 | seal >sealed
seq 4000 | as carol encrypt --lines -i carol.key -r alice.pub >other

# Two pairs, one of which has its receiver there, and one not.
as bob recvmsg --count 4000 --timeout 60s >got &
receiving=$!
as alice sendmsg --to bob@example.com --timeout 60s <sealed >receipts &
sending=$!
as carol sendmsg --to alice@example.com --timeout 60s <other >receipts.other &
others=$!
until [ -e receipts ] && [ -e receipts.other ]; do sleep 0.01; done
for file in receipts receipts.other receipts; do
    # In the middle of it.
    before=$(wc -l <$file)
    tries=0
    until [ "$(wc -l <$file)" -gt "$before" ] || [ "$(wc -l <$file)" -ge 4000 ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 1000 ] || fail "nothing is sent"
        sleep 0.02
    done
    kill -TERM "$relay_pid"
    status=0
    wait "$relay_pid" || status=$?
    [ "$status" -eq 0 ] || fail "the relay ended with status $status: $(cat relay.log)"
    start_relay "$@"
done
wait $sending
wait $others
wait $receiving
for file in receipts receipts.other; do
    # Of a message that arrived while the sender was cut off, the first it hears may be that.
    [ "$(jq -r 'select(.status == "stored" or .status == "delivered").id' $file | wc -l)" = 4000 ]
done
same got sealed

# What nobody has got yet is there after another end.
kill -TERM "$relay_pid"
wait "$relay_pid"
start_relay "$@"
as alice recvmsg --count 4000 >got
same got other
refuses 75 as alice recvmsg --once --timeout 1s
refuses 75 as bob recvmsg --once --timeout 1s
