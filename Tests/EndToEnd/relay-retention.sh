#!/bin/sh
# A message that nobody fetched is forgotten after the retention time, and so is the key of its hour:
# no copy of the database can be opened any more.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq sqlite3 python3

start_relay --retention 2s "$@"
join alice bob
messages() { sqlite3 -cmd '.timeout 5000' relay.db 'SELECT count(*) FROM message'; }
send() { echo "$1" | seal | as alice sendmsg --to bob@example.com -q; }

send old
[ "$(messages)" = 1 ]
is_forgotten() { [ "$(messages)" = 0 ]; }
eventually is_forgotten
refuses 75 as bob recvmsg --once --timeout 1s
# Nothing remembers it either.
[ "$(sqlite3 relay.db 'SELECT count(*) FROM seen')" = 0 ]
# What comes in time is got.
send young
[ "$(as bob recvmsg --once | unseal)" = young ]
stop_relay

# With hours that go by: the key of the hour that is over goes too. Instead of waiting, the hour in
# which the message came is moved back.
start_relay --retention 1h "$@"
send kept
stop_relay
hours() {
    python3 - "$@" <<'PYTHON'
import hashlib, sys
shift = int(sys.argv[1])
with open("store-keys", "r+b") as file:
    slots = file.read()
    for at in range(0, len(slots), 64):
        slot = slots[at:at + 64]
        if not any(slot):
            continue
        hour = int.from_bytes(slot[:8], "big") - shift
        slot = hour.to_bytes(8, "big") + slot[8:40]
        print(slot[8:].hex())
        file.seek(at)
        file.write(slot + hashlib.sha256(slot).digest()[:8] + bytes(16))
PYTHON
}
hours 3 >keys
[ -s keys ]
sqlite3 relay.db 'UPDATE message SET at = at - 3 * 3600; UPDATE seen SET at = at - 3 * 3600'
start_relay --retention 1h "$@"
[ "$(messages)" = 0 ]
stop_relay
hours 0 >left
[ ! -s left ]
while read -r key; do
    python3 -c 'import sys; sys.exit(bytes.fromhex(sys.argv[1]) in open("store-keys", "rb").read())' \
        "$key" || fail "a key is left in the file"
done <keys
[ "$(find . -maxdepth 1 -name 'store-keys*' | wc -l)" = 1 ]

refuses 64 signal-relay --listen 127.0.0.1:0 --db relay.db --retention 0s
refuses 64 signal-relay --listen 127.0.0.1:0 --db relay.db --retention never
