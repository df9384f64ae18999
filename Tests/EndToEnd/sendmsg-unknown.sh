#!/bin/sh
# A receipt says notSent only of what the relay cannot have; what went out and was not answered is
# unknown, and sending it again is safe.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq

start_relay "$@"
join alice bob
seq 3 | seal >sealed

# The relay stops in the middle.
mkfifo feed
as alice sendmsg --to bob@example.com --timeout 2s <feed >receipts 2>stderr &
sending=$!
exec 3>feed
sed -n 1p sealed >&3
await stored receipts
kill -STOP "$relay_pid"
sed -n 2p sealed >&3
exec 3>&-
status=0
wait "$sending" || status=$?
kill -CONT "$relay_pid"
[ "$status" -eq 75 ] || fail "status $status: $(cat stderr)"
[ "$(jq -r .status receipts | tr '\n' ' ')" = "stored unknown " ] || fail "$(cat receipts)"
says "waited 2 s for the relay's answer: the relay may have the message without answer"
[ "$(wc -l <stderr)" -eq 1 ]

# All of it sent again, each comes once.
as alice sendmsg --to bob@example.com <sealed >receipts
[ "$(jq -r .status receipts | sort -u)" = stored ]
as bob recvmsg --count 3 >got
same got sealed
refuses 75 as bob recvmsg --once --timeout 1s

# A relay that is not there has none of it.
stop_relay
refuses 69 as alice sendmsg --to bob@example.com --timeout 1s <sealed
[ "$(jq -r .status stdout | sort -u)" = notSent ]
for tool in "sendmsg --to bob@example.com" recvmsg "relay-login --status"; do
    # shellcheck disable=SC2086
    refuses 64 as alice $tool --timeout 0 <sealed
    says '--timeout cannot be "0"'
done
