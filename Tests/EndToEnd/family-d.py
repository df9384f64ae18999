"""Family D: groups and devices, with two users, two devices of one of them, and a third user."""

import os
import sys

from family_client import Client, api, log_in, ok, register

CALLS = ["call_offer", "call_answer", "ice_candidate", "call_accept", "call_reject", "call_end"]
EVENTS = [
    "group_message", "group_read", "group_updated", "group_removed", "receive_message", "error",
    *CALLS]
SEALED = {"ciphertext": "planted-ciphertext", "iv": "aXY=", "tag": "dGFn"}

alice, bob, carol = register("alice"), register("bob"), register("carol")
a, b, c = (login["user"]["_id"] for login in (alice, bob, carol))

# Devices: bob has a phone, which this login is, and a laptop, which another login is.
laptop_login = log_in("bob")
phone = ok("POST", "/api/v1/devices", {"name": "phone", "keys": "planted-keys-1"}, bob["token"])
laptop = ok(
    "POST", "/api/v1/devices", {"name": "laptop", "keys": {"box": "planted-keys-2"}},
    laptop_login["token"])
listed = ok("GET", "/api/v1/devices", None, bob["token"])["devices"]
assert [device["name"] for device in listed] == ["phone", "laptop"]
path = f"/api/v1/devices/{laptop['deviceId']}"
assert ok("GET", path + "/keys", None, bob["token"])["keys"] == {"box": "planted-keys-2"}
ok("PUT", path + "/keys", {"keys": "planted-keys-3"}, bob["token"])
assert ok("GET", path + "/keys", None, laptop_login["token"])["keys"] == "planted-keys-3"
for method, suffix in [("GET", "/keys"), ("PUT", "/keys"), ("DELETE", "")]:
    answer = api(method, path + suffix, {"keys": "x"}, alice["token"])
    assert answer.status_code == 404, answer.text


def keys(epoch, *users):
    return [{"userId": user, "sealedKey": f"planted-sealed-{epoch}-{user}"} for user in users]


# A group of all three.
group = ok(
    "POST", "/api/v1/groups", {"name": "friends", "members": keys(1, a, b, c)}, alice["token"])
assert group["epoch"] == 1
path = f"/api/v1/groups/{group['id']}"
mine = ok("GET", path, None, bob["token"])
assert mine["sealedKey"] == f"planted-sealed-1-{b}"
assert [g["id"] for g in ok("GET", "/api/v1/groups", None, carol["token"])["groups"]] == [mine["id"]]

sender, on_phone = Client(alice, EVENTS), Client(bob, EVENTS)
on_laptop, leaver = Client(laptop_login, EVENTS), Client(carol, EVENTS)


def send(login, epoch, number, status=(201,)):
    body = {"epoch": epoch, "number": number, **SEALED}
    return ok("POST", path + "/messages", body, login["token"], status)


# A message goes to every member's every device.
sent = send(alice, 1, 1)
for client in (sender, on_phone, on_laptop, leaver):
    got = client.next("group_message")
    assert got["messageId"] == sent["messageId"] and got["senderId"] == a
    assert got["groupId"] == group["id"] and got["ciphertext"] == SEALED["ciphertext"]
send(alice, 2, 1, status=(409,))

# Receipts.
ok("POST", f"{path}/messages/{sent['messageId']}/read", None, bob["token"])
assert sender.next("group_read")["userId"] == b
receipts = ok("GET", f"{path}/messages/{sent['messageId']}/receipts", None, carol["token"])
assert [receipt["userId"] for receipt in receipts["receipts"]] == [b]
assert ok("GET", path + "/receipts", None, alice["token"])["receipts"] == receipts["receipts"]

# Rotation: the next epoch, and every member.
for epoch, users, status in [(1, (a, b, c), 409), (2, (a, b), 409), (2, (a, b, c), 200)]:
    body = {"epoch": epoch, "keys": keys(epoch, *users)}
    ok("POST", path + "/rotate", body, alice["token"], status=(status,))
ok("POST", path + "/rotate", {"epoch": 3, "keys": keys(3, a, b, c)}, bob["token"], status=(403,))
while on_phone.next("group_updated")["epoch"] != 2:
    pass
assert ok("GET", path, None, bob["token"])["sealedKey"] == f"planted-sealed-2-{b}"
send(alice, 2, 2)
for client in (sender, on_phone, on_laptop, leaver):
    assert client.next("group_message")["number"] == 2

# Calls: all devices ring, and what one says the other gets, with `from` in place of the address.
def tell(sender, receivers, event, address, **fields):
    sender.client.emit(event, {**address, **fields})
    for receiver in receivers:
        assert receiver.next(event) == {"from": sender.id, **fields}, event


