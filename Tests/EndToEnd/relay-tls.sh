#!/bin/sh
# The relay over TLS: with an authority that the user trusts all works; a certificate that proves
# nothing, or another name, is refused before anything is sent.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq openssl

# certificate NAME SUBJECT-ALTERNATIVE-NAME: NAME.pem and NAME.key, signed by the authority.
certificate() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" \
        -out "$1.csr" -subj "/CN=$1"
    printf 'subjectAltName=%s\nbasicConstraints=CA:FALSE\n' "$2" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA authority.pem -CAkey authority.key -CAcreateserial \
        -days 2 -extfile "$1.ext" -out "$1.pem"
}
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout authority.key \
    -out authority.pem -days 2 -subj "/CN=test authority" 2>openssl.log
certificate relay DNS:localhost,IP:127.0.0.1 2>>openssl.log
certificate other DNS:relay.example 2>>openssl.log

# start CERTIFICATE: a relay with it. curl is told whom to trust, or start_relay would wait.
start() {
    signal-relay --listen "127.0.0.1:${relay_port:-0}" --db relay.db --tls-cert "$1.pem" \
        --tls-key "$1.key" >relay.out 2>>relay.log &
    relay_pid=$!
    eventually listens
    export PARLEY_RELAY="https://localhost:$relay_port"
}

start relay
export SSL_CERT_FILE="$PWD/authority.pem"
[ "$(curl -sf --cacert authority.pem "$PARLEY_RELAY/healthz" | jq -r .status)" = ok ]
join alice bob
seq 300 | seal >sealed
as bob recvmsg --count 300 >got &
receiving=$!
as alice sendmsg --to bob@example.com <sealed >receipts
[ "$(jq -r .status receipts | sort -u)" = stored ]
wait $receiving
same got sealed
as alice relay-login --status -q

# The numeric address is in the certificate too.
address=$PARLEY_RELAY
PARLEY_RELAY=https://127.0.0.1:$relay_port as alice relay-login -q --email alice@example.com \
    --password-file alice.password

# Without the authority nothing is said to the relay, and it is not tried again and again.
for refused in "as alice sendmsg --to bob@example.com" "as bob recvmsg --once" \
    "as alice relay-login --status" \
    "as alice relay-login --email alice@example.com --password-file alice.password"; do
    # shellcheck disable=SC2086 # They are words.
    SSL_CERT_FILE=/dev/null refuses 77 $refused <sealed
    says "the certificate of $address is not to be trusted"
    says "SSL_CERT_FILE"
    # A file that is not there, or is another, is not taken for none.
    for file in nofile bob.pub; do
        # shellcheck disable=SC2086
        SSL_CERT_FILE=$file refuses 66 $refused <sealed
        says "no authorities to trust in \"$file\""
    done
done

# Nor when the login has to be renewed: it is as good as before.
account=$(find alice/config/parley/relays -name '*localhost*.json')
payload=$(printf '{"_id":"a","iat":1,"exp":2}' | base64 -w 0 | tr '+/' '-_' | tr -d =)
jq -c --arg token "e30.$payload.AAAA" '.token = $token' "$account" >expired
cat expired >"$account"
for refused in "sendmsg --to bob@example.com" "relay-login --show-token"; do
    # shellcheck disable=SC2086
    SSL_CERT_FILE=/dev/null refuses 77 as alice $refused <sealed
    says "the certificate of $address is not to be trusted"
done
as alice relay-login --status -q

# Plain HTTP to a port of TLS, and TLS to nobody.
refuses 69 as alice relay-login --relay "http://localhost:$relay_port" --email a@example.com \
    --password-file alice.password

# A configuration of OpenSSL that leaves no cipher.
printf '%s\n' 'openssl_conf = all' '[all]' 'alg_section = algorithms' '[algorithms]' \
    'default_properties = parley=never' >no-cipher.cnf
for tool in "as alice relay-login --status" "as alice sendmsg --to bob@example.com" \
    "signal-relay --listen 127.0.0.1:0 --db none.db --tls-cert relay.pem --tls-key relay.key"; do
    # shellcheck disable=SC2086 # They are words.
    OPENSSL_CONF=$PWD/no-cipher.cnf refuses 69 $tool <sealed
    says "TLS cannot be used: library has no ciphers"
done

# Another's certificate, though of the same authority.
stop_relay
start other
refuses 77 as alice sendmsg --to bob@example.com <sealed
says "the certificate of $address is not to be trusted"
refuses 77 as bob recvmsg --once
refuses 77 as alice relay-login --status

# A relay that speaks no TLS any more.
stop_relay
start_relay "$@"
PARLEY_RELAY=$address
refuses 69 as alice relay-login --status
refuses 69 as alice sendmsg --to bob@example.com --timeout 1s <sealed
stop_relay

# Certificates that the relay cannot use.
chmod 644 relay.key
refuses 77 signal-relay --listen 127.0.0.1:0 --db relay.db --tls-cert relay.pem --tls-key relay.key
chmod 600 relay.key
refuses 65 signal-relay --listen 127.0.0.1:0 --db relay.db --tls-cert relay.pem --tls-key other.key
says 'the private key in "other.key" does not fit the certificate in "relay.pem": give the key'
refuses 66 signal-relay --listen 127.0.0.1:0 --db relay.db --tls-cert none.pem --tls-key relay.key
refuses 64 signal-relay --listen 127.0.0.1:0 --db relay.db --tls-cert relay.pem
