#!/bin/sh
# A message counts as opened once it was written out, not before: whatever stops decrypt, the next
# run prints what the last one did not.
. "$(dirname "$0")/lib.sh"
needs jq

keygen -q -o alice.key >alice.pub
keygen -q -o bob.key >bob.pub
opens() { decrypt -q -i bob.key -r alice.pub "$@"; }

# Nowhere to write.
echo kept | encrypt -i alice.key -r bob.pub >message
opens message >&- 2>stderr && fail "a closed standard output is no place to write"
refuses 74 sh -c 'decrypt -q -i bob.key -r alice.pub message >/dev/full'
[ "$(opens message)" = kept ]
refuses 1 decrypt -i bob.key -r alice.pub message

# Nobody reads.
echo unread | encrypt -i alice.key -r bob.pub >message
mkfifo pipe
(exec 3<pipe) &
(
    exec 4>pipe
    wait
    sleep 0.2
    opens message >&4
) || fail "that nobody reads is no error"
wait
[ "$(opens message)" = unread ]

# Of a stream, what was not written is still to be had.
seq 3000 | encrypt --lines -i alice.key -r bob.pub >many
refuses 74 sh -c 'decrypt -q -i bob.key -r alice.pub many >/dev/full'
[ "$(opens many | wc -l)" -eq 3000 ]
# What fits into a pipe may have left decrypt when its reader goes, and no more.
seq -f "%0100g" 3000 | encrypt --lines -i alice.key -r bob.pub >many
opens many | head -1 >first
[ "$(wc -l <first)" -eq 1 ]
opens many >rest 2>/dev/null || true
[ "$(wc -l <rest)" -ge 1000 ] || fail "only $(wc -l <rest) of 3000 were kept"

seq 3000 | encrypt --lines -i alice.key -r bob.pub >many
# Killed in the middle, again and again: every line comes, and each kill repeats a batch at most.
for signal in KILL TERM; do
    rm -rf "$HOME/.local/state/parley/replay"
    : >out
    for try in 1 2 3 4 5; do
        decrypt -q -i bob.key -r alice.pub many >part 2>/dev/null &
        sleep "0.$try"
        kill -$signal $! 2>/dev/null || true
        wait $! 2>/dev/null || true
        cat part >>out
    done
    opens many >part 2>/dev/null || true
    # A kill may cut a line, which then comes again whole.
    cat part >>out
    sort -u out >have
    seq 3000 | sort | comm -23 - have >missing
    [ ! -s missing ] || fail "SIG$signal lost $(wc -l <missing), the first is $(head -n 1 missing)"
    [ "$(wc -l <out)" -le $((3000 + 5 * 65)) ] || fail "$(wc -l <out) lines"
done

# Two at once: each message once in all.
seq 2000 | encrypt --lines -i alice.key -r bob.pub >many
tac many >backwards
opens many >one 2>/dev/null &
opens backwards >two 2>/dev/null || true
wait $! || true
[ "$(cat one two | wc -l)" -eq 2000 ] || fail "$(cat one two | wc -l) of 2000"
[ "$(cat one two | sort -u | wc -l)" -eq 2000 ]

# A reader that stands still holds up nobody but those who want the same message.
seq -f "%0100g" 2000 | encrypt --lines -i alice.key -r bob.pub >many
mkfifo still
decrypt -q -i bob.key -r alice.pub many >still 2>/dev/null &
slow=$!
exec 5<still
sleep 0.5
echo other | encrypt -i alice.key -r bob.pub >message
[ "$(timeout 5 decrypt -q -i bob.key -r alice.pub message)" = other ]
kill $slow
exec 5<&-
wait $slow 2>/dev/null || true

# Files, of which only one appears.
echo file | encrypt -i alice.key -r bob.pub >message
for number in 1 2 3 4; do
    (opens -o "file$number" message 2>/dev/null || true) &
done
wait
[ "$(cat file? | wc -l)" -eq 1 ]
[ "$(find . -name 'file?' | wc -l)" -eq 1 ]

# A damaged log is not passed over in silence.
log=$HOME/.local/state/parley/replay
echo garbage >"$log"
opens message >out 2>stderr
says 'was damaged'
opens message >out 2>stderr && fail "the log was not mended"
grep -q damaged stderr && fail "the damage is told of twice"
echo garbage >"$HOME/.local/state/parley/sequence/$(keygen --fingerprint alice.pub)"
echo x | encrypt -i alice.key -r bob.pub 2>stderr >message
says 'it is damaged'
