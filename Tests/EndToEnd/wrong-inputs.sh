#!/bin/sh
# What is not what it should be is said once, in words that help.
. "$(dirname "$0")/lib.sh"
needs jq python3

keygen -q -o alice.key >alice.pub
keygen -q -o bob.key >bob.pub
(umask 077 && echo 'correct horse' >pass)

# A name that is not UTF-8 must not become another.
bad=$(printf 'k\377.key')
for tool in $(tools); do
    refuses 64 "$tool" -- "$bad"
    says 'the argument "k\xff.key" is not UTF-8'
done
refuses 64 keygen -o "$bad"
refuses 64 keygen --json --name "$bad" -o new.key
[ "$(jq -r .error.code stdout)" = usage ]
[ "$(find . -name 'k*')" = "" ] || fail "a file was made"

# Binary input, endless input, and long input that is none of ours.
head -c 100000 /dev/urandom >binary
printf 'GIF89a\001\002' >gif
for file in binary gif /dev/zero; do
    refuses 65 timeout 20 decrypt -i alice.key "$file"
    refuses 65 timeout 20 encrypt --inspect "$file"
done
says binary
(yes x | tr -d '\n' | decrypt -i alice.key 2>endless) &
await 'is longer than' endless
pkill -P $! yes || true
wait
seq 1000 >lines
decrypt -i alice.key --json lines >stdout 2>stderr && fail "no envelopes"
[ "$(wc -l <stderr)" -eq 11 ]
says 'line 1000: 990 more'
[ "$(wc -l <stdout)" -ge 1000 ]
# Good ones between are told apart.
echo good | encrypt -i alice.key -r bob.pub >message
(seq 12 && cat message && seq 12) >lines
decrypt -i bob.key lines >stdout 2>stderr && fail "not all are envelopes"
[ "$(grep -c 'more\|not an envelope' stderr)" -eq 22 ] || fail "$(cat stderr)"
[ "$(cat stdout)" = good ]

# Keys of other formats are called by their names.
for format in age pem jwk; do
    keygen --format "$format" -o "$format.key" >/dev/null
    refuses 65 keygen --public "$format.key"
    says 'in the format of'
    refuses 65 encrypt -i "$format.key" -r bob.pub alice.pub
    says 'in the format of'
done
keygen -q -o - >alone.key
chmod 600 alone.key
[ "$(keygen --fingerprint alone.key | wc -c)" -eq 65 ]
[ "$(echo x | encrypt -i alone.key -r bob.pub | decrypt -q -i bob.key)" = x ]

# Hints.
echo x | encrypt --format age --passphrase-file pass >sealed
refuses 1 decrypt -i alice.key sealed
says '--passphrase-file'
refuses 1 decrypt -i bob.key -r bob.pub message
says "$(keygen --fingerprint alice.pub)"
refuses 64 encrypt -p --passphrase-file pass message
says 'two sources'

# A file that was cut is said to be that, and progress ends with what there was.
head -c 300000 /dev/urandom >plain
encrypt --format age -r bob.pub --progress=json plain 2>stderr >sealed
[ "$(tail -n 1 stderr | jq .done)" -eq 300000 ]
for form in '' --armor; do
    # shellcheck disable=SC2086
    encrypt $form --format age -r bob.pub plain >sealed
    decrypt -i bob.key --progress=json sealed 2>stderr >opened
    tail -n 1 stderr | jq -e '.done == .total' >/dev/null
    same plain opened
done
encrypt --format age -r bob.pub plain >sealed
for count in 299000 200000 65800 100; do
    head -c "$count" sealed >cut-file
    status=0
    decrypt -i bob.key cut-file >opened 2>stderr || status=$?
    [ "$status" -ne 0 ]
    grep -q 'cut short\|too early' stderr || fail "$(cat stderr)"
done
