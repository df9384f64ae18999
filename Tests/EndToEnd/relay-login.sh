#!/bin/sh
# relay-login keeps tokens private and good, and says why it has none.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq

start_relay "$@"
join bob
login() { as bob relay-login "$@"; }

[ -z "$(find bob/config/parley/relays -type f ! -perm 600)" ]
login --status >status
[ "$(jq -r .email status)" = bob@example.com ]
token=$(login --show-token)
curl -sf -H "Authorization: Bearer $token" "$PARLEY_RELAY/api/auth/me" | jq -e .user._id >/dev/null

# With one login the relay need not be named.
relay=$PARLEY_RELAY
unset PARLEY_RELAY
login --status | cmp - status
export PARLEY_RELAY="$relay"

(umask 077 && echo wrong-password >wrong)
refuses 77 login --email bob@example.com --password-file wrong
says "with this password: check both, or make an account with --register"
refuses 1 login --register --email bob@example.com --password-file wrong
says "refused: an account with this email exists already: log in to it without --register"
cp bob.password open
chmod 644 open
refuses 77 login --email bob@example.com --password-file open
says "chmod 600"
refuses 64 login
refuses 64 setsid -w sh -c "$(command -v relay-login) --email bob@example.com"
says "no terminal to ask for the password for bob@example.com on: give --password-file"
refuses 64 login --status --logout
for code in abc 12345 1234567 12345x ''; do
    refuses 64 login --email bob@example.com --password-file bob.password --otp "$code"
    says "six digits"
done
refuses 64 login --relay relay.example --status
refuses 69 login --relay http://127.0.0.1:1 --email bob@example.com --password-file bob.password

# It waits as long as it is told.
kill -STOP "$relay_pid"
refuses 75 login --status --timeout 300ms
says "waited 300 ms for an answer"
kill -CONT "$relay_pid"

# A login that others can read is refused like a key.
account=$(find bob/config/parley/relays -name '*.json')
chmod 644 "$account"
refuses 77 login --status
says "chmod 600"
echo | refuses 77 as bob sendmsg --to bob@example.com
refuses 77 as bob recvmsg --once
chmod 600 "$account"

# A token that the relay takes no more is renewed, as by sendmsg; and one that cannot be is no login.
curl -sf -X POST -H "Authorization: Bearer $token" "$PARLEY_RELAY/api/auth/logout" >/dev/null
refuses 77 login --status
says "does not accept the login any more: run relay-login"
login --email bob@example.com --password-file bob.password -q
jq -c '.token = "none"' "$account" >changed
cat changed >"$account"
login --status | jq -e .email >/dev/null
[ "$(login --show-token)" != none ]

# A damaged login is told as that, also where it is the only one and the relay is not named; logging in
# or out mends it.
cp "$account" whole
unset PARLEY_RELAY
# damage BYTES: so many are left of the file.
damage() { (umask 077 && head -c "$1" whole >"$account"); }
for size in 0 20; do
    damage "$size"
    refuses 65 login --status
    says "\"$PWD/$account\" is not a file of relay-login: run relay-login"
    echo | refuses 65 as bob sendmsg --to bob@example.com
    refuses 65 as bob recvmsg --once
    login --email bob@example.com --password-file bob.password -q
    login --status -q
    damage "$size"
    login --logout 2>stderr
    says "the relay cannot be told"
    [ ! -e "$account" ] || fail "the damaged login is still there"
    refuses 64 login --status
done
export PARLEY_RELAY="$relay"
damage "$(wc -c <whole)"

# An account is not made where its login cannot be kept.
: >blocked
for _ in 1 2; do
    refuses 73 env XDG_CONFIG_HOME="$PWD/blocked" relay-login --register \
        --email carol@example.com --password-file bob.password
    says "cannot create \"$PWD/blocked"
done
as carol relay-login --register --email carol@example.com --password-file bob.password -q

login --logout -q
refuses 77 login --status
status=$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" \
    "$PARLEY_RELAY/api/auth/me")
[ "$status" = 200 ] || [ "$status" = 401 ]
