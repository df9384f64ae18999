#!/bin/sh
# check: what is wrong with the options, the environment and the files, before a relay is started; and
# the limits, which are all options.
. "$(dirname "$0")/lib.sh"
needs curl jq openssl

# finds STATUS SEVERITY SUBJECT [OPTION]...: check ends so, with such a finding.
finds() {
    want=$1 severity=$2 subject=$3
    shift 3
    status=0
    signal-relay check "$@" >findings 2>stderr || status=$?
    [ "$status" -eq "$want" ] || fail "check $*: status $status: $(cat findings stderr)"
    jq -es --arg severity "$severity" --arg subject "$subject" \
        'any(.[]; .type == "finding" and .severity == $severity and .subject == $subject)' \
        findings >any || fail "check $*: no $severity of $subject: $(cat findings)"
}
umask 077
finds 0 ok options --db relay.db
[ ! -e relay.db ] && [ ! -e jwt-secret ]
finds 0 warning --listen --db relay.db --listen 0.0.0.0:3333
finds 0 warning --cors --db relay.db --cors '*'
finds 0 warning --metrics --db relay.db --metrics 0.0.0.0:9100
finds 1 error options --db relay.db --listen nowhere
finds 1 error options --db relay.db --limit none=1
finds 1 error options --db relay.db --tls-cert chain.pem

# The variables of the families' operators.
export JWT_SECRET=PLANTED
finds 1 error JWT_SECRET --db relay.db
if grep -q PLANTED findings; then fail "what must not be is there"; fi
export JWT_SECRET=0123456789abcdef0123456789abcdef
finds 0 ok JWT_SECRET --db relay.db
# The option goes before the environment.
head -c 32 /dev/urandom | base64 >named
finds 0 warning JWT_SECRET --db relay.db --jwt-secret-file named
finds 0 ok named --db relay.db --jwt-secret-file named
unset JWT_SECRET
ENCRYPTION_KEY=0123456789abcdef0123456789abcdef finds 0 warning ENCRYPTION_KEY --db relay.db
ENCRYPTION_KEY=short finds 0 warning ENCRYPTION_KEY --db relay.db
SOCKET_PORT=70000 finds 1 error options --db relay.db
PORT=x finds 1 error options --db relay.db
SOCKET_CORS_ORIGIN='*' finds 0 warning --cors --db relay.db
for url in stun:stun.example.org:3478 stun:192.0.2.1 'stun:[2001:db8::1]:3478'; do
    STUN_SERVER=$url finds 0 ok STUN_SERVER --db relay.db
done
for url in stun.example.org stun: http://x stun:a:b stun:a:0 turn:a:3478; do
    STUN_SERVER=$url finds 0 warning STUN_SERVER --db relay.db
done
TURN_SERVER=turn:turn.example.org:3478 finds 0 warning TURN_SERVER --db relay.db
TURN_SERVER=turn:turn.example.org:3478 TURN_USERNAME=u finds 0 warning TURN_USERNAME --db relay.db
TURN_SERVER=turns:turn.example.org TURN_USERNAME=u TURN_PASSWORD=PLANTED \
    finds 0 ok TURN_SERVER --db relay.db
if grep -q PLANTED findings; then fail "what must not be is there"; fi
# Certificates: good, soon over, over, of another key, none.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" \
        -out "$1.pem" -days "$2" -subj "/CN=$1" 2>>openssl.log
}
certificate good 90
certificate soon 3
finds 0 ok good.pem --db relay.db --tls-cert good.pem --tls-key good.key
finds 0 warning soon.pem --db relay.db --tls-cert soon.pem --tls-key soon.key
finds 1 error good.pem --db relay.db --tls-cert good.pem --tls-key soon.key
jq -es 'any(.[]; .subject == "good.pem" and (.message | contains("soon.key")))' findings >any ||
    fail "the key is not named: $(cat findings)"
