"""Carries envelopes as any client on the stock python-socketio would: it knows family C and no more.

    stock_message.py send --to USER <envelopes      emits each line's fields as send_message
    stock_message.py receive [--count N]            prints what receive_message brings, a line each

Both log in by REST, and register first with --register. The relay is in $PARLEY_RELAY.
"""
import argparse, json, os, queue, sys

import requests
import socketio

ask = argparse.ArgumentParser()
ask.add_argument("action", choices=["send", "receive"])
ask.add_argument("--to")
ask.add_argument("--count", type=int, default=1)
ask.add_argument("--email", required=True)
ask.add_argument("--password-file", required=True)
ask.add_argument("--register", action="store_true")
ask.add_argument("--transport", choices=["polling", "websocket"], default="websocket")
ask = ask.parse_args()
relay, patience = os.environ["PARLEY_RELAY"], 30
with open(ask.password_file, encoding="utf-8") as file:
    account = {"email": ask.email, "password": file.readline().rstrip("\n")}
if ask.register:
    answer = requests.post(f"{relay}/api/auth/register", json={"name": ask.email.split("@")[0], **account}, timeout=patience)
    assert answer.status_code == 201, answer.text
answer = requests.post(f"{relay}/api/auth/login", json=account, timeout=patience)
assert answer.status_code == 200, answer.text

events = queue.Queue()
client = socketio.Client(reconnection=False)
for name in ["message:sent", "message:error", "receive_message"]:
    client.on(name, lambda data, name=name: events.put((name, data)))
client.connect(relay, auth={"token": answer.json()["token"]}, transports=[ask.transport], wait_timeout=patience)

if ask.action == "send":
    for line in sys.stdin:
        envelope = json.loads(line)
        client.emit("send_message", {"recipientId": ask.to, "messageType": "text", "messageId": envelope["id"], **envelope})
        name, data = events.get(timeout=patience)
        print(json.dumps({"event": name, **data}), flush=True)
        if name != "message:sent":
            sys.exit(1)
else:
    for _ in range(ask.count):
        name, data = events.get(timeout=patience)
        assert name == "receive_message", (name, data)
        # With an acknowledgement, since what is only emitted may be lost in the client's own disconnect.
        client.call("message:delivered", {"messageId": data["messageId"], "senderId": data["senderId"]}, timeout=patience)
        for member in ["senderId", "senderUsername", "messageId", "messageType", "timestamp"]:
            del data[member]
        print(json.dumps(data), flush=True)
# Not disconnect(): over polling it waits for the next ping, because its last packet may not leave.
sys.stdout.flush()
os._exit(0)
