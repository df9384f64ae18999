#!/bin/sh
# A message is sealed, carried as a line of JSON, verified and opened; what is wrong is refused.
. "$(dirname "$0")/lib.sh"
needs jq

keygen -o alice.key --name Alice >alice.pub
keygen -o bob.key --name Bob >bob.pub
keygen -o carol.key --name Carol >carol.pub

# The two commands of the manual.
echo "Hello, kaise ho?" | encrypt -i alice.key -r bob.pub >message
[ "$(wc -l <message)" -eq 1 ]
[ "$(decrypt -i bob.key -r alice.pub <message)" = "Hello, kaise ho?" ]
jq -e --slurpfile a alice.pub --slurpfile b bob.pub '
    .type == "message" and .v == 1 and .from == $a[0].fingerprint
    and .to == [$b[0].fingerprint] and .seq == 1' message >checked

# What went in comes out, with or without a newline at its end.
for size in 0 1 255 256 257 70000; do
    head -c "$size" /dev/urandom >plain
    encrypt -i alice.key -r bob.pub <plain | decrypt -i bob.key -r alice.pub >opened
    same plain opened
done
printf 'one\ntwo\n' >plain
encrypt -i alice.key -r bob.pub plain | decrypt -i bob.key -r alice.pub | cmp - plain

# JSON, and who is known.
echo hello | encrypt -i alice.key -r bob.pub >message
decrypt -i bob.key --stateless --json message |
    jq -e '.verified == false and .text == "hello" and .seq > 1 and (.ts | test("Z$"))' >checked
decrypt -i bob.key --stateless message 2>stderr | cmp - plain >/dev/null 2>&1 && fail "other text"
says "$(jq -r .fingerprint alice.pub)"
decrypt -i bob.key -r alice.pub --stateless --json message | jq -e .verified >checked
mkdir -p "$HOME/.config/parley/peers"
cp alice.pub "$HOME/.config/parley/peers/alice.pub"
decrypt -i bob.key --stateless --json message | jq -e .verified >checked
rm "$HOME/.config/parley/peers/alice.pub"

# Several recipients, each of whom opens it; nobody else.
echo all | encrypt -i alice.key -r bob.pub -r carol.pub >message
for name in bob carol; do [ "$(decrypt -i $name.key -r alice.pub message)" = all ]; done
refuses 1 decrypt -i alice.key --json message
[ "$(jq -r .error.code stdout)" = wrongKey ]
cat bob.pub carol.pub >both
echo all | encrypt -i alice.key -R both | decrypt -i carol.key -r alice.pub >opened
decrypt -i alice.key -i carol.key --stateless message -q >opened

# Another sender, and none.
refuses 1 decrypt -i bob.key -r carol.pub --stateless --json message
[ "$(jq -r .error.code stdout)" = wrongSender ]
echo who | encrypt --anonymous -r bob.pub >message
[ "$(jq 'has("from") or has("signature")' message)" = false ]
[ "$(decrypt -i bob.key -q message)" = who ]
refuses 1 decrypt -i bob.key -r alice.pub --json message
[ "$(jq -r .error.code stdout)" = unsigned ]

# Nothing is left behind by a failure.
echo secret | encrypt -i alice.key -r bob.pub >message
refuses 1 decrypt -i carol.key -o opened.txt message
[ ! -e opened.txt ]
(cat message && echo garbage) >two
refuses 65 decrypt -i bob.key -r alice.pub -o opened.txt two
says 'line 2'
[ ! -e opened.txt ]
# It was not opened, so it can be opened now.
decrypt -i bob.key -r alice.pub -o opened.txt message
[ "$(cat opened.txt)" = secret ]
refuses 73 decrypt -i bob.key -r alice.pub --stateless -o opened.txt message

# Wrong use.
refuses 64 encrypt -i alice.key message
refuses 64 encrypt -r bob.pub -p message
refuses 64 encrypt -r "$(jq -r .age bob.pub)" message
refuses 64 encrypt --armor -r bob.pub message
refuses 66 encrypt -r nosuch.pub message
refuses 66 encrypt -i nosuch.key -r bob.pub message
refuses 65 encrypt -r message message
cp bob.key open.key && chmod 644 open.key
refuses 77 decrypt -i open.key message
refuses 77 encrypt -i open.key -r bob.pub message
jq -c '.agreeKey = .signKey' bob.pub >forged.pub
refuses 1 encrypt -i alice.key -r forged.pub message

# A key under a passphrase.
(umask 077 && echo 'correct horse' >pass)
keygen -o safe.key --passphrase-file pass >safe.pub
echo hi | encrypt -i safe.key --identity-passphrase-file pass -r safe.pub |
    decrypt -i safe.key --passphrase-file pass >opened
[ "$(cat opened)" = hi ]

# Without opening.
encrypt --inspect message | jq -e '.format == "envelope" and .signed and .mode == "box"' >checked
echo garbage >text
refuses 65 encrypt --inspect text
