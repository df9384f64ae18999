"""A client of family B, video rooms, from registering to logging out."""

from family import Client, account, api, finish, log_out, until

EVENTS = [
    "newUserJoined", "userJoined", "incomingCall", "callAccepted", "negotiationneed",
    "negotiationFinal", "remoteMuted", "callEnded", "userLeft",
]
OFFER = {"type": "offer", "sdp": "v=0\r\no=- planted-sdp 2 IN IP4 127.0.0.1\r\n"}
ANSWER = {"type": "answer", "sdp": "v=0\r\no=- planted-sdp 3 IN IP4 127.0.0.1\r\n"}

alice_login, bob_login, eve_login = account("alice"), account("bob"), account("eve")

# Accounts, as the family's own server has them.
taken = {"name": "alice", "email": "Alice@Example.com", "password": "another-password"}
assert api("POST", "/api/auth/register", taken).status_code == 409
for missing in ["name", "email", "password"]:
    body = {k: v for k, v in taken.items() if k != missing}
    assert api("POST", "/api/auth/register", body).status_code == 400
wrong = {"email": "alice@example.com", "password": "wrong"}
assert api("POST", "/api/auth/login", wrong).status_code == 401
assert api("GET", "/api/auth/me").status_code == 401
me = api("GET", "/api/auth/me", token=alice_login["token"])
assert me.status_code == 200 and me.json() == {"user": alice_login["user"]}
assert set(me.json()["user"]) == {"_id", "name", "email"}

alice, bob, eve = (Client(login, EVENTS) for login in (alice_login, bob_login, eve_login))

# Into the room, under one's own address only.
alice.emit("joinRoom", email="bob@example.com", roomId="planning")
assert alice.next("error")["message"]
alice.emit("joinRoom", email="alice@example.com", roomId="planning")
assert alice.next("userJoined") == {"email": "alice@example.com", "roomId": "planning"}
bob.emit("joinRoom", email="bob@example.com", roomId="planning")
assert bob.next("userJoined") == {"email": "bob@example.com", "roomId": "planning"}
joined = alice.next("newUserJoined")
assert joined == {"email": "bob@example.com", "id": bob.sid}

# A call with all its events: whom to answer is learnt from the events themselves.
alice.emit("callUser", to=joined["id"], offer=OFFER)
call = bob.next("incomingCall")
assert call == {"from": alice.sid, "offer": OFFER}
bob.emit("callAccepted", to=call["from"], answer=ANSWER)
assert alice.next("callAccepted") == {"from": bob.sid, "answer": ANSWER}
alice.emit("negotiationneed", to=bob.sid, offer=OFFER)
needed = bob.next("negotiationneed")
assert needed == {"from": alice.sid, "offer": OFFER}
bob.emit("negotiationDone", to=needed["from"], answer=ANSWER)
assert alice.next("negotiationFinal") == {"from": bob.sid, "answer": ANSWER}
for muted in [True, False]:
    bob.emit("muteToggle", to=alice.sid, isMuted=muted)
    assert alice.next("remoteMuted") == {"isMuted": muted}
alice.emit("endCall", to=bob.sid)
assert bob.next("callEnded") == {}

# Who is in another room, or in none, reaches nobody, and is not reached.
eve.emit("joinRoom", email="eve@example.com", roomId="elsewhere")
eve.next("userJoined")
eve.emit("callUser", to=alice.sid, offer=OFFER)
assert eve.next("error")["code"] == "notInRoom"
alice.emit("callUser", to=eve.sid, offer=OFFER)
assert alice.next("error")["code"] == "notInRoom"
alice.emit("callUser", to="no-such-socket", offer=OFFER)
assert alice.next("error")["message"]
alice.emit("callUser", to=bob.sid)
assert alice.next("error")["message"]
for client in [alice, bob, eve]:
    client.nothing()

# Leaving, with and without a word.
third = Client(bob_login, EVENTS)
third.emit("joinRoom", email="bob@example.com", roomId="planning")
third.next("userJoined")
sid = third.sid
for client in [alice, bob]:
    assert client.next("newUserJoined") == {"email": "bob@example.com", "id": sid}
third.close()
for client in [alice, bob]:
    assert client.next("callEnded") == {}
    assert client.next("userLeft") == {"email": "bob@example.com", "id": sid}

# A refresh token works once.
token = {"refresh_token": bob_login["refresh_token"]}
fresh = api("POST", "/api/auth/refresh", token)
assert fresh.status_code == 200 and fresh.json()["refresh_token"] != token["refresh_token"]
assert api("GET", "/api/auth/me", token=fresh.json()["token"]).status_code == 200
assert api("POST", "/api/auth/refresh", token).status_code == 401
until(lambda: not bob.client.connected, "a login whose refresh token was stolen lives on")
assert alice.next("callEnded") == {}
assert alice.next("userLeft")["email"] == "bob@example.com"

alice.nothing()
eve.nothing()
log_out(alice_login, alice)
eve.close()
finish()
