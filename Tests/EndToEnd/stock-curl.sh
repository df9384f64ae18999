#!/bin/sh
# curl is client enough: REST and polling on one kept connection, HEAD, and a browser's preflight.
. "$(dirname "$0")/lib.sh"
needs curl jq

start_relay --cors https://chat.example
api() {
    path=$1
    shift
    curl -sS --fail-with-body --max-time 10 "$@" "$PARLEY_RELAY$path"
}
json='Content-Type: application/json'
me='{"name":"alice","email":"alice@example.com","password":"correct horse"}'
api /api/auth/register -H "$json" -d "$me" >registered
token=$(api /api/auth/login -H "$json" -d "$me" | jq -r .token)

# Many requests, one connection.
for _ in 1 2 3 4 5; do
    printf 'url = "%s/api/auth/me"\noutput = me\n' "$PARLEY_RELAY"
done >requests
curl -sS --fail -K requests -H "Authorization: Bearer $token" -w '%{num_connects}\n' >connects
[ "$(tr -d '\n' <connects)" = 10000 ] || fail "connections: $(cat connects)"
[ "$(jq -r .user.email me)" = alice@example.com ]
[ "$(api /healthz --http1.0)" = '{"status":"ok"}' ]

# HEAD says what GET does, without the body.
api /healthz -I | tr -d '\r' >heading
grep -q '^HTTP/1.1 200 OK$' heading || fail "$(cat heading)"
grep -qi '^content-length: 15$' heading || fail "$(cat heading)"

# A browser asks before it sends; a page of another site hears no.
api /api/auth/login -X OPTIONS -H 'Origin: https://chat.example' \
    -H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: content-type' \
    -D preflight >body
[ ! -s body ] || fail "a body: $(cat body)"
tr -d '\r' <preflight | grep -qi '^access-control-allow-origin: https://chat.example$'
grep -qi '^access-control-allow-headers:.*Content-Type' preflight
status() { curl -s -o answer -w '%{http_code}' --max-time 10 "$@"; }
[ "$(status -X OPTIONS "$PARLEY_RELAY/api/auth/login" -H 'Origin: https://evil.example' \
    -H 'Access-Control-Request-Method: POST')" = 403 ]

# Polling by hand, on a connection kept as well.
polling="$PARLEY_RELAY/socket.io/?EIO=4&transport=polling"
sid=$(curl -s "$polling" | cut -c 2- | jq -r .sid)
[ "$(curl -s "$polling&sid=$sid" -d "40{\"token\":\"$token\"}")" = ok ]
curl -s "$polling&sid=$sid" | cut -c 3- | jq -e .sid >/dev/null
id=$(jq -r .user._id registered)
# Two packets in one body, one answer with what both bring.
printf '42["typing:start",{"recipientId":"%s"}]\036421["typing:stop",{"recipientId":"%s"}]' \
    "$id" "$id" >packets
[ "$(curl -s "$polling&sid=$sid" --data-binary @packets)" = ok ]
curl -s "$polling&sid=$sid" | tr '\036' '\n' >answers
[ "$(grep -c typing:user answers)" = 2 ] || fail "$(cat answers)"
[ "$(status "$polling&sid=$sid" -X PUT -d x)" = 400 ]
[ "$(status "$polling&sid=$sid" -d 1)" = 200 ]
[ "$(status "$polling&sid=$sid")" = 400 ]
[ "$(jq -r .message answer)" = "Session ID unknown" ]
