"""A client of family A, chat and calls, from registering to logging out."""

from family import Client, account, api, finish, log_out

EVENTS = [
    "call_incoming", "call_accepted", "call_rejected", "webrtc_offer", "webrtc_answer",
    "ice_candidate", "call_ended", "new_message",
]
CONTENT = "U2FsdGVkX1planted-ciphertext"
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


def say(login, thread, content, **more):
    body = {"thread_id": thread, "content": content, "content_type": "text", **more}
    return api("POST", "/api/v1/chat/send", body, login["token"])


def read(login, thread, **query):
    answer = api("GET", f"/api/v1/chat/messages/{thread}", token=login["token"], **query)
    return answer.json()["data"] if answer.status_code == 200 else answer.status_code


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

bob.leave(alice)
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

# A thread of two: the other one gets the message, and nobody else.
thread = f"{alice.id}_{bob.id}"
bob = Client(bob_login, EVENTS)
sent = say(alice_login, thread, CONTENT).json()
assert sent["success"] and len(sent["message_id"]) == 24
got = bob.next("new_message")
assert got["message"] == CONTENT and got["sender_id"] == alice.id
assert got["thread_id"] == thread and got["message_id"] == sent["message_id"]
eve.nothing()
assert read(eve_login, thread) in (403, 404)
assert say(eve_login, thread, "x").status_code in (403, 404)
assert api("GET", f"/api/v1/chat/messages/{thread}").status_code == 401

# Away: it comes later, in order, once.
bob.close()
for number in range(20):
    assert say(alice_login, thread, f"{CONTENT}{number}").status_code == 201
bob = Client(bob_login, EVENTS)
for number in range(20):
    assert bob.next("new_message")["message"] == f"{CONTENT}{number}"
bob.nothing()
bob.close()
bob = Client(bob_login, EVENTS)
bob.nothing()

# The history, oldest first, in pages; both orders of the name are the same thread.
page = read(bob_login, f"{bob.id}_{alice.id}", limit=15)
assert [message["content"] for message in page["messages"]][:2] == [CONTENT, f"{CONTENT}0"]
first = page["messages"][0]
assert first["is_encrypted"] is True and first["sender_id"] == alice.id
assert first["content_type"] == "text" and first["created_at"]
rest = read(bob_login, thread, limit=15, after=page["next"])
assert len(page["messages"]) + len(rest["messages"]) == 21 and rest["next"] is None

# Any other thread belongs to whom its first message names.
say(alice_login, "weekend", CONTENT + "1", members=[bob.id])
assert bob.next("new_message")["thread_id"] == "weekend"
say(bob_login, "weekend", CONTENT + "2", receiver_id=eve.id)
assert alice.next("new_message")["message"] == CONTENT + "2"
eve.nothing()
assert read(eve_login, "weekend") == 404
assert [message["content"] for message in read(alice_login, "weekend")["messages"]] == [
    CONTENT + "1", CONTENT + "2"]

log_out(bob_login, bob)
assert read(bob_login, "weekend") == 401
log_out(alice_login, alice)
eve.close()
finish()
