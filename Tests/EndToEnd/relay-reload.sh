#!/bin/sh
# SIGHUP: the relay shows new clients its new certificate; one that cannot be used leaves the old as it
# is. TLS before 1.2 is not spoken.
. "$(dirname "$0")/lib.sh"
needs curl openssl

# certificate NAME: NAME.pem and NAME.key, which sign themselves.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" \
        -out "$1.pem" -days 2 -subj "/CN=$1" -addext subjectAltName=IP:127.0.0.1 2>>openssl.log
}
umask 077
certificate first
certificate second
cp first.pem chain.pem
cp first.key key.pem
signal-relay --listen 127.0.0.1:0 --db relay.db --tls-cert chain.pem --tls-key key.pem \
    >relay.out 2>relay.log &
relay_pid=$!
eventually listens

# shown: the subject of the certificate that a new client is shown.
shown() {
    openssl s_client -connect "127.0.0.1:$relay_port" </dev/null 2>/dev/null |
        sed -n 's/^subject=.*CN *= *//p'
}
# reloads WORDS: SIGHUP, until the log has one line more with these words.
reloads() {
    before=$(grep -c "$1" relay.log || true)
    kill -HUP "$relay_pid"
    eventually says_again "$1"
}
says_again() { [ "$(grep -c "$1" relay.log)" -gt "$before" ]; }
[ "$(shown)" = first ]

# A connection that is open goes on over a change.
python3 - "$relay_port" <<'END' &
import socket, ssl, sys, time, pathlib
context = ssl._create_unverified_context()
s = context.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1]))))
def ask():
    s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert s.recv(4096).startswith(b"HTTP/1.1 200")
ask()
pathlib.Path("asked").touch()
while not pathlib.Path("changed").exists():
    time.sleep(0.05)
ask()
END
client=$!
eventually [ -e asked ]
cp second.pem chain.pem
cp second.key key.pem
reloads "the certificate was read again"
[ "$(shown)" = second ]
touch changed
wait $client

# A key of another certificate, no certificate, no file, a key that others can read.
cp first.key key.pem
reloads "the old certificate is kept"
cp second.key key.pem
echo nonsense >chain.pem
reloads "the old certificate is kept"
rm chain.pem
reloads "the old certificate is kept"
cp second.pem chain.pem
chmod 644 key.pem
reloads "the old certificate is kept"
[ "$(shown)" = second ]
chmod 600 key.pem
cp first.pem chain.pem
cp first.key key.pem
reloads "the certificate was read again"
[ "$(shown)" = first ]

for version in -tls1_2 -tls1_3; do
    openssl s_client -connect "127.0.0.1:$relay_port" $version </dev/null >/dev/null 2>&1 ||
        fail "does not speak $version"
done
for version in -tls1 -tls1_1; do
    ! openssl s_client -connect "127.0.0.1:$relay_port" $version -cipher 'ALL:@SECLEVEL=0' \
        </dev/null >/dev/null 2>&1 || fail "speaks $version"
done
