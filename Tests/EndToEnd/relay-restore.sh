#!/bin/sh
# A backup is restored as the manual says, into a directory where the relay has gone on since: the
# messages that waited, the users and their logins are there again.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq

mkdir state
start_relay --db state/relay.db
join alice bob
seq 40 | seal >sealed
as alice sendmsg --to bob@example.com -q <sealed

# The backup, and the files with keys along with it.
mkdir -m 700 backup
signal-relay --backup backup/relay.db --db state/relay.db
for file in jwt-secret store-keys account-keys; do
    [ ! -e "state/$file" ] || cp -p "state/$file" backup/
done

# The relay goes on, and loses its directory's contents in a crash; a log is left behind.
seq 5 | seal | as alice sendmsg --to bob@example.com -q
kill -KILL "$relay_pid"
wait "$relay_pid" 2>/dev/null || true
[ -s state/relay.db-wal ] || fail "no log is left behind"

cd state
mkdir ../away
for file in relay.db relay.db-wal relay.db-shm; do
    [ ! -e "$file" ] || mv "$file" ../away/
done
rm jwt-secret store-keys
cp ../backup/relay.db relay.db
for file in jwt-secret store-keys account-keys; do
    [ ! -e "../backup/$file" ] || cp "../backup/$file" "$file"
    [ ! -e "$file" ] || chmod 600 "$file"
done
chmod 600 relay.db
cd ..
signal-relay check --db state/relay.db --json >findings
if grep -q '"severity":"error"' findings; then fail "$(cat findings)"; fi

start_relay --db state/relay.db
# Alice's login is good still, as the secret is the same.
echo again | seal | as alice sendmsg --to bob@example.com -q
as bob relay-login -q --email bob@example.com --password-file bob.password
as bob recvmsg --count 41 >got
head -n 40 got | cmp - sealed
stop_relay

# Without its keys nothing that waits can be read: check, the log and the metric say so.
start_relay --db state/relay.db
seq 3 | seal | as alice sendmsg --to bob@example.com -q
stop_relay
rm state/store-keys
refuses 1 signal-relay check --db state/relay.db
grep -q "3 messages that wait cannot be read" stdout || fail "$(cat stdout)"
start_relay --db state/relay.db
grep -q "warning: 3 messages that wait cannot be read: .*(state/store-keys)" relay.log ||
    fail "$(cat relay.log)"
as bob relay-login -q --email bob@example.com --password-file bob.password
refuses 75 as bob recvmsg --once --timeout 1s
curl -s "$PARLEY_RELAY/metrics" >metrics
grep -qx 'parley_relay_messages_lost_total 3' metrics || fail "$(grep messages metrics)"
grep -qx 'parley_relay_messages_waiting 0' metrics || fail "$(grep messages metrics)"
