#!/bin/sh
# What alice types reaches bob: at once, after he was away, and a thousand in a row.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq

start_relay "$@"
join alice bob

# The main job.
echo "Hello, kaise ho?" | as alice encrypt -i alice.key -r bob.pub |
    as alice sendmsg --to bob@example.com >receipt
[ "$(jq -r .status receipt)" = stored ] || fail "$(cat receipt)"
[ "$(as bob recvmsg --once | unseal)" = "Hello, kaise ho?" ]

# Bob is there first: the message comes at once, and the sender can wait for that.
as bob recvmsg --once >line &
echo now | seal | as alice sendmsg --to bob@example.com --wait delivered >receipt
wait $!
[ "$(jq -r .status receipt)" = delivered ] || fail "$(cat receipt)"
[ "$(unseal <line)" = now ]
# What bob got is what alice sealed, byte for byte, and the receipt names it.
[ "$(jq -r .id line)" = "$(jq -r .id receipt)" ]

# A line that goes in is sent at once, not when the input ends.
mkfifo pipe
seal <pipe | as alice sendmsg --to bob@example.com >receipts &
exec 3>pipe
echo first >&3
as bob recvmsg --once --timeout 20s | unseal >first
[ "$(cat first)" = first ]
exec 3>&-
wait $!

# A thousand, in order.
seq 1000 | seal >sealed
as alice sendmsg --to bob@example.com <sealed >receipts
[ "$(jq -r .status receipts | sort | uniq -c | tr -s ' ')" = " 1000 stored" ]
jq -r .id sealed >ids
jq -r .id receipts | cmp - ids
as bob recvmsg --count 1000 >got
same got sealed
unseal <got >plain
seq 1000 | cmp - plain

# Sent again, they are stored once; alice may hear first that bob had them, which waited for her.
as alice sendmsg --to bob@example.com <sealed >receipts
[ "$(jq -r 'select(.status == "stored" or .status == "delivered") | .id' receipts | cmp - ids &&
    echo same)" = same ]
echo last | seal | as alice sendmsg --to bob@example.com >receipt
as bob recvmsg --once >line
[ "$(unseal <line)" = last ]

# Without a standard output the receipt is lost, which is an error; without input nothing is sent.
status=0
echo unseen | seal | as alice sendmsg --to bob@example.com >&- 2>stderr || status=$?
[ "$status" = 74 ] || fail "sendmsg >&-: status $status: $(cat stderr)"
as alice sendmsg --to bob@example.com <&- || fail "sendmsg <&-"
