"""Family A's chat: threads over REST, new_message over Socket.IO, history."""

import os
import sys

from family_client import Client, api, ok, register

EVENTS = ["new_message"]
CONTENT = "U2FsdGVkX1planted-ciphertext"


def send(client_token, thread, content, status=(200, 201), **more):
    body = {"thread_id": thread, "content": content, "content_type": "text", **more}
    return ok("POST", "/api/v1/chat/send", body, client_token, status)


def messages(token, thread, query=""):
    return ok("GET", f"/api/v1/chat/messages/{thread}{query}", None, token)["data"]


alice, bob, carol = register("alice"), register("bob"), register("carol")
a, b, c = (login["user"]["_id"] for login in (alice, bob, carol))
online = Client(bob, EVENTS)
other = Client(carol, EVENTS)

# Two users' own thread: the other one gets the message, and nobody else.
sent = send(alice["token"], f"{a}_{b}", CONTENT)
assert sent["success"] and len(sent["message_id"]) == 24
got = online.next("new_message")
assert got["message"] == CONTENT and got["sender_id"] == a
assert got["thread_id"] == f"{a}_{b}" and got["message_id"] == sent["message_id"]
other.nothing("new_message")
for token in (carol["token"],):
    assert api("GET", f"/api/v1/chat/messages/{a}_{b}", None, token).status_code in (403, 404)
    send(token, f"{a}_{b}", "x", status=(403, 404))
assert api("GET", f"/api/v1/chat/messages/{a}_{b}").status_code == 401

# Away: it comes later, in order, once.
online.close()
for number in range(20):
    send(alice["token"], f"{a}_{b}", f"{CONTENT}{number}")
online = Client(bob, EVENTS)
for number in range(20):
    assert online.next("new_message")["message"] == f"{CONTENT}{number}"
online.nothing("new_message")
online.close()
online = Client(bob, EVENTS)
online.nothing("new_message")

# History, oldest first, in pages; both orders of the name are the same thread.
page = messages(bob["token"], f"{b}_{a}", "?limit=15")
assert [m["content"] for m in page["messages"]][:2] == [CONTENT, f"{CONTENT}0"]
assert page["messages"][0]["is_encrypted"] is True and page["messages"][0]["sender_id"] == a
assert page["messages"][0]["content_type"] == "text" and page["messages"][0]["created_at"]
rest = messages(bob["token"], f"{b}_{a}", f"?limit=15&after={page['next']}")
assert len(page["messages"]) + len(rest["messages"]) == 21 and rest["next"] is None

# Any other thread belongs to whom its first message names.
send(alice["token"], "weekend", "1", members=[b])
assert online.next("new_message")["thread_id"] == "weekend"
send(bob["token"], "weekend", "2", receiver_id=c)
other.nothing("new_message")
assert api("GET", "/api/v1/chat/messages/weekend", None, carol["token"]).status_code == 404
assert [m["content"] for m in messages(alice["token"], "weekend")["messages"]] == ["1", "2"]

ok("POST", "/api/auth/logout", None, bob["token"])
online.ended()
assert api("GET", "/api/v1/chat/messages/weekend", None, bob["token"]).status_code == 401
other.close()
sys.stdout.flush()
os._exit(0)
