#!/bin/sh
# The form of CryptoJS goes both ways between us and openssl.
. "$(dirname "$0")/lib.sh"
needs openssl

(umask 077 && echo 'correct horse' >pass && echo wrong >wrong)
openssl_enc() { openssl enc -aes-256-cbc -md md5 -pass file:pass "$@" 2>openssl.log; }

for size in 0 1 15 16 17 47 48 1000 70000; do
    head -c "$size" /dev/urandom >plain
    openssl_enc -a -in plain | decrypt --passphrase-file pass | cmp - plain
    openssl_enc -in plain | decrypt --passphrase-file pass | cmp - plain
    encrypt --format cryptojs --passphrase-file pass plain 2>stderr | openssl_enc -d -a | cmp - plain
    says 'alteration'
done

# A line a message, each as CryptoJS writes it, and the passphrase where web clients have it.
ENCRYPTION_KEY=0123456789abcdef0123456789abcdef
export ENCRYPTION_KEY
seq 3 | encrypt --format cryptojs --lines >sealed 2>stderr
[ "$(grep -c '^U2FsdGVkX1' sealed)" -eq 3 ]
seq 3 >plain
decrypt sealed | cmp - plain
printf 'one\r\ntwo\r\r\n\r\n' >returns
encrypt -q --format cryptojs --lines returns | decrypt | cmp - returns

# Each is given out as it comes, and what is none is told with its line.
mkfifo pipe
decrypt <pipe >live &
exec 3>pipe
cat sealed sealed >&3
has_some() { [ "$(wc -l <live)" -ge 5 ]; }
eventually has_some
exec 3>&-
wait $!
cat plain plain | cmp - live
status=0
(cat sealed && echo bad && cat sealed) | decrypt >opened 2>stderr || status=$?
[ "$status" = 65 ] && says 'line 4' && cat plain plain | cmp - opened
# One of 25 bytes has a line's length of `openssl enc -a`, but what comes after is no part of it.
echo 'some 24 bytes fill it all' | encrypt -q --format cryptojs --lines >filling
[ "$(wc -c <filling)" -eq 65 ]
for first in sealed filling; do
    status=0
    (head -n 1 $first && echo bad && cat sealed) | decrypt >opened 2>stderr || status=$?
    [ "$status" = 65 ] && says 'line 2'
    (printf '%s\n' "$(decrypt $first | head -n 1)" && cat plain) | cmp - opened
done
# The first is given out before there is a second.
decrypt <pipe >live &
exec 3>pipe
head -n 1 sealed >&3
eventually test -s live
exec 3>&-
wait $!
rm opened
# Texts in several lines may follow each other, too.
for size in 1000 20 300; do head -c "$size" /dev/urandom | base64; done >long
for size in 1 2; do openssl_enc -a -in long -pass "pass:$ENCRYPTION_KEY"; done >several
cat long long >twice
decrypt several | cmp - twice

head -n 1 sealed >one
refuses 1 decrypt --passphrase-file wrong -o opened one
[ ! -e opened ]
echo 'U2FsdGVkX1!' >broken
refuses 65 decrypt broken
refuses 1 decrypt -r "$0" sealed
decrypt --json sealed | cmp - plain
status=0
decrypt --json broken >stdout 2>stderr || status=$?
[ "$status" = 65 ] && tail -n 1 stdout | grep -q '^{"error":{"code":"badCryptoJS"'
encrypt -q --format cryptojs --lines <plain >sealed 2>stderr
[ ! -s stderr ]
