#!/bin/sh
# A command for notices that hangs ends with the relay, and so does what it started.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl

# shellcheck disable=SC2016 # The hook's shell is to expand it.
start_relay --notify-exec 'sleep 1000 & echo $! $$ >pids.part; mv pids.part pids; wait'
join alice bob
echo hello | seal | as alice sendmsg --to bob@example.com -q
tries=0
until [ -s pids ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 400 ] || fail "the command does not start: $(cat relay.log)"
    sleep 0.05
done
stop_relay
read -r child shell <pids
for pid in "$child" "$shell"; do
    # A process that nobody has taken the status of is gone as well.
    tries=0
    while [ -e "/proc/$pid/stat" ] && ! grep -q ') Z ' "/proc/$pid/stat"; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || fail "$pid runs still"
        sleep 0.05
    done
done
