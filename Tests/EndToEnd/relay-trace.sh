#!/bin/sh
# --trace: every packet as a line, with nothing of what it says; decode: what pasted frames say.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq python3
python3 -c 'import socketio' 2>/dev/null || needs python-socketio

start_relay --trace trace.jsonl
join alice bob
(umask 077 && echo "PLANTED password" >stock.password)
python3 "$ROOT/Tests/EndToEnd/stock_message.py" receive --register --email carol@example.com \
    --password-file stock.password --transport polling >received &
receiving=$!
is_polling() {
    jq -e 'select(.transport == "polling" and .type == "connect" and .direction == "out")' \
        trace.jsonl >connected 2>/dev/null && [ -s connected ]
}
eventually is_polling
seq 3 | seal | head -n 1 | as alice sendmsg --to carol@example.com >receipts
wait $receiving
stop_relay

[ "$(stat -c %a trace.jsonl)" = 600 ]
jq -es 'all(.[]; has("at") and (.direction | IN("in", "out")) and (.connection | type) == "number"
    and (.transport | IN("polling", "websocket")) and .byteCount > 0 and .engine != "malformed")' \
    trace.jsonl >all
# has FILTER: a packet like that passed.
has() {
    jq -es "any(.[]; $1)" trace.jsonl >any || fail "no packet with $1: $(cat trace.jsonl)"
}
has '.direction == "in" and .event == "send_message" and .contentByteCount > 100 and .namespace == "/"'
has '.direction == "out" and .event == "receive_message" and .transport == "polling"'
has '.direction == "out" and .event == "message:sent"'
has '.direction == "in" and .event == "message:delivered" and .ack >= 0'
has '.direction == "out" and .type == "ack"'
has '.engine == "open" and .direction == "out"'
has '.type == "connect" and .direction == "in"'
# No line has another member, and none a token, a text, an id of a session.
[ "$(jq -s '[.[] | keys[]] | unique - ["ack", "at", "attachments", "byteCount", "connection",
    "contentByteCount", "direction", "engine", "event", "namespace", "transport", "type"]' \
    -c trace.jsonl)" = "[]" ]
ciphertext=$(jq -r .ciphertext received)
for secret in eyJ "$ciphertext" "$(jq -r .id received)" token sid example.com; do
    ! grep -qF "$secret" trace.jsonl || fail "the trace has $secret"
done

# A file that others can read is refused, and so is one that is none.
chmod 644 trace.jsonl
refuses 77 signal-relay --listen 127.0.0.1:0 --db relay.db --trace trace.jsonl
refuses 73 signal-relay --listen 127.0.0.1:0 --db relay.db --trace /dev/full

# decode LINE: the packets of a pasted line.
decode() { printf '%s\n' "$1" | signal-relay decode; }
# gives LINE FILTER: that is true of the packets, as an array.
gives() {
    decode "$1" | jq -es "$2" >decoded || fail "decode $1: $(decode "$1")"
}
gives '42["ev",{"a":[1]},2]' '.[0] | .engine == "message" and .type == "event" and .event == "ev"
    and .arguments == [{"a": [1]}, 2] and .line == 1'
gives '42/calls,7["ev"]' '.[0] | .namespace == "/calls" and .ack == 7 and .arguments == []'
gives '437[{"success":true}]' '.[0] | .type == "ack" and .ack == 7'
gives '2["ev"]' '.[0].event == "ev"'
gives '2probe' '.[0] | .engine == "ping" and .isProbe'
gives '40{"token":"PLANTED"}' '.[0] | .type == "connect" and .members == ["token"]'
gives '0{"sid":"PLANTED","pingInterval":25000}' '.[0].handshake.pingInterval == 25000'
gives '44{"message":"no"}' '.[0].error.message == "no"'
gives '451-["f",{"_placeholder":true,"num":0}]' '.[0] | .type == "binaryEvent" and .attachments == 1'
# shellcheck disable=SC1003
gives '42["a"]\x1e2\x1ebAQID' 'length == 3 and .[2].bytes == "AQID"'
gives "$(printf '42["a"]\03642["b"]')" '[.[].event] == ["a", "b"]'
gives '34325b2261225d' '.[0].event == "a"'
gives '34 32 5B 22 61 22 5D' '.[0].event == "a"'
gives 'NDJbImEiXQ==' '.[0].event == "a"'
# A frame as it went over the wire, masked with 01020304.
gives '8187 01020304 3530582660205e' '.[0].event == "a"'
gives 'ff00ff00' '.[0] | .engine == "binary" and .byteCount == 4'
if decode '40{"token":"PLANTED"}' | grep -q PLANTED; then fail "what must not be is there"; fi
printf '42["a"]\nwhat?\n\n3\n' >pasted
status=0
signal-relay decode <pasted >decoded 2>stderr || status=$?
[ "$status" -eq 65 ]
grep -q "line 2: " stderr
[ "$(wc -l <decoded)" -eq 2 ]
for none in '42' '9' '42{}' '42["a"' '40x' '7["a"]' 'hello, world'; do
    ! decode "$none" >decoded 2>stderr || fail "$none is no frame: $(cat decoded)"
done
