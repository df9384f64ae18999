#!/bin/sh
# Another implementation, written from parley-envelope(5), opens what we seal and seals what we open.
. "$(dirname "$0")/lib.sh"
needs jq python3
python3 -c 'import cryptography.hazmat.primitives.kdf.argon2' 2>import.log || {
    echo "PyPI's cryptography is not installed"
    exit 77
}

# other WORD...: the other implementation.
other() { python3 "$(dirname "$0")/parley_envelope.py" "$@"; }

other vectors "$ROOT"/Tests/Vectors/envelope/*.json

keygen -o alice.key --name 'Älice "A"' >alice.pub
keygen -o bob.key >bob.pub
keygen -o carol.key >carol.pub
other public <alice.key | jq -S . >theirs
jq -S . alice.pub | cmp - theirs

for size in 0 1 251 252 5000 70000; do
    head -c "$size" /dev/urandom >plain
    encrypt -i alice.key -r carol.pub -r bob.pub plain >sealed
    other open --key bob.key --from alice.pub <sealed >opened
    same opened plain
    other seal --from alice.key --to carol.pub --to bob.pub --seq "$((size + 1))" <plain >sealed
    decrypt -i bob.key -r alice.pub sealed >opened
    same opened plain
done

seq 100 >plain
encrypt --lines -i alice.key -r bob.pub plain >sealed
other open --key bob.key --from alice.pub <sealed >opened
same opened plain

(umask 077 && echo 'correct horse' >pass)
echo hello | encrypt --anonymous -r bob.pub | other open --key bob.key | grep -qx hello
echo hello | other seal --to bob.pub | decrypt -q -i bob.key | grep -qx hello
echo hello | encrypt --passphrase-file pass | other open --passphrase 'correct horse' | grep -qx hello
echo hello | other seal --passphrase 'correct horse' | decrypt -q --passphrase-file pass |
    grep -qx hello
echo hello | other seal --from alice.key --passphrase 'correct horse' |
    decrypt -r alice.pub --passphrase-file pass | grep -qx hello
