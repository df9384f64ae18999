#!/bin/sh
# sendmsg says what is wrong, and never that something was sent that was not.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq

start_relay "$@"
join alice bob
echo hello | seal >sealed

send() { as alice sendmsg --to bob@example.com "$@"; }

echo hello >plain
refuses 65 send <plain
says "line 1: this is not an envelope but plain text: pipe it through encrypt"
[ ! -s stdout ]
echo '{"type":"message"}' | refuses 65 send
says "pipe it through encrypt"

# The line that is wrong is named, and the others go on.
cat sealed plain sealed >mixed
refuses 65 send <mixed
says "line 2:"
[ "$(jq -r .status stdout | sort | uniq -c | tr -s ' ')" = " 2 stored" ]

refuses 1 as alice sendmsg --to nobody@example.com <sealed
says "user not found"
[ "$(jq -r .status stdout)" = notSent ]

refuses 77 as carol sendmsg --to bob@example.com <sealed
says "run relay-login"
refuses 64 as alice sendmsg <sealed
refuses 64 as alice sendmsg --to '' <sealed
says "an e-mail address or a user id"
for event in connect connect_error disconnect disconnecting newListener removeListener ''; do
    echo '{}' | refuses 64 as alice sendmsg --event "$event"
    says "a name that Socket.IO does not reserve"
done
refuses 64 send --p2p strict <sealed
refuses 64 send --relay relay.example <sealed

# More than a relay takes.
jq -c --arg more "$(head -c 100000 /dev/zero | tr '\0' A)" \
    '.ciphertext = ([range(20)] | map($more) | add)' sealed >long
refuses 65 send <long
says "longer than 1990000 bytes: seal it as a file"
# The lines after one that is far too long are sent all the same.
(
    head -c 40000000 /dev/zero | tr '\0' x
    echo
    cat sealed
) | refuses 65 send
says "line 1: the message is longer than 1990000 bytes"
[ "$(jq -r .status stdout)" = stored ]

# As much as the manual page says goes into one message, and not much more.
head -c 1474000 /dev/zero | as alice encrypt -i alice.key -r bob.pub >largest
send <largest >receipt
[ "$(jq -r .status receipt)" = stored ]
head -c 1475000 /dev/zero | as alice encrypt -i alice.key -r bob.pub >larger
refuses 65 send <larger
says "is longer than 1990000 bytes: seal it as a file"

# Receipts that are lost are not kept quiet about.
for output in '>/dev/full' '>&-'; do
    status=0
    eval "send <sealed $output" 2>stderr || status=$?
    [ "$status" = 74 ] || fail "sendmsg $output: status $status: $(cat stderr)"
    says 'cannot write "standard output"'
done

# The relay is away, and stays away.
stop_relay
refuses 69 send --timeout 1s <sealed
says "was not reachable for 1 s"
[ "$(jq -r .status stdout)" = notSent ]

# It is away, and comes back: the same run goes on.
send --timeout 30s -v <sealed >receipt 2>story &
sending=$!
await refused story
start_relay "$@"
wait $sending
[ "$(jq -r .status receipt)" = stored ]
