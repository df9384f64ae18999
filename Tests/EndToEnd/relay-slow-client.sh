#!/bin/sh
# A client that reads nothing does not fill the relay's memory: it is sent away, the others go on,
# and what it has not got is there when it comes again.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq python3

start_relay -v "$@"
join alice bob carol
peak() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$relay_pid/status"; }

mkfifo go
python3 "$ROOT/Tests/EndToEnd/slow_client.py" "$(as bob relay-login --show-token)" <go >client &
slow=$!
exec 3>go
await ready client

# 20 MB, more than the system's buffers take.
line=$(head -c 30000 /dev/urandom | base64 -w 0)
yes "$line" | head -n 400 | seal >sealed
before=$(peak)
as alice sendmsg --to bob@example.com <sealed >receipts
[ "$(jq -r .status receipts | sort | uniq -c | tr -s ' ')" = " 400 stored" ]

# Others are served meanwhile, and it is sent away in the end.
echo hello | as alice encrypt -i alice.key -r carol.pub | as alice sendmsg --to carol@example.com -q
[ "$(as carol recvmsg --once | as carol decrypt -i carol.key -r alice.pub)" = hello ]
await "is gone: slowConsumer" relay.log
[ $(($(peak) - before)) -lt 32768 ] || fail "from $before kB to $(peak) kB"

# What it reads after all, and what the relay kept, are all there was.
echo go >&3
exec 3>&-
wait $slow
sed 1d client >ids
as_job bob recvmsg --follow >rest 2>errors
following=$!
jq -r .id sealed | sort >all
have_come() {
    sort -u ids all | cmp -s - all && jq -r .id rest 2>>errors | sort -u - ids | cmp -s - all
}
eventually have_come
kill "$following"
wait "$following" || true
