"""A client of family C, secure messaging, from registering to logging out.

The messages and the file are sealed with AES-256-GCM, as this family's clients seal them; the
receiver opens them.
"""

import base64
import hashlib
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from family import TRANSPORT, Client, account, finish, log_out

EVENTS = [
    "room:joined", "room:left", "room:user-ready", "room:error", "message:sent", "message:error",
    "receive_message", "message:delivery-confirmed", "message:read-confirmed", "typing:user",
    "file:chunk-sent", "file:upload-complete", "receive_file_chunk", "file:request-sent",
    "file:requested", "file:error", "key-exchange:sent", "key-exchange:receive",
    "key-exchange:error", "user:online", "user:offline",
]
CHUNK = 1 << 20
KEY = AESGCM.generate_key(256)


def b64(data):
    return base64.b64encode(data).decode()


def seal(data):
    iv = os.urandom(12)
    sealed = AESGCM(KEY).encrypt(iv, data, None)
    return sealed[:-16], b64(iv), b64(sealed[-16:])


def opened(ciphertext, iv, tag):
    iv, tag = base64.b64decode(iv), base64.b64decode(tag)
    return AESGCM(KEY).decrypt(iv, base64.b64decode(ciphertext) + tag, None)


def text(to, seq, words, **more):
    ciphertext, iv, tag = seal(words.encode())
    return {
        "recipientId": to, "ciphertext": b64(ciphertext), "iv": iv, "tag": tag, "seq": seq,
        "signature": b64(b"planted-signature"), "messageType": "text", **more}