def calls(login):
    return ok("GET", "/api/v1/calls", None, login["token"])["data"]["calls"]


both = [on_phone, on_laptop]
to_a, to_b = {"to": a}, {"recipientId": b}
offer = {"type": "offer", "sdp": "v=0 planted-sdp"}
tell(sender, both, "call_offer", to_b, offer=offer, callType="video")
assert calls(bob)[0]["status"] == "initiated"
tell(on_phone, [sender], "call_accept", to_a)
tell(on_phone, [sender], "call_answer", to_a, answer={"type": "answer", "sdp": "v=0 planted-sdp"})
assert calls(alice)[0]["status"] == "accepted"
for candidate in ({"candidate": "planted-candidate", "sdpMid": "0"}, None):
    tell(sender, both, "ice_candidate", {"recipient_id": b}, candidate=candidate)
    tell(on_laptop, [sender], "ice_candidate", to_a, candidate=candidate)
tell(sender, both, "call_end", to_b, duration=7)
assert calls(alice) == calls(bob) and calls(carol) == []
call = calls(alice)[0]
assert call["caller_id"] == a and call["receiver_id"] == b and call["call_type"] == "video"
assert call["status"] == "completed" and call["duration"] == 7
tell(on_laptop, [sender], "call_offer", to_a, offer=offer, callType="voice")
tell(sender, both, "call_reject", to_b, reason="busy")
assert calls(bob)[0]["status"] == "rejected" and calls(bob)[0]["caller_id"] == b
leaver.nothing(*CALLS)
for event in CALLS:
    sender.client.emit(event, {"to": "nobody"})
    assert sender.next("error")["code"] == "unknownUser", event

# Who is removed gets nothing that follows.
body = {"epoch": 3, "keys": keys(3, a, b)}
ok("DELETE", f"{path}/members/{c}", body, bob["token"], status=(403,))
ok("DELETE", f"{path}/members/{c}", body, alice["token"])
assert leaver.next("group_removed")["groupId"] == group["id"]
while not leaver.events["group_updated"].empty():
    leaver.next("group_updated")
send(bob, 3, 3)
for client in (sender, on_phone, on_laptop):
    assert client.next("group_message")["number"] == 3
leaver.nothing("group_message", "group_updated")
for method, suffix in [("GET", ""), ("GET", "/messages"), ("POST", "/messages")]:
    assert api(method, path + suffix, {"epoch": 3, **SEALED}, carol["token"]).status_code == 404

# Admins: the last one stays.
ok("DELETE", f"{path}/admins/{a}", None, alice["token"], status=(409,))
ok("POST", path + "/admins", {"userId": b}, alice["token"])
ok("DELETE", f"{path}/admins/{a}", None, alice["token"])
ok("POST", path + "/members", {"userId": c, "epoch": 4, "keys": keys(4, a, b, c)}, bob["token"])
assert ok("GET", path, None, carol["token"])["sealedKey"] == f"planted-sealed-4-{c}"

# A device that is away gets its own copy later, whatever the others had.
on_laptop.close()
for number in range(10, 15):
    send(alice, 4, number)
    assert on_phone.next("group_message")["number"] == number
sealed = {"seq": 1, "messageType": "text", **SEALED}
sender.client.call("send_message", {"recipientId": b, **sealed}, timeout=10)
assert on_phone.next("receive_message")["seq"] == 1
on_laptop = Client(laptop_login, EVENTS)
for number in range(10, 15):
    assert on_laptop.next("group_message")["number"] == number
assert on_laptop.next("receive_message")["seq"] == 1
on_laptop.nothing("group_message", "receive_message")
history = ok("GET", path + f"/messages?after={sent['messageId']}", None, alice["token"])
assert [message["number"] for message in history["messages"]] == [2, 3, 10, 11, 12, 13, 14]

# A device that is removed is logged out, and gets nothing more.
ok("DELETE", f"/api/v1/devices/{laptop['deviceId']}", None, bob["token"])
on_laptop.ended()
assert api("GET", "/api/v1/groups", None, laptop_login["token"]).status_code == 401
refresh = {"refresh_token": laptop_login["refresh_token"]}
assert api("POST", "/api/auth/refresh", refresh).status_code == 401
send(alice, 4, 20)
assert on_phone.next("group_message")["number"] == 20
assert len(ok("GET", "/api/v1/devices", None, bob["token"])["devices"]) == 1

# Leaving needs no keys; logging out ends the login.
ok("DELETE", f"{path}/members/{c}", None, carol["token"])
assert ok("GET", path, None, alice["token"])["rotationDue"] is True
ok("POST", "/api/auth/logout", None, bob["token"])
on_phone.ended()
sys.stdout.flush()
os._exit(0)