finds 1 error good.pem --db relay.db --tls-cert good.pem --tls-key good.pem
finds 1 error openssl.log --db relay.db --tls-cert openssl.log --tls-key good.key
cp good.key open.key
chmod 644 open.key
finds 1 error open.key --db relay.db --tls-cert good.pem --tls-key open.key
finds 1 error none.pem --db relay.db --tls-cert none.pem --tls-key good.key
openssl x509 -in good.pem -noout -enddate >/dev/null
openssl req -new -key good.key -subj /CN=old -out old.csr
mkdir -p ca && : >ca/index && echo 01 >ca/serial
printf '%s\n' '[ca]' 'default_ca = a' '[a]' 'database = ca/index' 'serial = ca/serial' \
    'new_certs_dir = ca' 'default_md = sha256' 'policy = p' '[p]' 'commonName = supplied' >ca.cnf
openssl ca -config ca.cnf -batch -selfsign -keyfile good.key -in old.csr -out old.pem \
    -startdate 20200101000000Z -enddate 20210101000000Z 2>>openssl.log
finds 1 error old.pem --db relay.db --tls-cert old.pem --tls-key good.key

# Files: the modes, the database, the keys; while a relay runs and after.
start_relay
finds 0 ok relay.db.control --db relay.db
stop_relay
finds 0 ok relay.db --db relay.db
grep -qE 'keys of (1 hour|[02-9] hours)"' findings
chmod 644 relay.db
finds 0 warning relay.db --db relay.db
chmod 600 relay.db
chmod 644 jwt-secret
finds 1 error jwt-secret --db relay.db
chmod 600 jwt-secret
printf 'x' >store-keys
finds 1 error store-keys --db relay.db
rm store-keys
size=$(stat -c %s relay.db)
dd if=/dev/urandom of=relay.db bs=1 seek=4096 count=$((size - 4096)) conv=notrunc 2>/dev/null
finds 1 error relay.db --db relay.db
jq -es 'all(.[]; .message | contains("\n") | not)' findings >any || fail "not one line: $(cat findings)"
refuses 65 signal-relay user list --db relay.db
if grep -qF '\u{' stderr; then fail "escapes: $(cat stderr)"; fi
rm -f relay.db*

# Every limit of the relay is one that can be set.
signal-relay --limits >limits
sed -n 's/^    public var \([A-Za-z]*\) = .*/\1/p' "$ROOT/Sources/Relay/Limits.swift" >names
while read -r name; do
    case $name in
    history | recoversByDefault | recoveryTime) continue ;; # they have options of their own
    esac
    jq -es --arg name "$name" 'any(.[]; .name == $name)' limits >any || fail "no limit $name"
done <names
jq -r '"\(.name)=\(.value)"' limits | while read -r limit; do
    signal-relay --limits --limit "$limit" >again || fail "$limit"
    same limits again
done
[ "$(PARLEY_RELAY_LIMITS='pingInterval=2s, messageBytes=3MiB' signal-relay --limits \
    --limit pingInterval=1500ms | jq -r 'select(.value != .default) | "\(.name) \(.value)"')" = \
    "pingInterval 1500ms
messageBytes 3145728" ] || fail "limits of the environment"
# Each one that the manual gives as an example is there, and a wrong one is told from it.
grep -rhoE -- '[a-z][A-Za-z]+=[0-9][A-Za-z0-9]*' "$ROOT/Man/signal-relay.1" "$ROOT/README.md" \
    "$ROOT"/Completions/*/*signal-relay* | sort -u >examples
grep -q '^pingInterval=' examples
while read -r example; do
    signal-relay --limits --limit "$example" >again || fail "the example $example"
done <examples
refuses 64 signal-relay --limit pingIntervall=20s
says 'there is no limit "pingIntervall": did you mean pingInterval'
refuses 64 signal-relay --limit maxPayload=4MiB
says 'there is no limit "maxPayload"'
refuses 64 signal-relay --limit pingInterval=-1
refuses 64 signal-relay --limit pingInterval
refuses 64 signal-relay --limit connectionsPerUser=0
refuses 64 signal-relay --log-retention 1s
start_relay --limit pingInterval=1234ms --limit messageBytes=77777
curl -s "$PARLEY_RELAY/socket.io/?EIO=4&transport=polling" >open
grep -q '"pingInterval":1234' open
grep -q '"maxPayload":77777' open
