#!/bin/sh
# A stock Socket.IO client receives what sendmsg sent, and sends what recvmsg | decrypt opens, over
# polling and over WebSocket.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq python3
python3 -c 'import socketio, requests, cryptography' 2>import.log || {
    echo "PyPI's python-socketio is not installed"
    exit 77
}

start_relay "$@"
join alice bob
stock() { python3 "$ROOT/Tests/EndToEnd/stock_message.py" "$@"; }
other() { python3 "$ROOT/Tests/EndToEnd/parley_envelope.py" "$@"; }
keygen -o carol.key --name carol >carol.pub
(umask 077 && echo "correct horse carol" >carol.password)
set -- --email carol@example.com --password-file carol.password

register=--register
for transport in polling websocket; do
    # The stock client seals with the independent implementation and sends; ours receive and open.
    echo "by $transport from a stock client" | other seal --from carol.key --to bob.pub --seq "$(date +%s%N | cut -c 1-15)" >line
    stock send "$@" ${register:+"$register"} --transport $transport --to bob@example.com <line >sent
    register=
    jq -e '.event == "message:sent" and .success' sent >checked
    as bob recvmsg --once >got
    # A JSON library of the client's own wrote it, so its members are compared, not its bytes.
    jq -S . line >a && jq -S . got | cmp - a
    [ "$(as bob decrypt -i bob.key -r carol.pub <got)" = "by $transport from a stock client" ]

    # Ours seal and send; the stock client receives, whether it was there or comes later.
    echo "by $transport to a stock client" | as alice encrypt -i alice.key -r carol.pub |
        as alice sendmsg --to carol@example.com >receipt
    stock receive "$@" --transport $transport | other open --key carol.key --from alice.pub >heard
    [ "$(cat heard)" = "by $transport to a stock client" ]
    stock receive "$@" --transport $transport >line &
    echo "at once by $transport" | as alice encrypt -i alice.key -r carol.pub |
        as alice sendmsg --to carol@example.com --wait delivered >receipt
    wait $!
    [ "$(jq -r .status receipt)" = delivered ] || fail "$(cat receipt)"
    [ "$(decrypt -i carol.key -r alice.pub <line)" = "at once by $transport" ]
done
