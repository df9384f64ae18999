#!/bin/sh
# The power is cut at fifteen moments of a stream of messages, and what the disk had not been told to
# keep is there in part, torn by sectors: the relay comes up each time, and every message that it had
# called stored is there.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq python3 strace

mkdir disk
start_relay --db disk/relay.db
join alice bob
stop_relay
cp -R disk base
rm -f base/*.lock base/*.control base/*-shm
# Filler makes the log long enough to be moved into the database meanwhile.
filler=$(head -c 6000 /dev/zero | tr '\0' x)
seq 400 | sed "s/\$/ $filler/" | seal >sealed

: >relay.out
strace -f -y -xx -s 1000000 -o trace \
    -e trace=pwrite64,write,fsync,fdatasync,ftruncate,sendto,sendmsg,writev \
    signal-relay --listen "127.0.0.1:$relay_port" --db disk/relay.db >relay.out 2>relay.log &
relay_pid=$!
eventually curl -sf -o health "$PARLEY_RELAY/healthz"
as alice sendmsg --to bob@example.com --timeout 60s <sealed >receipts
[ "$(jq -s 'map(select(.status == "stored")) | length' receipts)" = 400 ]
# strace ends when the relay does.
pkill -TERM -P "$relay_pid"
wait "$relay_pid" || true
relay_pid=

cp -R bob bob.before
# after_cut PERCENT [deaf]: what the relay has to say after a cut: `acknowledged` and `ids`.
after_cut() {
    python3 "$ROOT/Tests/EndToEnd/power_cut.py" trace base cut "$1" "$@" >acknowledged
    rm -rf bob
    cp -R bob.before bob
    relay_port=
    start_relay --db cut/relay.db
    as bob relay-login -q --email bob@example.com --password-file bob.password
    as bob recvmsg --count 1000 --timeout 1s >got 2>bob.err || true
    stop_relay
    jq -r .id got | sort >ids
    [ "$(sort -u ids | wc -l)" = "$(wc -l <ids)" ] || fail "cut at $1 %: some came twice"
    lost=$(comm -23 acknowledged ids | wc -l)
    echo "cut at $*: $(wc -l <acknowledged) acknowledged, $(wc -l <ids) there, $lost lost"
}

for percent in 12 25 35 45 50 55 60 65 70 75 80 85 90 95 100; do
    after_cut "$percent"
    [ "$lost" = 0 ] || fail "cut at $percent %: $lost acknowledged messages are lost"
done
[ "$(wc -l <acknowledged)" = 400 ] || fail "the trace does not show all acknowledgements"

after_cut 45 deaf
[ "$lost" != 0 ] || fail "a disk that synchronises nothing loses nothing: the test sees nothing"
