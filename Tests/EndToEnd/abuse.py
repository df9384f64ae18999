"""What broke other servers of these protocols, tried on the relay in $PARLEY_RELAY. Each function is
one kind of abuse, named with the published numbers; each ends the connection that it comes on with
the protocol's own error, and a bystander does not notice.

    abuse.py RELAY_PID
"""
import base64, hashlib, hmac, json, os, queue, re, socket, struct, sys, threading, time
import urllib.parse

import requests
import socketio

RELAY = os.environ["PARLEY_RELAY"]
PID = sys.argv[1]
where = urllib.parse.urlsplit(RELAY)
HOST = where.netloc.encode()
PATIENCE = 20
POLLING = "/socket.io/?EIO=4&transport=polling"
UPGRADE = (
    b"GET /socket.io/?EIO=4&transport=websocket%s HTTP/1.1\r\nHost: " + HOST + b"\r\n"
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n")


def account(name):
    body = {"name": name, "email": f"{name}@example.com", "password": f"correct horse {name}"}
    requests.post(RELAY + "/api/auth/register", json=body, timeout=PATIENCE)
    return requests.post(RELAY + "/api/auth/login", json=body, timeout=PATIENCE).json()


def resident():
    return int(re.search(r"VmRSS:\s*(\d+)", open(f"/proc/{PID}/status").read())[1])


def dial(source="127.0.0.1"):
    return socket.create_connection((where.hostname, where.port), PATIENCE, (source, 0))


def rest(client):
    """All that comes until the connection ends."""
    pieces = []
    try:
        while piece := client.recv(65536):
            pieces.append(piece)
    except ConnectionError:
        pass
    client.close()
    return b"".join(pieces)


def http(data, source="127.0.0.1"):
    """The status of the first answer to these bytes."""
    client = dial(source)
    try:
        client.sendall(data)
    except ConnectionError:
        pass
    answer = b""
    try:
        while b"\r\n\r\n" not in answer:
            piece = client.recv(65536)
            if not piece:
                break
            answer += piece
    except ConnectionError:
        pass
    client.close()
    return int(answer.split()[1]) if answer else 0


def frame(payload, opcode=0x81, size=None):
    size = len(payload) if size is None else size
    head = bytes([opcode])
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 65536:
        head += b"\xfe" + size.to_bytes(2, "big")
    else:
        head += b"\xff" + size.to_bytes(8, "big")
    return head + bytes(4) + payload


class Client:
    """A WebSocket client on a bare socket, let in or not."""

    def __init__(self, token=None, sid=""):
        self.socket, self.data = dial(), b""
        self.socket.sendall(UPGRADE % (b"&sid=" + sid.encode() if sid else b"", b""))
        while b"\r\n\r\n" not in self.data:
            self.data += self.socket.recv(65536)
        self.head, self.data = self.data.split(b"\r\n\r\n", 1)
        if token:
            self.say("40" + json.dumps({"token": token}))
            self.wait_for(b'40{"sid"')

    def say(self, text):
        self.raw(frame(text.encode("utf-8", "surrogatepass")))

    def raw(self, data):
        try:
            self.socket.sendall(data)
        except ConnectionError:
            pass

    def wait_for(self, text):
        while text not in self.data:
            piece = self.socket.recv(65536)
            assert piece, self.data
            self.data += piece

    def code(self):
        """The code of the close frame with which the server ends the connection."""
        while True:
            for opcode, payload in self.frames():
                if opcode == 0x88:
                    self.socket.close()
                    return int.from_bytes(payload[:2], "big")
            try:
                piece = self.socket.recv(65536)
            except ConnectionError:
                piece = b""
            if not piece:
                return None
            self.data += piece

    def frames(self):
        at = 0
        while at + 2 <= len(self.data):
            size, start = self.data[at + 1] & 0x7F, at + 2
            if size >= 126:
                width = 2 if size == 126 else 8
                size = int.from_bytes(self.data[start:start + width], "big")
                start += width
            if start + size > len(self.data):
                return
            yield self.data[at], self.data[start:start + size]
            at = start + size


def refused(*texts):
    """These packets end the connection with a protocol error."""
    client = Client(MALLORY["token"])
    for text in texts:
        client.say(text)
    code = client.code()
    assert code == 1002, (texts, code)


def open_polling():
    answer = requests.get(RELAY + POLLING, timeout=PATIENCE)
    return json.loads(answer.text[1:])["sid"]


def huge_and_tiny_bodies_cve_2020_36048_36049():
    sid = open_polling()
    target = f"{POLLING}&sid={sid}".encode()
    head = b"POST " + target + b" HTTP/1.1\r\nHost: " + HOST + b"\r\n"
    assert http(head + b"Content-Length: 100000000\r\n\r\n" + b"4" * 200_000) == 413
    sid = open_polling()
    target = f"{POLLING}&sid={sid}".encode()
    head = b"POST " + target + b" HTTP/1.1\r\nHost: " + HOST + b"\r\n"
    chunks = b"1\r\n4\r\n" * 200_000
    assert http(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks) == 413
    assert http(b"POST /api/auth/login HTTP/1.1\r\nHost: " + HOST
                + b"\r\nContent-Length: 99999999\r\n\r\n") == 413
    # A large message of somebody who was not let in.
    client = Client()
    client.raw(frame(b"4" * 200_000))
    assert client.code() == 1009


def other_sites_cve_2020_28481():
    evil = b"Origin: https://evil.example\r\n"
    assert http(UPGRADE % (b"", evil)) == 403
    answer = requests.get(
        RELAY + POLLING, headers={"Origin": "https://evil.example"}, timeout=PATIENCE)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def garbage_after_the_upgrade_cve_2022_21676():
    codes = {
        b"\xc1\x80" + bytes(4): 1002, b"\x83\x80" + bytes(4): 1002, b"\x81\x05hello": 1002,
        b"\x09\x80" + bytes(4): 1002, b"\x89\xfe\x00\x80" + bytes(132): 1002,
        b"GET / HTTP/1.1\r\n\r\n": 1002, b"\x80\x80" + bytes(4): 1002,
        b"\x81\x82" + bytes(4) + b"\xc3\x28": 1007,
    }
    for garbage, code in codes.items():
        client = Client(MALLORY["token"])
        client.raw(garbage)
        assert client.code() == code, garbage
    # Another request behind one that asks for the upgrade is no request.
    client = dial()
    client.sendall(UPGRADE % (b"", b"") + b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    answer = rest(client)
    assert answer.startswith(b"HTTP/1.1 101") and answer.count(b"HTTP/1.1 ") == 1


def resets_during_the_handshake_cve_2022_41940():
    request = UPGRADE % (b"", b"") + frame(b'40{"token":"x"}') + frame(b"2probe")
    for cut in range(1, len(request), 3):
        client = dial()
        client.sendall(request[:cut])
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()


def hostile_queries_cve_2023_31125():
    for query in ["EIO=4&transport=__proto__", "EIO=4&transport=constructor", "EIO=4",
                  "EIO=4&transport=polling&sid=__proto__", "EIO=4&transport=polling&sid=",
                  "EIO=4&transport=polling&transport=websocket", "EIO=3&transport=polling",
                  "EIO=4&transport=polling&sid=a&sid=b", "transport=polling", "%zz", "&&&=",
                  "EIO=4&transport=polling&sid=%00", "EIO=4&transport=%e0%a4%a"]:
        request = f"GET /socket.io/?{query} HTTP/1.1\r\nHost: x\r\n\r\n"
        assert http(request.encode()) == 400, query


def placeholders_cve_2022_2421():
    for number in ["-1", "1", "0.5", '"0"', "null", "[]", '"splice"', "1e400"]:
        refused('451-["x",{"_placeholder":true,"num":%s}]' % number)


def event_names_cve_2023_32695_2024_38355():
    for payload in ["[{}]", "[null]", "[]", "{}", "[[]]", "[true]", '["connect"]',
                    '["disconnect"]', '["disconnecting"]', '["newListener"]', '["connect_error"]']:
        refused("42" + payload)


def attachments_without_end_cve_2026_33151():
    refused('459999999-["x",{"_placeholder":true,"num":0}]')
    refused('4511-["x"]')
    refused('451-["x",{"_placeholder":true,"num":0}]', '42["y"]')
    client = Client(MALLORY["token"])
    client.raw(frame(b"nobody announced this", 0x82))
    assert client.code() == 1002


def many_headers_cve_2021_32640_2024_37890():
    start = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
    assert http(start + b"".join(b"a%d: b\r\n" % n for n in range(10_000)) + b"\r\n") == 431
    assert http(start + b"a: " + b"b" * 65536 + b"\r\n\r\n") == 431
    assert http(start + b"a:" + b" " * 15000 + b"b\r\n\r\n") == 200
    protocols = b"Sec-WebSocket-Protocol: " + b" ,x" * 5000 + b"\r\n"
    assert http(UPGRADE % (b"", protocols)) == 101
    assert http(b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n") == 414


def tiny_fragments_cve_2026_48779():
    client = Client(MALLORY["token"])
    client.raw(frame(b"4", 0x01))
    before = resident()
    empty = frame(b"", 0x00) * 10_000
    for _ in range(100):
        client.raw(empty)
    client.raw(frame(b'2["typing:stop",{"recipientId":"mallory@example.com"}]', 0x80))
    client.wait_for(b"typing:user")
    assert resident() - before < 4096
    client.socket.close()


def close_reasons_cve_2026_45736():
    for payload, code in [(b"", 1000), (b"\x03", 1002), (b"\x03\xe8" + b"x" * 123, 1000),
                          (b"\x03\xed", 1002), (b"\x03\xe8\xff", 1007)]:
        client = Client(MALLORY["token"])
        client.raw(frame(payload, 0x88))
        assert client.code() == code, payload


def lengths_cve_2016_10542():
    for size, code in [(1 << 63, 1002), ((1 << 64) - 1, 1002), ((1 << 63) - 1, 1009),
                       (1 << 31, 1009), (2_000_001, 1009)]:
        client = Client(MALLORY["token"])
        client.raw(frame(b"4", size=size))
        assert client.code() == code, size


def compression_is_not_agreed_to():
    for name in [b"permessage-deflate", b"permessage-deflate; server_max_window_bits=8", b"x" * 99]:
        client = dial()
        client.sendall(UPGRADE % (b"", b"Sec-WebSocket-Extensions: " + name + b"\r\n"))
        answer = client.recv(65536)
        assert answer.startswith(b"HTTP/1.1 101") and b"Extensions" not in answer
        client.close()


def smuggled_requests():
    head = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\n"
    for fields in [b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                   b"Content-Length: 4\r\nContent-Length: 5\r\n", b"Content-Length: +4\r\n",
                   b"Content-Length: 4, 4\r\n", b"Content-Length: -1\r\n",
                   b"Transfer-Encoding: chunked, identity\r\n", b" Folded: yes\r\n",
                   b"Content-Length : 4\r\n", b"Host: y\r\n", b"A\x00: b\r\n", b"A: b\rc\r\n"]:
        status = http(head + fields + b"\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert status in (400, 501), (fields, status)
    assert http(head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n") == 400
    assert http(head + b"Transfer-Encoding: chunked\r\n\r\n4;" + b"x" * 999 + b"\r\n") == 400


def tokens():
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    claims = part({"_id": BYSTANDER["user"]["_id"], "exp": int(time.time()) + 600})
    theirs = MALLORY["token"].split(".")
    made = [f'{part({"alg": alg})}.{claims}.' for alg in ["none", "None", "nOnE", ""]]
    for header in [{"alg": "HS256"}, {"alg": "RS256"}, {"alg": "HS512"},
                   {"alg": "HS256", "crit": ["x"]}, {"alg": "HS256", "jwk": {"kty": "oct"}}]:
        signed = f"{part(header)}.{claims}"
        tag = hmac.new(b"secret", signed.encode(), hashlib.sha256).digest()
        made.append(signed + "." + base64.urlsafe_b64encode(tag).rstrip(b"=").decode())
    made += [".".join([theirs[0], claims, theirs[2]]), MALLORY["token"] + "=", MALLORY["token"] + ".",
             " " + MALLORY["token"], "." * 5, "a" * 20_000, MALLORY["token"] + "\n"]
    for token in made:
        client = Client()
        client.say("40" + json.dumps({"token": token}))
        client.wait_for(b'44{"message":"Authentication failed"')
        client.socket.close()


def numbers_and_nesting():
    for text in ['429007199254740993["x"]', "42" + "9" * 300 + '["x"]', "42" + "[" * 100_000,
                 '42["x",' + '{"a":' * 5000 + "1" + "}" * 5000 + "]", '42["x","\\ud80"]',
                 "431[", "43[]", "4", "44{}", "49", "42/nowhere,[\"x\"]", "40", '42["x"']:
        refused(text)
    client = Client(MALLORY["token"])
    client.say("42[\"x\",\"\ud800\"]")
    assert client.code() == 1007
    client = Client(MALLORY["token"])
    client.say('421["join_room",{"recipientId":"a\\u0000b"}]')
    client.say('422["join_room",{"recipientId":"' + "x" * 5000 + '"}]')
    client.say('423["' + "x" * 5000 + '",{"recipientId":1e999}]')
    for number in (b"431[", b"432[", b"433["):
        client.wait_for(number)
    client.socket.close()


def requests_at_once():
    sid = open_polling()
    target = f"{POLLING}&sid={sid}"
    requests.post(RELAY + target, data="40" + json.dumps({"token": MALLORY["token"]}),
                  timeout=PATIENCE)
    while "40{" not in requests.get(RELAY + target, timeout=PATIENCE).text:
        pass
    first = dial()
    first.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    # The first waits once a message of the session's own connection has been answered.
    time.sleep(0.1)
    assert requests.get(RELAY + target, timeout=PATIENCE).status_code == 400
    assert first.recv(65536).endswith(b"\r\n\r\n1")
    assert requests.get(RELAY + target, timeout=PATIENCE).json()["message"] == "Session ID unknown"


def too_many_sessions():
    """From an address that is not the one where a proxy would be."""
    request = f"GET {POLLING} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    client, statuses = dial("127.0.0.2"), []
    client.sendall(request * 100)
    answers = b""
    for _ in range(30):
        while answers.count(b"HTTP/1.1 ") < 100:
            answers += client.recv(1 << 20)
        statuses += re.findall(rb"HTTP/1.1 (\d+)", answers)
        answers = b""
        if b"429" in statuses:
            break
        client.sendall(request * 100)
    client.close()
    assert statuses.count(b"200") >= 900 and b"429" in statuses, len(statuses)
    assert http(request) == 200


def started_and_left_alone():
    """Half a request, half a handshake, an upgrade that is never finished: given up in time."""
    sid = open_polling()
    probe = Client(sid=sid)
    probe.say("2probe")
    probe.wait_for(b"3probe")
    silent, half, drip = dial(), dial(), dial()
    half.sendall(UPGRADE[:80])
    stop = threading.Event()

    def dripping():
        for byte in b"GET /healthz HTTP/1.1\r\nX: " + b"y" * 1000:
            if stop.wait(0.3):
                return
            try:
                drip.sendall(bytes([byte]))
            except OSError:
                return

    threading.Thread(target=dripping, daemon=True).start()
    started = time.monotonic()
    rest(silent)
    assert b" 408 " in rest(half) and b" 408 " in rest(drip)
    rest(probe.socket)
    stop.set()
    assert time.monotonic() - started < 60
    # The session that was to change goes on polling.
    target = f"{POLLING}&sid={sid}"
    assert requests.post(RELAY + target, data="40", timeout=PATIENCE).status_code == 200
    assert requests.get(RELAY + target, timeout=PATIENCE).text.startswith("44{")


MALLORY, BYSTANDER = account("mallory"), account("bystander")
answers, gone = queue.Queue(), []
bystander = socketio.Client(reconnection=False)
bystander.on("typing:user", answers.put)
bystander.on("disconnect", lambda *_: gone.append(True))
bystander.connect(
    RELAY, auth={"token": BYSTANDER["token"]}, transports=["websocket"], wait_timeout=PATIENCE)


def bystander_is_served():
    bystander.emit("typing:start", {"recipientId": BYSTANDER["user"]["_id"]})
    assert answers.get(timeout=PATIENCE)["isTyping"] and not gone


bystander_is_served()
before = resident()
for abuse in [
        huge_and_tiny_bodies_cve_2020_36048_36049, other_sites_cve_2020_28481,
        garbage_after_the_upgrade_cve_2022_21676, resets_during_the_handshake_cve_2022_41940,
        hostile_queries_cve_2023_31125, placeholders_cve_2022_2421,
        event_names_cve_2023_32695_2024_38355, attachments_without_end_cve_2026_33151,
        many_headers_cve_2021_32640_2024_37890, tiny_fragments_cve_2026_48779,
        close_reasons_cve_2026_45736, lengths_cve_2016_10542, compression_is_not_agreed_to,
        smuggled_requests, tokens, numbers_and_nesting, requests_at_once, too_many_sessions,
        started_and_left_alone]:
    started = time.monotonic()
    abuse()
    bystander_is_served()
    print(f"{abuse.__name__} ({time.monotonic() - started:.1f} s)", flush=True)
grown = resident() - before
print(f"grown by {grown} kB")
assert grown < 24 << 10, grown
sys.stdout.flush()
os._exit(0)