def chunks(to, message_id, data):
    total = -(-len(data) // CHUNK)
    for number in range(total):
        sealed, iv, tag = seal(data[number * CHUNK:(number + 1) * CHUNK])
        yield {
            "recipientId": to, "messageId": message_id, "chunkNumber": number,
            "totalChunks": total, "encryptedData": b64(sealed), "iv": iv, "tag": tag,
            "hash": hashlib.sha256(sealed).hexdigest(), "fileName": "planted-name.bin",
            "fileSize": len(data), "mimeType": "application/x-planted"}


def send_file(sender, to, message_id, data):
    """Sends the parts, and waits for what the relay says of each, and of all."""
    total = -(-len(data) // CHUNK)
    answers = [
        {"messageId": message_id, "chunkNumber": number, "totalChunks": total}
        for number in range(total)]
    for number, part in enumerate(chunks(to, message_id, data)):
        sender.emit("send_file_chunk", **part)
        # By polling the library joins all that waits in one body, larger than the relay takes.
        if TRANSPORT == "polling":
            assert sender.next("file:chunk-sent") == answers[number]
    if TRANSPORT == "websocket":
        assert [sender.next("file:chunk-sent") for _ in answers] == answers
    assert sender.next("file:upload-complete") == {"messageId": message_id}


def receive_file(receiver, sender, message_id, data):
    parts = {}
    total = None
    while len(parts) != total:
        got = receiver.next("receive_file_chunk")
        assert got["senderId"] == sender.id and got["senderUsername"] == sender.user["name"]
        assert got["messageId"] == message_id and got["timestamp"]
        assert got["fileName"] == "planted-name.bin" and got["fileSize"] == len(data)
        assert got["mimeType"] == "application/x-planted"
        assert set(got) == {
            "senderId", "senderUsername", "messageId", "chunkNumber", "totalChunks",
            "encryptedData", "iv", "tag", "hash", "fileName", "fileSize", "mimeType", "timestamp"}
        sealed = base64.b64decode(got["encryptedData"])
        assert got["hash"] == hashlib.sha256(sealed).hexdigest()
        assert got["chunkNumber"] not in parts, "a part came twice"
        parts[got["chunkNumber"]] = opened(got["encryptedData"], got["iv"], got["tag"])
        total = got["totalChunks"]
    whole = b"".join(parts[number] for number in range(total))
    assert hashlib.sha256(whole).digest() == hashlib.sha256(data).digest()


alice_login, bob_login = account("alice"), account("bob")
alice, bob = Client(alice_login, EVENTS), Client(bob_login, EVENTS)
room = "_".join(sorted([alice.id, bob.id]))

# A room for the two.
alice.emit("join_room", recipientId=bob.id)
assert alice.next("room:joined") == {"roomName": room, "recipientId": bob.id, "success": True}
assert bob.next("room:user-ready") == {
    "userId": alice.id, "username": "alice", "roomName": room}
bob.emit("join_room", recipientId=alice.id)
assert bob.next("room:joined") == {"roomName": room, "recipientId": alice.id, "success": True}
alice.next("room:user-ready")
alice.emit("join_room", recipientId="nobody")
assert alice.next("room:error")["message"]

# Keys.
for sender, receiver in [(alice, bob), (bob, alice)]:
    keys = {"publicKey": "planted-public-key", "signature": "planted-signature"}
    sender.emit("key-exchange:send", recipientId=receiver.id, **keys)
    assert sender.next("key-exchange:sent") == {"recipientId": receiver.id}
    assert receiver.next("key-exchange:receive") == {
        "senderId": sender.id, "senderUsername": sender.user["name"], **keys}

# Typing, a message, and its receipts.
for event, is_typing in [("typing:start", True), ("typing:stop", False)]:
    alice.emit(event, recipientId=bob.id)
    assert bob.next("typing:user") == {
        "userId": alice.id, "username": "alice", "isTyping": is_typing}
message = text(bob.id, 1, "planted-text")
alice.emit("send_message", **message)
sent = alice.next("message:sent")
assert sent == {
    "recipientId": bob.id, "seq": 1, "success": True, "timestamp": sent["timestamp"],
    "messageId": sent["messageId"]}
got = bob.next("receive_message")
del message["recipientId"]
assert got == {
    "senderId": alice.id, "senderUsername": "alice", "timestamp": sent["timestamp"],
    "messageId": sent["messageId"], **message}
assert opened(got["ciphertext"], got["iv"], got["tag"]) == b"planted-text"
bob.emit("message:delivered", messageId=got["messageId"], senderId=got["senderId"])
assert alice.next("message:delivery-confirmed") == {"messageId": sent["messageId"]}
bob.emit("message:read", messageId=got["messageId"], senderId=got["senderId"])
assert alice.next("message:read-confirmed") == {"messageId": sent["messageId"]}
alice.emit("send_message", recipientId=bob.id, seq=2)
assert alice.next("message:error")["message"]

# A file of 20 parts: announced, asked for, sent.
data = os.urandom(19 * CHUNK + 12_345)
alice.emit("send_message", **text(bob.id, 2, "planted-file", messageType="file"))
file_id = alice.next("message:sent")["messageId"]
assert bob.next("receive_message")["messageType"] == "file"
bob.emit("request_file", senderId=alice.id, messageId=file_id)
bob.next("file:request-sent")
assert alice.next("file:requested") == {
    "requesterId": bob.id, "requesterUsername": "bob", "messageId": file_id}
send_file(alice, bob.id, file_id, data)
receive_file(bob, alice, file_id, data)
part = next(chunks(bob.id, "broken", data))
for field in part:
    alice.emit("send_file_chunk", **{k: v for k, v in part.items() if k != field})
    assert alice.next("file:error")["message"], field
alice.nothing()
bob.nothing()

# Away: messages and files are kept, in order, delivered once; other events say that he is away.
bob.close()
offline = alice.next("user:offline")
assert offline == {"userId": bob.id, "username": "bob", "lastSeen": offline["lastSeen"]}
for seq in range(3, 13):
    alice.emit("send_message", **text(bob.id, seq, f"planted-{seq}"))
    assert alice.next("message:sent")["seq"] == seq
later = os.urandom(20 * CHUNK)
send_file(alice, bob.id, "file-for-later", later)
alice.emit(
    "key-exchange:send", recipientId=bob.id, publicKey="planted", signature="planted")
assert alice.next("key-exchange:error")["message"]
alice.emit("request_file", senderId=bob.id, messageId="file-for-later")
assert alice.next("file:error")["message"]
alice.emit("typing:start", recipientId=bob.id)
assert alice.next("error")["message"]

bob = Client(bob_login, EVENTS)
assert alice.next("user:online") == {"userId": bob.id, "username": "bob"}
for seq in range(3, 13):
    got = bob.next("receive_message")
    assert got["seq"] == seq
    assert opened(got["ciphertext"], got["iv"], got["tag"]) == f"planted-{seq}".encode()
receive_file(bob, alice, "file-for-later", later)
bob.close()
alice.next("user:offline")
bob = Client(bob_login, EVENTS)
alice.next("user:online")
bob.nothing()

for client, other in [(alice, bob), (bob, alice)]:
    client.emit("leave_room", recipientId=other.id)
    assert client.next("room:left") == {"roomName": room, "success": True}
alice.nothing()
bob.nothing()

log_out(alice_login, alice)
log_out(bob_login, bob)
finish()
