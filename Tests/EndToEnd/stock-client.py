"""Clients of family B (accounts) and family C (messages) on the stock python-socketio.

usage: stock-client.py polling|websocket life|leave|fetch, with the relay in $PARLEY_RELAY
"""

import json
import os
import queue
import sys
import time

import requests
import socketio

RELAY = os.environ["PARLEY_RELAY"]
TRANSPORT, PART = sys.argv[1], sys.argv[2]
PATIENCE = 10
SEALED = {"ciphertext": "planted-ciphertext", "iv": "aXY=", "tag": "dGFn", "messageType": "text"}
EVENTS = [
    "room:joined", "room:left", "room:user-ready", "room:error", "message:sent", "message:error",
    "receive_message", "typing:user", "message:delivery-confirmed", "message:read-confirmed",
    "key-exchange:sent", "key-exchange:receive", "key-exchange:error", "user:online",
    "user:offline", "error",
]


def api(method, path, body=None, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.request(
        method, RELAY + path, json=body, headers=headers, timeout=PATIENCE)


def account(name):
    """Registers and logs in; the user with tokens."""
    body = {"name": name, "email": f"{name}@Example.com", "password": f"planted-password-{name}"}
    made = api("POST", "/api/auth/register", body)
    assert made.status_code == 201, made.text
    assert api("POST", "/api/auth/register", body).status_code == 409
    login = api("POST", "/api/auth/login", body)
    assert login.status_code == 200, login.text
    me = api("GET", "/api/auth/me", token=login.json()["token"])
    assert me.json()["user"] == made.json()["user"] == login.json()["user"]
    return login.json()


class Client:
    def __init__(self, login):
        self.user = login["user"]
        self.events = {name: queue.Queue() for name in EVENTS}
        self.client = socketio.Client(reconnection=False)
        for name, events in self.events.items():
            self.client.on(name, events.put)
        self.client.connect(
            RELAY, auth={"token": login["token"]}, transports=[TRANSPORT], wait_timeout=PATIENCE)

    def emit(self, event, **fields):
        self.client.emit(event, fields)

    def next(self, event):
        return self.events[event].get(timeout=PATIENCE)

    def nothing(self, *events):
        """Nothing of these is there after a round trip."""
        self.client.call("typing:stop", {"recipientId": self.user["_id"]}, timeout=PATIENCE)
        self.next("typing:user")
        for event in events:
            assert self.events[event].empty(), (event, self.events[event].get())

    def close(self):
        self.client.disconnect()


def refused_connections(login):
    for auth in [None, {}, {"token": "x"}, {"token": login["token"][:-2]}]:
        refused = refused_by_polling if TRANSPORT == "polling" else refused_by_websocket
        assert refused(auth)["message"] == "Authentication failed"


def refused_by_websocket(auth):
    client = socketio.Client(reconnection=False)
    errors = queue.Queue()
    client.on("connect_error", errors.put)
    try:
        client.connect(RELAY, auth=auth, transports=[TRANSPORT], wait_timeout=PATIENCE)
    except socketio.exceptions.ConnectionError:
        return errors.get(timeout=PATIENCE)
    raise AssertionError("let in without a token")


def refused_by_polling(auth):
    """By hand: after a refusal the stock client waits for the next heartbeat before it goes on."""
    path = "/socket.io/?EIO=4&transport=polling"
    path += "&sid=" + json.loads(requests.get(RELAY + path, timeout=PATIENCE).text[1:])["sid"]
    packet = "40" + ("" if auth is None else json.dumps(auth))
    assert requests.post(RELAY + path, data=packet, timeout=PATIENCE).text == "ok"
    answer = requests.get(RELAY + path, timeout=PATIENCE).text
    assert answer.startswith("44"), answer
    return json.loads(answer[2:])


def life():
    alice_login, bob_login = account("alice"), account("bob")
    json.dump([alice_login, bob_login], open("session.json", "w"))
    refused_connections(alice_login)
    wrong = api("POST", "/api/auth/login", {"email": "alice@example.com", "password": "no"})
    assert wrong.status_code == 401

    alice, bob = Client(alice_login), Client(bob_login)
    a, b = alice.user["_id"], bob.user["_id"]
    room = "_".join(sorted([a, b]))

    alice.emit("join_room", recipientId=b)
    assert alice.next("room:joined") == {"roomName": room, "recipientId": b, "success": True}
    assert bob.next("room:user-ready") == {"userId": a, "username": "alice", "roomName": room}
    bob.emit("join_room", recipientId="ALICE@example.com")
    bob.next("room:joined")
    alice.next("room:user-ready")

    for sequence in range(1, 21):
        alice.emit("send_message", recipientId=b, seq=sequence, signature="c2ln", **SEALED)
    for sequence in range(1, 21):
        sent = alice.next("message:sent")
        assert sent["seq"] == sequence and sent["success"] and sent["recipientId"] == b
        got = bob.next("receive_message")
        assert got == {
            "senderId": a, "senderUsername": "alice", "messageId": sent["messageId"],
            "timestamp": sent["timestamp"], "seq": sequence, "signature": "c2ln", **SEALED}
    bob.emit("message:delivered", messageId=got["messageId"], senderId=a)
    assert alice.next("message:delivery-confirmed") == {"messageId": got["messageId"]}
    bob.emit("message:read", messageId=got["messageId"], senderId=a)
    assert alice.next("message:read-confirmed") == {"messageId": got["messageId"]}

    answer = alice.client.call(
        "send_message", {"recipientId": b, "seq": 21, **SEALED}, timeout=PATIENCE)
    assert answer["seq"] == 21 and answer["success"]
    bob.next("receive_message")
    big = "A" * 900_000
    alice.emit("send_message", recipientId=b, seq=22, **{**SEALED, "ciphertext": big})
    assert bob.next("receive_message")["ciphertext"] == big

    bob.emit("typing:start", recipientId=a)
    assert alice.next("typing:user") == {"userId": b, "username": "bob", "isTyping": True}
    bob.emit("key-exchange:send", recipientId=a, publicKey="cGs=", signature="c2ln")
    assert bob.next("key-exchange:sent") == {"recipientId": a}
    assert alice.next("key-exchange:receive") == {
        "senderId": b, "senderUsername": "bob", "publicKey": "cGs=", "signature": "c2ln"}

    alice.emit("send_message", recipientId="nobody", seq=1, **SEALED)
    assert alice.next("message:error")["code"] == "unknownUser"
    alice.emit("send_message", recipientId=b, seq="one", **SEALED)
    assert alice.next("message:error")["code"] == "badField"

    # Two devices: each gets everything, and bob is away once both are gone.
    tablet = Client(bob_login)
    alice.emit("send_message", recipientId=b, seq=23, **SEALED)
    assert bob.next("receive_message")["seq"] == tablet.next("receive_message")["seq"] == 23
    tablet.close()
    alice.nothing("user:offline", "user:online")
    bob.close()
    offline = alice.next("user:offline")
    assert offline["userId"] == b and offline["username"] == "bob" and offline["lastSeen"]

    # Away: kept, in order, delivered once.
    for sequence in range(100, 150):
        alice.emit("send_message", recipientId=b, seq=sequence, **SEALED)
    for sequence in range(100, 150):
        while alice.next("message:sent")["seq"] != sequence:
            pass
    alice.emit("key-exchange:send", recipientId=b, publicKey="cGs=", signature="c2ln")
    assert alice.next("key-exchange:error")["code"] == "peerOffline"
    bob = Client(bob_login)
    assert alice.next("user:online") == {"userId": b, "username": "bob"}
    for sequence in range(100, 150):
        assert bob.next("receive_message")["seq"] == sequence
    bob.nothing("receive_message")
    bob.close()
    bob = Client(bob_login)
    bob.nothing("receive_message")

    alice.emit("leave_room", recipientId=b)
    assert alice.next("room:left") == {"roomName": room, "success": True}
    bob.nothing("error", "message:error", "room:error")

    # A refresh token works once; logging out ends the login's connections and tokens.
    fresh = api("POST", "/api/auth/refresh", {"refresh_token": bob_login["refresh_token"]})
    assert fresh.status_code == 200, fresh.text
    assert api("POST", "/api/auth/logout", token=fresh.json()["token"]).status_code == 200
    assert api("GET", "/api/auth/me", token=bob_login["token"]).status_code == 401
    deadline = time.monotonic() + PATIENCE
    while bob.client.connected:
        assert time.monotonic() < deadline, "the login's connection lives on"
        time.sleep(0.02)
    alice.close()


def leave():
    alice_login, bob_login = json.load(open("session.json"))
    alice = Client(alice_login)
    for sequence in range(5):
        alice.emit("send_message", recipientId=bob_login["user"]["_id"], seq=sequence, **SEALED)
        alice.next("message:sent")
    # No good-bye: the relay is killed under it.
    os._exit(0)


def fetch():
    bob = {"email": "bob@example.com", "password": "planted-password-bob"}
    client = Client(api("POST", "/api/auth/login", bob).json())
    for sequence in range(5):
        assert client.next("receive_message")["seq"] == sequence
    client.nothing("receive_message")
    client.close()


{"life": life, "leave": leave, "fetch": fetch}[PART]()
# The stock client's threads may sleep until the next heartbeat.
sys.stdout.flush()
os._exit(0)
