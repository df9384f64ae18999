#!/bin/sh
# An inbox that cannot take messages strands none: they stay at the relay, and come to wherever
# messages go next.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq

start_relay "$@"
join alice bob carol
send() { seal >"$1" && as alice sendmsg --to bob@example.com -q <"$1"; }
receive() { as bob recvmsg "$@"; }

for option in --inbox --exec; do
    refuses 64 receive --once "$option" ''
    says "$option cannot be \"\""
done

# A part of it is no directory from the start.
seq 3 | send sealed
mkdir wrong
: >wrong/new
refuses 73 receive --count 3 --inbox wrong
says 'wrong/new": Not a directory'
receive --count 3 >got
same got sealed

# It breaks while it is in use: what is in new/ came, what is not comes again, to elsewhere.
(receive --follow --inbox broken -v 2>stderr || echo $? >status) &
receiving=$!
await connected stderr
rmdir broken/new
: >broken/new
seq 3 | send sealed
wait "$receiving"
[ "$(cat status)" = 73 ] || fail "status $(cat status)"
says "the relay keeps what is not in the inbox"
[ -z "$(find broken/tmp -type f)" ] || fail "stranded in tmp"
receive --count 3 >got
same got sealed

# Killed between record and publishing, as the journal and tmp/ show: whoever receives next, and
# wherever to, finishes it first. Here the inbox can take it.
seq 2 | send sealed
receive --count 2 --inbox first
for file in first/new/*; do mv "$file" first/tmp/; done
refuses 75 receive --once --timeout 1s
[ "$(find first/new -type f | wc -l)" -eq 2 ] || fail "nobody finished the inbox"
cat first/new/* >got
same got sealed

# Files of others in tmp/ are let be, those of other logins too.
key=$(printf %032d 7)
: >"first/tmp/1795250507.M1P2.host"
: >"first/tmp/1795250507000.000000001.$key"
: >"first/tmp/1795250507000.000000001.aaaaaaaa.$key"
echo mine | send sealed
receive --once --inbox first
[ "$(find first/tmp -type f | wc -l)" -eq 3 ] || fail "$(ls first/tmp)"
