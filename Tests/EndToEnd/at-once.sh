#!/bin/sh
# Several processes of one user at once: nothing is lost, nothing comes twice, the state stays whole.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq

start_relay "$@"
join alice bob

# Four senders, who all seal and send at once.
pids=
for part in 1 2 3 4; do
    seq $part 4 400 | seal | as alice sendmsg --to bob@example.com >"receipts.$part" &
    pids="$pids $!"
done
for pid in $pids; do wait "$pid"; done
[ "$(jq -r .status receipts.? | sort | uniq -c | tr -s ' ')" = " 400 stored" ]
# No two messages have the same number, though four encrypted at once.
[ "$(jq -r .seq receipts.? | sort -u | wc -l)" -eq 400 ]

# Two receivers: the second waits for the first to end, or gives up, and takes nothing from it.
as bob recvmsg --count 150 >got.1 &
first=$!
as bob recvmsg --count 150 >got.2 &
second=$!
wait $first
wait $second
as bob recvmsg --count 100 >got.3
[ "$(wc -l <got.1)" -eq 150 ]
[ "$(wc -l <got.2)" -eq 150 ]
cat got.1 got.2 got.3 | unseal | sort -n >plain
seq 400 | cmp - plain
refuses 75 as bob recvmsg --once --timeout 1s

as_job bob recvmsg --follow >followed
following=$!
seq 3 | seal | as alice sendmsg --to bob@example.com --wait delivered >receipts
refuses 75 as bob recvmsg --once --timeout 1s
says "another recvmsg"
kill -0 $following
[ "$(wc -l <followed)" -eq 3 ]

# A message that is sent again and again is stored once: in one run, by two at once, and after it
# was delivered.
echo once | seal >one
cat one one one | as alice sendmsg --to bob@example.com --wait delivered >receipts
[ "$(jq -r .status receipts | sort -u)" = delivered ]
as alice sendmsg --to bob@example.com <one >receipts &
as alice sendmsg --to bob@example.com <one >receipts.1
wait $!
[ "$(cat receipts receipts.1 | jq -r .status | sort | uniq -c | tr -s ' ')" = " 2 stored" ]
echo end | seal | as alice sendmsg --to bob@example.com --wait delivered >receipts
[ "$(sed 1,3d followed | unseal | tr '\n' ' ')" = "once end " ]
kill "$following"
wait "$following"

# Sent once more, and by who never heard that it was delivered: he hears it now.
as alice sendmsg --to bob@example.com --wait delivered <one >receipts
[ "$(jq -r .status receipts)" = delivered ]
