#!/bin/sh
# A message is opened once, whoever asks and however many do at a time; numbers never come twice.
. "$(dirname "$0")/lib.sh"
needs jq

keygen -o alice.key >alice.pub
keygen -o bob.key >bob.pub
keygen -o carol.key >carol.pub

echo once | encrypt -i alice.key -r bob.pub -r carol.pub >message
[ "$(decrypt -i bob.key -r alice.pub message)" = once ]
refuses 1 decrypt -i bob.key -r alice.pub --json message
[ "$(jq -r .error.code stdout)" = replayed ]
[ "$(decrypt -i bob.key -r alice.pub --stateless message)" = once ]
# It is another recipient's first time.
[ "$(decrypt -i carol.key -r alice.pub message)" = once ]

# The same message written otherwise, and twice in one stream.
jq -c '.["x-again"] = 1' message >again
refuses 1 decrypt -i bob.key -r alice.pub again
echo twice | encrypt -i alice.key -r bob.pub >message
cat message message >both
refuses 1 decrypt -i bob.key -r alice.pub both
says 'line 2'
[ "$(cat stdout)" = twice ]

# Of many at once, one opens it.
echo race | encrypt -i alice.key -r bob.pub >message
for number in 1 2 3 4 5 6 7 8; do
    (decrypt -i bob.key -r alice.pub message >"race$number" 2>/dev/null || true) &
done
wait
[ "$(cat race? | wc -l)" -eq 1 ]

# Under a passphrase, with nobody's signature, too.
(umask 077 && echo 'correct horse' >pass)
echo once | encrypt --passphrase-file pass >line
[ "$(decrypt -q --passphrase-file pass <line)" = once ]
refuses 1 decrypt -q --passphrase-file pass line
says "opened before"
[ "$(decrypt -q --stateless --passphrase-file pass line)" = once ]

# Too old.
echo old | encrypt -i alice.key -r bob.pub >message
sleep 1.1
refuses 1 decrypt -i bob.key -r alice.pub --max-age 1s --json message
[ "$(jq -r .error.code stdout)" = expired ]

# Numbers of many senders at once.
for number in 1 2 3 4 5 6; do
    (seq 40 | encrypt --lines -i alice.key -r bob.pub >"sealed$number") &
    (for line in 1 2 3 4 5; do echo $line | encrypt -i alice.key -r bob.pub; done >"single$number") &
done
wait
cat sealed? single? | jq .seq | sort -n | uniq -d >repeated
[ ! -s repeated ] || fail "used twice: $(cat repeated)"
[ "$(cat sealed? single? | jq .seq | wc -l)" -eq 270 ]

# Where nothing can be kept: opening is refused, sealing warns and goes on.
: >file
XDG_STATE_HOME=$PWD/file
export XDG_STATE_HOME
refuses 73 decrypt -i bob.key -r alice.pub message
says '--stateless'
echo x | encrypt -i alice.key -r bob.pub >message 2>stderr
says 'numbered by the clock'
echo x | encrypt -i alice.key -r bob.pub >later 2>stderr
[ "$(jq .seq message)" -lt "$(jq .seq later)" ]
[ "$(decrypt -i bob.key -r alice.pub --stateless message)" = x ]
