#!/bin/sh
# recvmsg loses nothing and gives nothing twice, on standard output, in an inbox, and to a command.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq python3

start_relay "$@"
join alice bob
send() { seal | as alice sendmsg --to bob@example.com -q >receipts; }
receive() { as bob recvmsg "$@"; }

# No more is taken than was asked for; the rest waits.
seq 5 | send
[ "$(receive --count 2 | unseal | tr '\n' ' ')" = "1 2 " ]
[ "$(receive --once | unseal)" = 3 ]
[ "$(receive --count 2 | unseal | tr '\n' ' ')" = "4 5 " ]
refuses 75 receive --once --timeout 1s
says "waited 1 s for a message"

# An inbox: a file each, complete, in the order they came.
seq 20 | send
receive --count 20 --inbox inbox
[ "$(find inbox/new -type f | wc -l)" = 20 ]
[ -z "$(find inbox/tmp inbox/cur -type f)" ]
[ -z "$(find inbox -type f ! -perm 600)" ]
cat inbox/new/* | unseal >plain
seq 20 | cmp - plain

# A command that does not take a message leaves it at the relay.
seq 3 | send
status=0
receive --count 3 --timeout 2s --exec 'exit 9' 2>stderr || status=$?
[ "$status" = 75 ]
says 'recvmsg: "exit 9" ended with status 9: the relay keeps the message'
receive --count 3 --exec 'cat >>taken'
[ "$(unseal <taken | tr '\n' ' ')" = "1 2 3 " ]

# Only the messages of one sender.
join carol
echo other | as carol encrypt -i carol.key -r bob.pub | as carol sendmsg --to bob@example.com -q
echo mine | send
[ "$(receive --once --from alice | unseal)" = mine ]
[ "$(receive --once --from carol | as bob decrypt -i bob.key -r carol.pub)" = other ]

# Whatever number of others waits, or is not taken by a command, what is behind them comes. All the
# others are there the next time, in their order, also after a kill: each once.
behind() {
    echo behind | as carol encrypt -i carol.key -r bob.pub >sealed
    as carol sendmsg --to bob@example.com -q <sealed >receipts
}
arrived() { [ -n "$(find "$1/new" -type f 2>/dev/null)" ]; }
is_behind() { [ "$(as bob decrypt -i bob.key -r carol.pub)" = behind ]; }
seq 1100 | send
behind
receive --once --from carol --timeout 30s | is_behind
behind
receive --once --timeout 60s --exec "grep -F $(jq .id sealed) >taken" 2>stderr || [ $? = 75 ]
is_behind <taken
[ "$(wc -l <stderr)" = 1100 ] || fail "$(tail -n 3 stderr)"
behind
as_job bob recvmsg --from carol --inbox left
following=$!
eventually arrived left
kill -KILL "$following"
wait "$following" || true
receive --count 1100 --inbox left
[ "$(find left/new -type f | wc -l)" = 1101 ]
grep -LF "$(jq .id sealed)" left/new/* | xargs cat | unseal >plain
seq 1100 | cmp - plain
refuses 75 receive --once --timeout 1s

# Who reads no more ends it quietly, at the next message.
(receive --follow -v 2>story | true) &
ending=$!
await connected story
seq 2 | send
wait "$ending"
[ "$(wc -l <story)" = 1 ] || fail "$(cat story)"
[ "$(receive --count 2 | unseal | tr '\n' ' ')" = "1 2 " ]

# SIGTERM ends it in order.
as_job bob recvmsg --follow >lines
following=$!
echo bye | send
eventually [ -s lines ]
kill "$following"
wait "$following"
[ "$(unseal <lines)" = bye ]
refuses 75 receive --once --timeout 1s

# A stock client may send members of any name, and text that plays tricks on a terminal.
trick=$(printf '\342\200\256')
echo '{"recipientId":"bob@example.com","messageId":"A1","ciphertext":"c","iv":"i","tag":"t","seq":1,
    "id":"B2","note":"'"$trick"'"}' | tr -d '\n' >stock
as alice sendmsg --event send_message --timeout 2s <stock >answer 2>said || [ $? = 75 ]
as bob python3 "$(dirname "$0")/prompt.py" -- recvmsg --once >shown
grep -qF '\u202e' shown
! grep -qF "$trick" shown || fail "raw on a terminal: $(cat shown)"
[ "$(grep -o '"id"' shown | wc -l)" = 1 ]
tr -d '\r' <shown | jq -e '.id == "B2" and .note == "\u202e"' >/dev/null || fail "$(cat shown)"

# Stopped before enough came it says so, as a shell would of a program that a signal ended.
# background COMMAND...: runs it as bob, until it is connected; `running` is its process.
background() {
    : >story
    as_job bob "$@" -v >lines 2>story
    running=$!
    await connected story
}
# ended: `running` ended as asked for; what it was to get is in `wanted`, and by what in `ending`.
ended() {
    kill -s "${ending%:*}" "$running"
    status=0
    wait "$running" || status=$?
    [ "$wanted" = --follow ] || [ "$status" = "${ending#*:}" ] || fail "$wanted: status $status"
    [ "$wanted" != --follow ] || [ "$status" = 0 ] || fail "$wanted: status $status"
}
for ending in TERM:143 INT:130; do
    for wanted in --once "--count 2" --follow; do
        # shellcheck disable=SC2086
        background recvmsg $wanted
        first=$running
        # So does who still waits for another.
        : >waiting
        # shellcheck disable=SC2086
        as_job bob recvmsg $wanted -v --timeout 10s >lines 2>waiting
        running=$!
        await "waiting for another recvmsg" waiting
        ended
        running=$first
        # Who waits for another does so no longer than it was told to.
        started=$(date +%s)
        refuses 75 receive --once --timeout 1s
        says "another recvmsg is receiving"
        [ $(($(date +%s) - started)) -lt 8 ]
        ended
    done
done

# The relay is not there: no message came, and that is why.
stop_relay
for wanted in --once "--count 2" --follow; do
    # shellcheck disable=SC2086
    refuses 69 receive $wanted --timeout 1s
    says "was not reachable for 1 s"
done
