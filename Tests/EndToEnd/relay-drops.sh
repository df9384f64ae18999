#!/bin/sh
# A relay that lets everybody in and drops them again is not tried for ever.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq python3

start_relay "$@"
join alice bob
echo hello | seal >sealed
stop_relay

# drop SECONDS: runs such a relay, which keeps a connection for so long, in the place of ours.
drop() {
    stop_relay
    : >dropping
    python3 "$ROOT/Tests/EndToEnd/dropping_relay.py" "$relay_port" "$1" >dropping &
    relay_pid=$!
    eventually [ -s dropping ]
}
send() { as alice timeout 60 sendmsg "$@" --timeout 1s; }

drop 0
refuses 69 send --to bob@example.com <sealed
says "was not reachable for 1 s"
[ "$(jq -r .status stdout)" = unknown ]
says "the relay may have the message"
echo '{}' | refuses 69 send --event typing:start
refuses 69 as bob timeout 60 recvmsg --follow --timeout 1s
refuses 69 as bob timeout 60 recvmsg --once --timeout 1s

# Where the connections stand for longer, it is the answer that is waited for, over all of them.
drop 0.6
refuses 75 send --to bob@example.com <sealed
says "waited 1 s for the relay's answer"
[ "$(jq -r .status stdout)" = unknown ]
says "the relay may have the message"
refuses 69 as bob timeout 60 recvmsg --follow --timeout 1s

# The relay itself is there again.
stop_relay
start_relay "$@"
as alice sendmsg --to bob@example.com <sealed >receipt
[ "$(jq -r .status receipt)" = stored ]
