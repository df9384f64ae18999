#!/bin/sh
# A small disk is filled; once the receiver has taken everything the relay works again by itself, and
# nothing is delivered twice. On the full disk an operator can forget messages and users.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq mount

mkdir disk
mount -t tmpfs -o size=6m none disk 2>/dev/null || {
    echo "a file system cannot be mounted here"
    exit 77
}
trap 'stop_relay; umount -l disk' EXIT

start_relay --db disk/relay.db "$@"
join alice bob
head -c 30000 /dev/zero | tr '\0' m >text
for _ in $(seq 300); do cat text && echo; done | seal >sealed

# fill: sends until the disk is full.
fill() {
    status=0
    as alice sendmsg --to bob@example.com <sealed >receipts 2>errors || status=$?
    [ "$status" -eq 75 ] || fail "status $status: $(tail -n 1 errors)"
    jq -r 'select(.status == "stored").id' receipts >stored
    [ "$(wc -l <stored)" -gt 20 ] || fail "only $(wc -l <stored) are stored"
}
# ready: waits until the relay says so.
ready() { eventually curl -sf -o readiness "$PARLEY_RELAY/readyz"; }
# nothing_waits: waits until the relay has removed what was delivered.
nothing_waits() { eventually is_empty; }
is_empty() { [ -z "$(signal-relay queue ls bob@example.com --db disk/relay.db)" ]; }

fill
as bob recvmsg --count "$(wc -l <stored)" >got
jq -r .id got | cmp - stored
ready
nothing_waits
refuses 75 as bob recvmsg --once --timeout 1s

# What was not stored for want of room is, now; and an operator forgets it on the full disk.
jq -r 'select(.status == "notSent").id' receipts >missing
grep -F -f missing sealed >again
mv again sealed
fill
signal-relay queue purge bob@example.com --db disk/relay.db
[ -z "$(signal-relay queue ls bob@example.com --db disk/relay.db)" ] || fail "something waits still"
ready
