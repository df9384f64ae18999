#!/bin/sh
# Accounts: second factors, imported hashes, locks, and what operators do with users and tokens while
# the relay runs and while it does not.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq python3
python3 -c 'import bcrypt, socketio' 2>/dev/null || needs python-socketio
accounts() { python3 "$ROOT/Tests/EndToEnd/accounts.py" "$@"; }
user() { signal-relay user "$@" --db relay.db; }
token() { signal-relay token "$@" --db relay.db; }

# The codes of RFC 6238, appendix B, cut to six digits: the test itself is right.
[ "$(accounts code GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ 59)" = 287082 ]
[ "$(accounts code GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ 1111111109)" = 081804 ]

relay() { start_relay --namespace /calls "$@"; }
relay "$@"
accounts codes >factor.json
[ "$(stat -c %a account-keys)" = 600 ]
secret=$(jq -r .secret factor.json)

# relay-login gives the code; each recovery code works once. All after a restart, too.
stop_relay
relay "$@"
(umask 077 && printf '\377horse\n' >bytes && echo "correct horse battery" >tom.password)
refuses 65 as tom relay-login --email tom@example.com --password-file bytes
login() { as tom relay-login --email tom@example.com --password-file tom.password "$@"; }
refuses 77 login
says "give its six digits with --otp"
refuses 64 login --otp 12345x
login -q --otp "$(accounts next "$secret" | sed 's/.../& /')"
as tom relay-login --status >status
[ "$(jq -r .email status)" = tom@example.com ]
recovery=$(jq -r '.recovery[0]' factor.json)
login -q --otp "$recovery"
refuses 77 login --otp "$recovery"
login -q --otp "$(jq -r '.recovery[2]' factor.json | tr -d -)"
[ "$(user list tom@example.com | jq -c '[.secondFactor, .password]')" = '[true,"argon2id"]' ]
refused=$(curl -s -X POST -H "Authorization: Bearer $(jq -r .token factor.json)" \
    -d "{\"otp\":\"$(jq -r '.recovery[1]' factor.json)\"}" "$PARLEY_RELAY/api/auth/2fa/disable")
[ "$(echo "$refused" | jq -r .enabled)" = false ]
login -q

# Nothing of it lies in the database or the log, nor does a password.
for text in "$secret" $(jq -r '.recovery[]' factor.json | sed p | tr -d -) "correct horse"; do
    ! LC_ALL=C grep -qaF -- "$text" relay.db relay.db-wal relay.log || fail "the relay kept $text"
done
hex() { od -An -v -tx1 | tr -d ' \n'; }
! cat relay.db relay.db-wal relay.log | hex | grep -q "$(printf %s "$secret" | base32 -d | hex)" ||
    fail "the relay kept the secret's bytes"

# Imported while the relay runs; the second time they are there.
accounts import people.csv
user import people.csv >imported
[ "$(wc -l <imported)" = 3 ]
[ "$(user list | jq -c 'select(.password == "bcrypt") | .email' | wc -l)" = 3 ]
status=0
user import people.csv 2>stderr || status=$?
[ "$status" = 1 ]
[ "$(wc -l <stderr)" -ge 3 ]
says 'line 2: there is an account of "old0@example.com" already'
accounts imported
[ -z "$(user list | jq -c 'select(.password == "bcrypt")')" ]
status=0
printf '%s\n' '{"email":"new@example.com","name":"New","hash":"none"}' 'a,b' \
    '{"email":"new\u200b@example.com","name":"New","hash":"none"}' | user import - 2>stderr || status=$?
[ "$status" = 65 ]
says "line 1: hash is not one of bcrypt"
says "line 2: the line is neither"
says "line 3: email has characters that cannot be seen"

