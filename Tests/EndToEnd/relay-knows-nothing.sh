#!/bin/sh
# Nothing that a user typed, no key, no password and no token is found in what the relay keeps
# or logs, nor in its memory.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq python3

mkdir kept
XDG_STATE_HOME=$PWD/kept/state start_relay --db kept/relay.db -v -v
join alice bob
marker=Zanzibar-$(head -c 6 /dev/urandom | od -An -tx1 | tr -d ' \n')
# One message is fetched, one stays in the queue, one is sent under a passphrase.
for text in "$marker-fetched" "$marker-waiting"; do
    echo "$text" | seal | tee -a sealed | as alice sendmsg --to bob@example.com >receipt
done
as bob recvmsg --once | unseal | grep -qx "$marker-fetched"
(umask 077 && echo "$marker-passphrase" >phrase)
echo "$marker-sealed" | encrypt --passphrase-file phrase | as alice sendmsg --to bob@example.com >receipt

# Every secret there is: texts, key files, passwords, tokens and refresh tokens of both.
{
    echo "$marker"
    for who in alice bob; do
        grep -v '^#' $who.key
        cat $who.password
        as $who relay-login --show-token
        find "$who/config" -type f -exec cat {} + | jq -r '.. | strings | select(length > 24 and (test("^http|@") | not))' 2>jq.log || true
    done
} | sort -u >secrets
[ "$(wc -l <secrets)" -ge 8 ] || fail "too few secrets to look for: $(wc -l <secrets)"

# The database while it is open, its write-ahead log, key files apart, and the log.
search() {
    found=$(grep -raoFf secrets "$@" | cut -c 1-100 || true)
    [ -z "$found" ] || fail "found at the relay: $found"
}
# A token in the place of a path, of a part of one, and of a method is refused and not written down.
token=$(as alice relay-login --show-token)
for path in "$token" "api/v1/groups/$token"; do
    curl -s -H "Authorization: Bearer $token" "$PARLEY_RELAY/$path" -o /dev/null
done
curl -s -X "$token" "$PARLEY_RELAY/api/auth/me" -o /dev/null
grep -qF "refused the request GET /api/v1/groups/{id} of 127.0.0.1: notFound" relay.log ||
    fail "the log does not say what was refused: $(grep 'the request' relay.log)"
# The store's own keys and the token's secret are the relay's; they must not lie in its database.
find kept -type f >files
grep -q 'relay.db-wal$' files || fail "no write-ahead log was searched: $(cat files)"
search kept relay.log relay.out
# Its memory: whatever passed through is gone from there too, also what the last answer said. It does
# know who its users are.
curl -sf -H 'Content-Type: application/json' "http://127.0.0.1:$relay_port/api/auth/register" \
    -d "{\"name\":\"carol\",\"email\":\"carol@example.com\",\"password\":\"$marker-typed\"}" >carol.json
curl -sf -X POST -H "Authorization: Bearer $(jq -r .token carol.json)" \
    "http://127.0.0.1:$relay_port/api/auth/2fa/enable" >carol.2fa
jq -r '.token, .refresh_token' carol.json >>secrets
jq -r '.secret, .recovery_codes[]' carol.2fa >>secrets
[ "$(grep -c . secrets)" -ge 18 ] ||
    fail "too few secrets to look for: $(wc -l <secrets)"
python3 "$ROOT/Tests/EndToEnd/memory_image.py" "$relay_pid" image >image.size
jq -r .ciphertext sealed >>secrets
grep -qaF alice@example.com image || fail "the image of $(cat image.size) bytes holds nothing"
search image
stop_relay
search kept relay.log
# A dump of what the search can find, so that it cannot pass by finding nothing at all.
echo "x $marker-x" >planted
if (search planted) 2>planted.log; then fail "the search finds nothing"; fi
