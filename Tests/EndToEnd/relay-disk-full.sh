#!/bin/sh
# When the relay's disk is full nothing is said to be stored that is not; what was stored stays, and
# all goes on when there is room.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq prlimit

# No file of the relay may grow beyond this: the same to it as a full disk.
prlimit --pid $$ --fsize=614400:
start_relay "$@"
prlimit --pid $$ --fsize=unlimited:
join alice bob

send() { as alice sendmsg --to bob@example.com; }
# stored FILE...: the ids that receipts call stored.
stored() { cat "$@" | jq -r 'select(.status == "stored").id'; }

seq 1500 | seal >sealed
status=0
send <sealed >receipts 2>errors || status=$?
[ "$status" -eq 75 ] || fail "status $status: $(tail -n 1 errors)"
[ "$(wc -l <receipts)" -eq 1500 ]
jq -r .id sealed >ids
jq -r .id receipts | cmp - ids
[ "$(jq -r .status receipts | sort -u | tr '\n' ' ')" = "notSent stored " ]
grep -q "the relay refused: .*: try again later" errors
# The same reason a thousand times is told twice: where it began, and how often it was.
[ "$(wc -l <errors)" -le 4 ] || fail "$(wc -l <errors) lines"
grep -q "as with [0-9]* messages before: try again later" errors || fail "$(cat errors)"

# The relay is there, and says what is wrong with it.
kill -0 "$relay_pid"
curl -sf "$PARLEY_RELAY/healthz" >/dev/null
[ "$(curl -s -o ready -w '%{http_code}' "$PARLEY_RELAY/readyz")" = 503 ]
[ "$(jq -r .status ready)" = storeUnavailable ]

# Its log tells of it once.
[ "$(grep -c "the store failed" relay.log)" -eq 1 ] || fail "$(head relay.log)"

# There is room again: the same relay goes on.
prlimit --pid "$relay_pid" --fsize=unlimited
echo "room again" | seal >later
send <later >receipt
[ "$(jq -r .status receipt)" = stored ] || fail "$(cat receipt)"
curl -sf "$PARLEY_RELAY/readyz" >/dev/null

# What is there is what was said to be, in order, also after the relay was killed.
kill -KILL "$relay_pid"
wait "$relay_pid" 2>/dev/null || true
start_relay "$@"
stored receipts receipt >promised
as bob recvmsg --count "$(wc -l <promised)" >got
jq -r .id got | cmp - promised
refuses 75 as bob recvmsg --once --timeout 1s

# What was not sent can be sent again.
jq -r 'select(.status == "notSent").id' receipts >missing
grep -F -f missing sealed >again
send <again >receipts
[ "$(stored receipts | wc -l)" -eq "$(wc -l <again)" ]
as bob recvmsg --count "$(wc -l <again)" >got
same got again
