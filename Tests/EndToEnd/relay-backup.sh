#!/bin/sh
# The database of a running relay is copied while messages come in; the copy is whole, private, and a
# relay runs on it. A backup replaces nothing, and what cannot be copied is said.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq sqlite3

start_relay "$@"
join alice bob
seq 300 | seal >sealed
head -n 100 sealed | as alice sendmsg --to bob@example.com -q
tail -n 200 sealed | as alice sendmsg --to bob@example.com >receipts &
sending=$!
signal-relay --backup copy.db --db relay.db >backup.json
wait $sending
[ "$(stat -c %a copy.db)" = 600 ]
jq -e --argjson size "$(stat -c %s copy.db)" \
    '.type == "backup" and .file == "copy.db" and .byteCount == $size' backup.json >/dev/null
[ "$(sqlite3 copy.db 'PRAGMA integrity_check')" = ok ]
copied=$(sqlite3 copy.db 'SELECT count(*) FROM message')
if [ "$copied" -lt 100 ] || [ "$copied" -gt 300 ]; then fail "the copy has $copied messages"; fi

refuses 73 signal-relay --backup copy.db --db relay.db
says "is there already"
refuses 66 signal-relay --backup other.db --db nowhere.db
says 'no database "nowhere.db"'
refuses 73 signal-relay --backup nowhere/copy.db --db relay.db
cp copy.db damaged.db
seq 10000 | dd of=damaged.db bs=1 seek=9000 conv=notrunc status=none
refuses 65 signal-relay --backup other.db --db damaged.db
[ -z "$(find . -name 'other.db*')" ] || fail "something was left behind"
stop_relay

# With the keys of the storage layer beside it, the copy gives what it had.
relay_port=
mkdir restored
cp copy.db restored/relay.db
cp store-keys jwt-secret restored/
start_relay --db restored/relay.db
as bob relay-login -q --email bob@example.com --password-file bob.password
as bob recvmsg --count "$copied" >got
head -n "$copied" sealed | cmp - got
