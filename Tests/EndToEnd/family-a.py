"""A client of family A, chat and calls, from registering to logging out."""

from family import Client, account, api, finish, log_out

EVENTS = [
    "call_incoming", "call_accepted", "call_rejected", "webrtc_offer", "webrtc_answer",
    "ice_candidate", "call_ended", "new_message",
]
OFFER = {"type": "offer", "sdp": "v=0\r\no=- planted-sdp 2 IN IP4 127.0.0.1\r\n"}
ANSWER = {"type": "answer", "sdp": "v=0\r\no=- planted-sdp 3 IN IP4 127.0.0.1\r\n"}
CANDIDATES = [
    {"candidate": "candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host", "sdpMid": "0",
     "sdpMLineIndex": 0},
    None,
]


def calls(login, **query):
    answer = api("GET", "/api/v1/calls", token=login["token"], **query)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]["calls"]


def initiate(caller, receiver, call_type):
    caller.emit(
        "call_initiate", receiver_id=receiver.id, call_type=call_type,
        caller_name="planted-name", caller_avatar="https://example.com/planted.png")
    assert receiver.next("call_incoming") == {
        "caller_id": caller.id, "caller_name": "planted-name",
        "caller_avatar": "https://example.com/planted.png", "call_type": call_type}


alice_login, bob_login, eve_login = account("alice"), account("bob"), account("eve")
alice, bob, eve = (Client(login, EVENTS) for login in (alice_login, bob_login, eve_login))
phone = Client(bob_login, EVENTS)

# A call with all its events. Each of the receiver's devices rings.
initiate(alice, bob, "video")
phone.next("call_incoming")
assert calls(bob_login)[0]["status"] == "initiated"
bob.emit("call_accepted", caller_id=alice.id)
assert alice.next("call_accepted") == {"receiver_id": bob.id}
assert calls(alice_login)[0]["status"] == "accepted"
alice.emit("webrtc_offer", receiver_id=bob.id, offer=OFFER)
for device in [bob, phone]:
    assert device.next("webrtc_offer") == {"caller_id": alice.id, "offer": OFFER}
bob.emit("webrtc_answer", caller_id=alice.id, answer=ANSWER)
assert alice.next("webrtc_answer") == {"receiver_id": bob.id, "answer": ANSWER}
for candidate in CANDIDATES:
    alice.emit("ice_candidate", peer_id=bob.id, candidate=candidate)
    for device in [bob, phone]:
        assert device.next("ice_candidate") == {"peer_id": alice.id, "candidate": candidate}
    bob.emit("ice_candidate", peer_id=alice.id, candidate=candidate)
    assert alice.next("ice_candidate") == {"peer_id": bob.id, "candidate": candidate}
alice.emit("call_ended", peer_id=bob.id, duration=42)
for device in [bob, phone]:
    assert device.next("call_ended") == {"ended_by": alice.id, "duration": 42}

log = calls(alice_login)
assert log == calls(bob_login) and len(log) == 1
assert set(log[0]) == {
    "id", "caller_id", "receiver_id", "call_type", "status", "duration", "started_at", "ended_at"}
assert log[0]["caller_id"] == alice.id and log[0]["receiver_id"] == bob.id
assert log[0]["call_type"] == "video" and log[0]["status"] == "completed"
assert log[0]["duration"] == 42 and log[0]["started_at"] <= log[0]["ended_at"]
phone.close()

# Rejected, missed, and dropped.
initiate(bob, alice, "voice")
alice.emit("call_rejected", caller_id=bob.id)
assert bob.next("call_rejected") == {"receiver_id": alice.id}
assert calls(bob_login)[0]["status"] == "rejected"

bob.close()
alice.emit("call_initiate", receiver_id=bob.id, call_type="voice", caller_name="planted-name")
assert alice.next("error")["message"]
missed = calls(bob_login)[0]
assert missed["status"] == "missed" and missed["caller_id"] == alice.id and missed["ended_at"]

bob = Client(bob_login, EVENTS)
initiate(bob, alice, "voice")
alice.client.call("call_accepted", {"caller_id": bob.id})
bob.next("call_accepted")
bob.close()
tries = 0
while calls(alice_login)[0]["status"] == "accepted":
    tries += 1
    assert tries < 1000, "the call of a caller that vanished goes on"
assert calls(alice_login)[0]["status"] == "dropped"

# Pages of the log; a stranger's is empty, and there is none without a token.
everything = calls(alice_login)
assert [call["status"] for call in everything] == ["dropped", "missed", "rejected", "completed"]
assert calls(alice_login, limit=3) == everything[:3]
assert calls(alice_login, limit=3, before=everything[2]["id"]) == everything[3:]
assert calls(eve_login) == []
assert api("GET", "/api/v1/calls").status_code == 401

# Wrong events, and peers that are not there.
for event, fields in [
    ("call_initiate", {"receiver_id": eve.id}),
    ("call_initiate", {"receiver_id": eve.id, "call_type": "fax"}),
    ("call_initiate", {"call_type": "voice"}),
    ("webrtc_offer", {"receiver_id": eve.id, "offer": "v=0"}),
    ("webrtc_answer", {"caller_id": eve.id}),
    ("ice_candidate", {"peer_id": eve.id}),
    ("ice_candidate", {"peer_id": "nobody", "candidate": CANDIDATES[0]}),
    ("call_ended", {"peer_id": bob.id, "duration": 1}),
]:
    alice.emit(event, **fields)
    assert alice.next("error")["message"], (event, fields)
eve.nothing()
alice.nothing()

# CHAT: messages of threads over /api/v1/chat come here.

log_out(alice_login, alice)
eve.close()
finish()
