#!/bin/sh
# A disk is filled faster than the write-ahead log is moved into the database: the log does not grow
# past what the database can still take in, and the relay works again once all was fetched.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq mount

mkdir disk
mount -t tmpfs -o size=24m none disk 2>/dev/null || {
    echo "a file system cannot be mounted here"
    exit 77
}
trap 'stop_relay; umount -l disk' EXIT

start_relay --db disk/relay.db
join alice bob
head -c 60000 /dev/zero | tr '\0' m >text
for _ in $(seq 400); do cat text && echo; done | seal >sealed
status=0
as alice sendmsg --to bob@example.com <sealed >receipts 2>errors || status=$?
[ "$status" -eq 75 ] || fail "status $status: $(tail -n 1 errors)"
jq -r 'select(.status == "stored").id' receipts >stored
[ "$(wc -l <stored)" -gt 100 ] || fail "only $(wc -l <stored) are stored"

as bob recvmsg --count "$(wc -l <stored)" >got
jq -r .id got | cmp - stored
eventually curl -sf -o readiness "$PARLEY_RELAY/readyz"
seq 20 | seal | as alice sendmsg --to bob@example.com >receipts
[ "$(jq -r .status receipts | sort -u)" = stored ] || fail "not stored: $(cat receipts)"
as bob recvmsg --count 20 | unseal >opened
seq 20 | cmp - opened