# Users are added by a password from a file, and shut out at once.
(umask 077 && echo "a long password" >eve.password)
user add Eve@example.com --name Eve --password-file eve.password | jq -e '.email == "eve@example.com"'
refuses 1 user add eve@example.com --password-file eve.password
says 'there is an account of "eve@example.com" already: give another address'
TOKEN=$(token make eve@example.com --for 1h)
export TOKEN
me() {
    curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer ${1:-$TOKEN}" \
        "$PARLEY_RELAY/api/auth/me"
}
[ "$(me)" = 200 ]
# tokens: one that an operator makes, and one of a login.
tokens() {
    token make eve@example.com
    curl -s -d '{"email":"eve@example.com","password":"a long password"}' \
        "$PARLEY_RELAY/api/auth/login" | jq -r .token
}
# all STATUS FILE: the relay gives this status to each token in it.
all() {
    while read -r one; do
        [ "$(me "$one")" = "$1" ] || fail "not $1, in $2: $one"
    done <"$2"
}
eve=$(user list eve@example.com | jq -r .user)
tokens >old
accounts issue jwt-secret "$eve" >>old
accounts issue jwt-secret "$eve" "$(date +%s)" >>old
all 200 old
echo "$TOKEN" | token explain >explained
[ "$(jq -c '[.valid, .problems]' explained)" = '[true,[]]' ]
accounts connected >client.log 2>&1 &
client=$!
await connected client.log
user disable eve@example.com >disabled
[ "$(jq -r .type disabled)" = disabled ]
wait "$client" || true
await ended client.log
# Every namespace was told why, and to leave: no client comes back by itself for being shut out.
end='["connect","accountDisabled","server disconnect"]'
[ "$(sed -n 2p client.log | jq -c .)" = "{\"/\":$end,\"/calls\":$end}" ] || fail "$(cat client.log)"
[ "$(me)" = 401 ]
refuses 77 as eve relay-login --email eve@example.com --password-file eve.password
echo "$TOKEN" >token.txt
refuses 1 token explain token.txt
says "the account is disabled"
refuses 1 token make eve@example.com
says "the account is disabled: enable it with signal-relay user enable"
all 401 old
user enable eve@example.com >enabled
as eve relay-login -q --email eve@example.com --password-file eve.password

# Nothing of before the disabling comes back with the account; what is given out now is good at once.
tokens >new
all 200 new
all 401 old
[ "$(me)" = 401 ]
if accounts connected >client.log 2>&1; then fail "an ended token connects: $(cat client.log)"; fi
refuses 1 token explain token.txt
says "the account was disabled at 2"
[ "$(jq -c '[.problems[].code]' stdout)" = '["revoked"]' ]
token make eve@example.com | token explain | jq -e .valid
kill -HUP "$relay_pid"
all 401 old
signal-relay --backup copy.db --db relay.db >backup.json
stop_relay
# Nor with a backup, nor with the next relay.
rm relay.db*
mv copy.db relay.db
relay "$@"
all 200 new
all 401 old
TOKEN=$(head -n 1 new)

# What is wrong with a token, each time in its own words; never the key.
accounts forge "$TOKEN" >forgeries
while read -r forged; do
    printf '%s\n' "$forged" >one
    status=0
    token explain one >explained 2>stderr || status=$?
    [ "$status" = 1 ] || fail "status $status for $forged"
    jq -e '.valid == false and (.problems | length) > 0' explained >/dev/null
done <forgeries
refuses 64 token make eve@example.com --for 0s
refuses 64 token make eve@example.com --for 10000d
says '--for cannot be "10000d", it wants a time from 1s to 3660d'
token make eve@example.com >fresh
(printf 'Bearer ' && cat fresh) >bearer
refuses 1 token explain bearer
says 'leave out "Bearer "'
! grep -qF "$(cat jwt-secret)" explained stderr relay.log || fail "the secret was shown"

# Guesses lock an account; an operator ends that.
for _ in $(seq 11); do
    curl -s -o answer -D head -d '{"email":"eve@example.com","password":"guess"}' \
        "$PARLEY_RELAY/api/auth/login"
done
grep -qi '^retry-after: [0-9]' head || fail "no Retry-After: $(cat head answer)"
[ "$(user list eve@example.com | jq '.lockedSeconds > 0')" = true ]
refuses 75 as eve relay-login --email eve@example.com --password-file eve.password
user enable eve@example.com >enabled
as eve relay-login -q --email eve@example.com --password-file eve.password
curl -s "$PARLEY_RELAY/metrics" | grep -q '^parley_relay_lockouts_total{of="account"} [1-9]'

# The same without a relay, and it holds when the next one starts.
stop_relay
user remove eve@example.com >removed
user disable tom@example.com >disabled
refuses 1 user disable eve@example.com
# One who is not there keeps nobody else from being dealt with.
user enable tom@example.com >enabled
refuses 1 user disable eve@example.com tom@example.com
says 'there is no user "eve@example.com"'
[ "$(jq -r 'select(.type == "disabled").email' stdout)" = tom@example.com ]
relay "$@"
[ "$(me)" = 401 ]
refuses 77 login
says "disabled"
user add eve@example.com --password-file eve.password >again
[ "$(jq -r .user again)" != "$(jq -r .user removed)" ]
