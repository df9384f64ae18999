#!/bin/sh
# A relay lets web pages of the origins connect that it is given, and takes nothing else for one.
. "$(dirname "$0")/lib.sh"
needs curl

for origin in nonsense chat.example https:// https://chat.example/ https://chat.example/page \
    'https://*.example' https://chat.example:port "https://chat.example,nonsense" 'https://[::g]'; do
    refuses 64 signal-relay --listen 127.0.0.1:0 --db none.db --cors "$origin"
    says "which is not the origin of a web page: write it as in https://chat.example"
    SOCKET_CORS_ORIGIN=$origin refuses 64 signal-relay --listen 127.0.0.1:0 --db none.db
done

# allows ORIGIN: pages of this origin may ask.
allows() {
    [ "$(curl -s -o body -w '%{http_code}' -X OPTIONS -H "Origin: $1" \
        -H 'Access-Control-Request-Method: POST' "$PARLEY_RELAY/api/auth/login")" = 204 ]
}
export SOCKET_CORS_ORIGIN="http://localhost:3000, capacitor://localhost"
start_relay --cors https://Chat.example:443 --cors "http://[::1]:8080,https://other.example"
for origin in https://chat.example 'http://[::1]:8080' https://other.example \
    http://localhost:3000 capacitor://localhost; do
    allows "$origin" || fail "$origin is not let in"
done
! allows https://evil.example || fail "any page is let in"
stop_relay
SOCKET_CORS_ORIGIN="" start_relay --cors '*'
allows https://evil.example
