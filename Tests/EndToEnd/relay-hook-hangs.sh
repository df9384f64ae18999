#!/bin/sh
# A command for notices that hangs ends with the relay, and so does what it started.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl

# shellcheck disable=SC2016 # The hook's shell is to expand it.
start_relay --notify-exec 'sleep 1000 & echo $! $$ >pids.part; mv pids.part pids; wait'
join alice bob
echo hello | seal | as alice sendmsg --to bob@example.com -q
eventually [ -s pids ]
stop_relay
read -r child shell <pids
# A process that nobody has taken the status of is gone as well.
is_gone() { [ ! -e "/proc/$1/stat" ] || grep -q ') Z ' "/proc/$1/stat"; }
for pid in "$child" "$shell"; do eventually is_gone "$pid"; done
