#!/bin/sh
# Commands for operators: they reach the relay that runs through a socket beside its database, do the
# same where none runs, and are for the relay's user alone.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq sqlite3

# No database: nothing to be shown, and none is made.
refuses 66 signal-relay queue ls --db relay.db
says 'there is no database "relay.db"'
[ ! -e relay.db ]

start_relay "$@"
[ "$(stat -c %a relay.db.control)" = 600 ]
join alice bob
seq 5 | seal | as alice sendmsg --to bob@example.com >receipts

# queues RUNS: what waits, by the relay that runs or without one.
queues() {
    signal-relay queue ls --db relay.db >queues
    [ "$(jq -r '[.type, .email, .count] | @csv' queues)" = '"queue","bob@example.com",5' ] ||
        fail "$1: $(cat queues)"
    [ "$(jq 'has("byteCount") and has("oldest") and has("newest")' queues)" = true ]
    if grep -qi cipher queues; then fail "what must not be is there"; fi
    signal-relay queue ls --db relay.db alice@example.com >queues
    [ ! -s queues ]
    refuses 1 signal-relay queue ls --db relay.db nobody@example.com
    says 'there is no user "nobody@example.com"'
}
queues "with a relay"

# What is stored, by kind, and the log's lines.
signal-relay audit --db relay.db >stored
for kind in account:2 message:5 seen:5; do
    [ "$(jq --arg kind "${kind%:*}" 'select(.kind == $kind).count' stored)" = "${kind#*:}" ] ||
        fail "$kind: $(cat stored)"
done
tables=$(sqlite3 relay.db "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
[ "$(jq -r .kind stored)" = "$tables" ]
signal-relay audit --events --db relay.db >events
[ "$(jq -r .event events | sort | uniq -c | tr -s ' ')" = " 1 connect
 1 disconnect
 5 message" ] || fail "$(cat events)"
[ "$(jq -r .type events | sort -u)" = event ]
signal-relay audit --events --since 1h --db relay.db >since
same events since
signal-relay audit --since 1h --db relay.db >since
same events since
if grep -qF "$(head -n 1 receipts | jq -r .id)" events; then fail "what must not be is there"; fi
# A relay that was killed leaves its socket; neither the next one nor a command minds.
kill -9 "$relay_pid"
wait "$relay_pid" 2>/dev/null || true
relay_pid=
[ -S relay.db.control ]
queues "after a kill"
start_relay "$@"
queues "again with a relay"

refuses 64 signal-relay queue purge --db relay.db
refuses 64 signal-relay queue purge --all bob@example.com --db relay.db
signal-relay queue purge bob@example.com --older-than 1h --db relay.db >purged
[ ! -s purged ]
[ "$(signal-relay queue purge bob@example.com --db relay.db | jq .count)" = 5 ]
[ -z "$(signal-relay queue ls --db relay.db)" ]
grep -q "an operator purged 5 messages" relay.log

# Many requests on one connection, one of them none; each gets its answer, in order.
python3 - <<'END'
import json, socket
s = socket.socket(socket.AF_UNIX)
s.connect("relay.db.control")
s.sendall(b'{"request":"queue.list"}\n{"request":"none"}\n[]\n{"request":"queue.list"}\n')
answers = [json.loads(line) for _, line in zip(range(4), s.makefile())]
assert answers[0] == {"end": True} and answers[3] == {"end": True}, answers
assert answers[1]["error"]["code"] == "unknownRequest", answers
assert answers[2]["error"]["code"] == "malformed", answers
# A line without end is not waited for for ever.
s.sendall(b"x" * 200_000)
assert s.recv(1) == b""
END

stop_relay
[ ! -e relay.db.control ]

# A name too long for an address of a socket.
deep=$PWD/$(printf 'd%.0s' $(seq 100))
mkdir -p "$deep"
signal-relay --listen 127.0.0.1:0 --db "$deep/relay.db" >deep.out &
relay_pid=$!
eventually [ -S "$deep/relay.db.control" ]
[ -z "$(signal-relay queue ls --db "$deep/relay.db")" ]
