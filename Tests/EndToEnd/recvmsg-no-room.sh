#!/bin/sh
# Where recvmsg cannot write, the relay keeps the messages: standard output, an inbox, its journal.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq prlimit

start_relay "$@"
join alice bob
seq 200 | seal >sealed
as alice sendmsg --to bob@example.com <sealed >receipts

# room BYTES COMMAND...: runs it with files that may not grow beyond this.
room() {
    bytes=$1
    shift
    as bob prlimit --fsize="$bytes" "$@"
}

status=0
as bob recvmsg --count 10 >/dev/full 2>stderr || status=$?
[ "$status" -eq 74 ] || fail "status $status: $(cat stderr)"
[ "$(wc -l <stderr)" -eq 1 ] || fail "$(cat stderr)"

# A part of the messages finds room; the line that is cut off comes again.
status=0
room 40000 recvmsg --count 200 >got.1 2>stderr || status=$?
[ "$status" -eq 74 ] || fail "status $status: $(cat stderr)"
# Into an inbox: no file is there in part, none is lost, none comes twice.
status=0
room 500 recvmsg --count 1 --inbox inbox 2>stderr || status=$?
[ "$status" -ne 0 ] || fail "a message found room where there is none"
[ -z "$(find inbox/new -type f)" ]
as_job bob recvmsg --follow --inbox inbox
receiving=$!
as alice sendmsg --to bob@example.com <sealed >receipts
have_come() {
    grep -h '}$' got.1 inbox/new/* 2>errors | jq -r .id | sort -u >ids &&
        jq -r .id sealed | sort | cmp -s - ids
}
eventually have_come
kill "$receiving"
wait "$receiving"
# Printed and put into the inbox too is one at most: where the room ended between line and record.
cat inbox/new/* | jq -r .id | sort | uniq -d >twice
[ ! -s twice ]
[ $(($(grep -c '}$' got.1) + $(find inbox/new -type f | wc -l))) -le 201 ]
