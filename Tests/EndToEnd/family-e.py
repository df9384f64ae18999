"""Clients of family E, private by default: default mode, strict mode, and what nobody gets.

The second argument is the part: `life` with a relay that keeps messages for hours, `cleanup` with
one that keeps them for two seconds. What went to the relay is written to `ciphertexts`, a line each.
"""

import base64
import json
import os
import sqlite3
import sys

from family import Client, account, api, finish, log_out, until

EVENTS = [
    "receive_message", "message:sent", "message:delivery-confirmed", "notify:sent", "message:error"]
PLAIN = "planted-plain text"


def sealed(text, key):
    """The sender's own layer, here a one-time pad: what it gives is nothing to the relay."""
    pad = bytes(a ^ b for a, b in zip(text.encode(), key, strict=False))
    ciphertext = base64.b64encode(pad + os.urandom(32)).decode()
    with open("ciphertexts", "a", encoding="ascii") as file:
        print(ciphertext, file=file)
    return ciphertext


def opened(ciphertext, key):
    pad = base64.b64decode(ciphertext)[:len(PLAIN)]
    return bytes(a ^ b for a, b in zip(pad, key, strict=False)).decode()


def rows(*tables):
    with sqlite3.connect("file:relay.db?mode=ro", uri=True, timeout=10) as database:
        return [
            database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


def heard():
    """What the hooks were told so far: what happened, for whom and when, and nothing else."""
    if not os.path.exists("heard"):
        return []
    with open("heard", encoding="utf-8") as file:
        text = file.read()
    notices = [json.loads(line) for line in text.split("\n")[:-1] if line]
    for notice in notices:
        assert set(notice) == {"event", "id", "time", "type", "userId"}, notice
    return [(notice["event"], notice["userId"]) for notice in notices]


def send(sender, receiver_id, sequence, key):
    sender.emit(
        "send_message", recipientId=receiver_id, ciphertext=sealed(PLAIN, key),
        iv="aXY=", tag="dGFn", seq=sequence, messageType="text")
    return sender.next("message:sent")


def life():
    alice_login, bob_login = account("alice"), account("bob")
    bob_id = bob_login["user"]["_id"]
    key = os.urandom(len(PLAIN))
    alice = Client(alice_login, EVENTS)

    # Default mode: bob is away, so the relay keeps it, and the hooks hear that something came.
    kept = [send(alice, bob_id, sequence, key) for sequence in (1, 2)]
    assert rows("message") == [2]
    until(lambda: heard() == [("send_message", bob_id)] * 2, "the hooks did not hear")
    bob = Client(bob_login, EVENTS)
    for sequence, sent in enumerate(kept, 1):
        got = bob.next("receive_message")
        assert got["seq"] == sequence and opened(got["ciphertext"], key) == PLAIN
        bob.emit("message:delivered", messageId=got["messageId"], senderId=alice.id)
        confirmed = alice.next("message:delivery-confirmed")["messageId"]
        assert confirmed == got["messageId"] == sent["messageId"]
    until(lambda: rows("message") == [0], "what was delivered is still there")
    bob.close()
    bob = Client(bob_login, EVENTS)
    bob.nothing()

    # Who goes after it has sent something hears what became of it when it comes again.
    sent = send(alice, bob_id, 2, key)
    got = bob.next("receive_message")
    alice.leave(bob)
    confirmed = bob.client.call(
        "message:delivered", {"messageId": got["messageId"], "senderId": alice.id}, timeout=30)
    assert confirmed == {"success": True} and rows("message") == [1]
    alice = Client(alice_login, EVENTS)
    assert alice.next("message:delivery-confirmed") == {"messageId": sent["messageId"]}
    until(lambda: rows("message") == [0], "what the sender was told is still there")

    # Who is there gets it without a row, and without a notice.
    send(alice, bob_id, 3, key)
    assert opened(bob.next("receive_message")["ciphertext"], key) == PLAIN
    assert rows("message") == [0] and len(heard()) == 2

    # Strict mode: without the other's channel nothing is sent; that something would have been may
    # be told, and no more than that, whatever the client adds.
    bob.close()
    before = rows("message", "seen", "history", "call", "receipt")
    alice.emit("notify", recipientId=bob_id, message=PLAIN)
    assert alice.next("notify:sent") == {"recipientId": bob_id}
    until(lambda: heard()[2:] == [("notify", bob_id)], "the hooks did not hear of it")
    assert rows("message", "seen", "history", "call", "receipt") == before
    bob = Client(bob_login, EVENTS)
    bob.nothing()
    alice.emit("notify", recipientId="nobody")
    assert alice.next("error")["code"] == "unknownUser"
    log_out(bob_login, bob)
    log_out(alice_login, alice)


def cleanup():
    """Nobody comes for a message: it goes, and nothing remembers it."""
    logins = []
    for name in ("alice", "bob"):
        body = {"email": f"{name}@example.com", "password": f"planted-password-{name}"}
        logins.append(api("POST", "/api/auth/login", body).json())
    alice = Client(logins[0], EVENTS)
    send(alice, logins[1]["user"]["_id"], 1, os.urandom(len(PLAIN)))
    until(lambda: rows("message", "seen") == [0, 0], "what nobody got is still there")
    bob = Client(logins[1], EVENTS)
    bob.nothing()
    log_out(logins[1], bob)
    log_out(logins[0], alice)


{"life": life, "cleanup": cleanup}[sys.argv[2]]()
finish()
