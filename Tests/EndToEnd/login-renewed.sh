#!/bin/sh
# A token that has run out is renewed without a word, once for all processes that find it so; a
# login that is over is said to be. It is not spent where the new one cannot be kept, nor ended by what is
# no relay.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq prlimit python3

start_relay "$@"
join alice bob
echo hello | seal >sealed
account=$(find alice/config/parley/relays -name '*.json')
send() { as alice sendmsg --to bob@example.com "$@" <sealed; }

# token TEXT: puts this in the place of alice's token, as time would have.
token() {
    jq -c --arg token "$1" '.token = $token' "$account" >changed
    cat changed >"$account"
}
# expired: a token that says itself that it has run out; and one that only the relay refuses.
expired() {
    payload=$(printf '{"_id":"a","iat":1,"exp":2}' | base64 -w 0 | tr '+/' '-_' | tr -d =)
    echo "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.$payload.AAAA"
}

for bad in "$(expired)" none; do
    token "$bad"
    send >receipt 2>errors
    [ "$(jq -r .status receipt)" = stored ]
    [ ! -s errors ] || fail "$(cat errors)"
    [ "$(jq -r .token "$account")" != "$bad" ]
    token "$bad"
    as alice recvmsg --once --timeout 1s 2>errors || [ $? = 75 ]
    [ "$(jq -r .token "$account")" != "$bad" ]
done
[ -z "$(find alice/config -type f ! -perm 600)" ]

# Many at once: a refresh token works once, and used twice would end the login.
token "$(expired)"
pids=
for number in 1 2 3 4 5 6 7 8; do
    if [ $((number % 2)) = 0 ]; then
        send -q >"receipt.$number" 2>"errors.$number" &
    else
        as alice relay-login --show-token >"token.$number" 2>"errors.$number" &
    fi
    pids="$pids $!"
done
for pid in $pids; do wait "$pid" || fail "$(cat errors.*)"; done
[ "$(cat token.* | sort -u | wc -l)" = 1 ]
as alice relay-login --status -q
token none
send -q

# cramped COMMAND...: alice runs it where no file can have the size of a login, the same to her as a full
# disk; what she sees goes to a pipe, and into `seen`, its status into `status`.
cramped() {
    { as alice prlimit --fsize=100 "$@" 2>&1 && echo 0 >status || echo $? >status; } | cat >seen
}
# Where the new pair could not be kept the old one is not spent: it works once there is room.
token "$(expired)"
cp "$account" kept
cramped sendmsg --to bob@example.com --timeout 20s <sealed
[ "$(cat status)" -eq 74 ] || fail "status $(cat status): $(cat seen)"
grep -qF "the login cannot be renewed: cannot write \"$PWD/$account\": " seen || fail "$(cat seen)"
for action in --show-token --status; do
    cramped relay-login "$action"
    [ "$(cat status)" -eq 74 ] || fail "status $(cat status): $(cat seen)"
done
cramped recvmsg --follow --timeout 20s
[ "$(cat status)" -eq 74 ] || fail "status $(cat status): $(cat seen)"
same "$account" kept
lock=${account%.json}.lock
rm "$lock"
mkdir "$lock"
refuses 73 send --timeout 20s
says "the login cannot be renewed: cannot create \"$PWD/$lock\": "
rmdir "$lock"
same "$account" kept
send -q

# A refresh token that was used before, as a thief would use it, ends the login for both.
cp "$account" stolen
token none
send -q
cat stolen >"$account"
token none
refuses 77 send
says "does not accept the login any more: run relay-login"
[ "$(jq -r .status stdout)" = notSent ]
refuses 77 as alice recvmsg --once
says "run relay-login"

# Logged out elsewhere, while a receiver waits: it ends, and says why.
as bob recvmsg --follow -v >lines 2>errors &
receiving=$!
await connected errors
curl -sf -X POST -H "Authorization: Bearer $(as bob relay-login --show-token)" \
    "$PARLEY_RELAY/api/auth/logout" >/dev/null
status=0
wait $receiving || status=$?
[ "$status" -eq 77 ] || fail "status $status: $(cat errors)"
grep -q "run relay-login" errors

# Logging in again mends it.
as alice relay-login -q --email alice@example.com --password-file alice.password
send -q

# What answers in the relay's place is no relay: that ends no login, and is tried until the time-out.
token "$(expired)"
cp "$account" kept
stop_relay
for answer in "404 text/html" "301 text/html" "403 text/html" "200 text/html" "200 application/json" \
    "404 application/json" "403 application/json" "503 text/html"; do
    : >server.out
    # shellcheck disable=SC2086
    python3 "$ROOT/Tests/EndToEnd/web_server.py" "$relay_port" $answer >server.out &
    server=$!
    await listening server.out
    want=76
    [ "${answer% *}" != 503 ] || want=69
    status=0
    send -v --timeout 2s >stdout 2>stderr || status=$?
    [ "$status" -eq "$want" ] || fail "$answer: status $status: $(cat stderr)"
    [ "$(grep -c "renewing the login" stderr)" -ge 2 ] || fail "$answer: $(cat stderr)"
    status=0
    as alice recvmsg --follow -v --timeout 2s 2>stderr || status=$?
    [ "$status" -eq "$want" ] || fail "$answer: status $status: $(cat stderr)"
    [ "$(grep -c "renewing the login" stderr)" -ge 2 ] || fail "$answer: $(cat stderr)"
    refuses "$want" as alice relay-login --show-token
    refuses "$want" as alice relay-login --email alice@example.com --password-file alice.password
    # What a stock relay answers to a logout is an object, too.
    [ "$answer" = "200 application/json" ] || refuses "$want" as alice relay-login --logout
    same "$account" kept
    # With a token that does not say that it has run out.
    token none
    refuses "$want" as alice relay-login --status
    cat kept >"$account"
    kill "$server"
    wait "$server" || true
done

# Once it is asked for, a renewal is waited for, whatever the time-out; signals that end a program act
# when what came is kept: the old login is spent.
: >server.out
python3 "$ROOT/Tests/EndToEnd/slow_renewal.py" "$relay_port" >>server.out &
server=$!
await listening server.out
# while_renewing COMMAND...: alice runs it with a login that has run out; its pid is in `renewing`.
while_renewing() {
    rm -f answer
    : >server.out
    token "$(expired)"
    as_job alice env --default-signal sh -c 'exec "$@" <sealed' sh "$@" >stdout 2>stderr
    renewing=$!
    await renewing server.out
}
# ends STATUS: it does, now that the answer comes, and the login is good.
ends() {
    touch answer
    status=0
    wait "$renewing" || status=$?
    [ "$status" -eq "$1" ] || fail "status $status, not $1: $(cat stderr)"
    as alice relay-login --status -q || fail "the login is lost"
}
while_renewing relay-login --show-token --timeout 100ms
sleep 0.5
ends 0
for signal in HUP:129 INT:130 TERM:143; do
    for tool in "sendmsg --to bob@example.com" "relay-login --status"; do
        # shellcheck disable=SC2086
        while_renewing $tool
        kill "-${signal%:*}" "$renewing"
        ends "${signal#*:}"
    done
done
kill "$server"
wait "$server" || true
cat kept >"$account"
start_relay "$@"
send -q
