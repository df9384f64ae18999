#!/bin/sh
# Behind a proxy: whom a guesser locks out, with --trusted-proxy and without; and a SIGHUP that has
# nothing to read leaves the relay as it is.
. "$(dirname "$0")/lib.sh"
needs curl jq

# login EMAIL PASSWORD [OPTION]...: the status of such a login.
login() {
    jq -n --arg email "$1" --arg password "$2" '{email: $email, password: $password}' >login.json
    shift 2
    curl -s -o answer -w '%{http_code}' -d @login.json "$@" "$PARLEY_RELAY/api/auth/login"
}
# guess COUNT [OPTION]...: the statuses of guesses for as many accounts.
guess() {
    count=$1
    shift
    for number in $(seq "$count"); do
        login "u$number@example.com" wrong "$@"
        echo
    done | sort | uniq -c | tr -s ' ' | sed 's/^ //'
}
start_relay -v --limit failuresPerAddress=5 --limit secondsPerFailure=1000
printf 'correct horse 1\n' >password
chmod 600 password
signal-relay user add --db relay.db ann@example.com --password-file password >added
[ "$(guess 8 -H 'X-Forwarded-For: 192.0.2.7')" = "8 401" ] || fail "a guesser is locked out"
[ "$(login ann@example.com 'correct horse 1')" = 200 ] || fail "and takes all others along"
if grep -q 192.0.2.7 relay.log; then fail "a header was believed"; fi
kill -HUP "$relay_pid"
await "SIGHUP is ignored" relay.log
[ "$(login ann@example.com 'correct horse 1')" = 200 ] || fail "SIGHUP ended something"
stop_relay

start_relay -v --trusted-proxy 127.0.0.1 --limit failuresPerAddress=5 --limit secondsPerFailure=1000
[ "$(guess 8 -H 'X-Forwarded-For: 198.51.100.1, 192.0.2.7')" = "5 401
3 429" ] || fail "the guesser is not locked out"
grep -q "too many failures from 192.0.2.7" relay.log || fail "the log has another address"
if grep -q 198.51.100.1 relay.log; then fail "the client's own entry was believed"; fi
[ "$(guess 1 -H 'Forwarded: for=192.0.2.7')" = "1 429" ] || fail "Forwarded is not read"
[ "$(login ann@example.com 'correct horse 1' -H 'X-Forwarded-For: 192.0.2.8')" = 200 ] ||
    fail "another client is locked out"
curl -s "$PARLEY_RELAY/metrics" | grep -q '^parley_relay_lockouts_total{of="address"} 1$'
stop_relay
refuses 64 signal-relay --db relay.db --trusted-proxy nowhere
says '--trusted-proxy cannot be "nowhere"'
