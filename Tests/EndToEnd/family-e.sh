#!/bin/sh
# Family E, private by default: a message for somebody who is away lies at the relay under two layers,
# is told of without content, is got once and is then gone; in strict mode nothing is stored at all;
# what nobody gets is forgotten in time.
. "$(dirname "$0")/lib.sh"
needs python3 curl
python3 -c 'import socketio' 2>/dev/null || needs python-socketio

# Neither the relay's files nor what the hooks heard has anything of what was sent.
search() {
    [ -s ciphertexts ] || fail "there is nothing to look for"
    for file in relay.db* relay.log heard; do
        ! grep -qFf ciphertexts "$file" || fail "$file has something of what was sent"
    done
    hold_none planted relay.db* relay.log heard
}

for transport in polling websocket; do
    rm -f relay.db* jwt-secret store-keys heard ciphertexts
    for part in life cleanup; do
        retention=6h
        [ "$part" = life ] || retention=2s
        start_relay --retention "$retention" --notify-exec 'cat >>heard'
        python3 "$ROOT/Tests/EndToEnd/family-e.py" "$transport" "$part"
        search
        stop_relay
        search
    done
done
