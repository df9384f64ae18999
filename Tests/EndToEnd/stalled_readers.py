"""Two clients that stop reading, one stock and one that acknowledges, and a third who must not
notice. What the two have not read is in the relay's store when they come again.

    stalled_readers.py RELAY_PID

The relay is in $PARLEY_RELAY and logs into relay.log.
"""
import base64, json, os, queue, re, socket, sys, time, urllib.parse

import requests
import socketio

RELAY = os.environ["PARLEY_RELAY"]
PID = sys.argv[1]
PATIENCE = 30
COUNT, SIZE = 300, 40_000
SEALED = {"ciphertext": "A" * SIZE, "iv": "aXY=", "tag": "dGFn", "messageType": "text"}
where = urllib.parse.urlsplit(RELAY)


def login(name):
    body = {"name": name, "email": f"{name}@example.com", "password": f"correct horse {name}"}
    requests.post(RELAY + "/api/auth/register", json=body, timeout=PATIENCE)
    return requests.post(RELAY + "/api/auth/login", json=body, timeout=PATIENCE).json()


class Raw:
    """A bare socket that reads when it is told to."""

    def __init__(self, token, reliable, window=None):
        self.data = b""
        self.socket = socket.socket()
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.settimeout(PATIENCE)
        self.socket.connect((where.hostname, where.port))
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {where.netloc}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode())
        while b"\r\n\r\n" not in self.data:
            self.data += self.socket.recv(4096)
        self.data = self.data.split(b"\r\n\r\n", 1)[1]
        self.say("40" + json.dumps({"token": token, "reliable": reliable}))
        while not any(text.startswith(b'40{"sid"') for text in self.frames()):
            self.data += self.socket.recv(4096)

    def say(self, text):
        payload = text.encode()
        size = len(payload)
        head = bytes([0x81, 0x80 | size]) if size < 126 else (
            bytes([0x81, 0xFE]) + size.to_bytes(2, "big"))
        self.socket.sendall(head + bytes(4) + payload)

    def frames(self):
        """Takes the payloads of the frames that are there whole."""
        at = 0
        while at + 2 <= len(self.data):
            size, start = self.data[at + 1] & 0x7F, at + 2
            if size >= 126:
                width = 2 if size == 126 else 8
                size = int.from_bytes(self.data[start:start + width], "big")
                start += width
            if start + size > len(self.data):
                break
            yield self.data[start:start + size]
            at = start + size
        self.data = self.data[at:]

    def read_to_end(self):
        pieces = [self.data]
        try:
            while piece := self.socket.recv(1 << 20):
                pieces.append(piece)
        except ConnectionResetError:
            pass
        self.data = b"".join(pieces)
        return self.messages()

    def messages(self):
        return [json.loads(text[2:])[1]["messageId"] for text in self.frames()
                if text.startswith(b'42["receive_message"')]


def resident():
    return int(re.search(r"VmRSS:\s*(\d+)", open(f"/proc/{PID}/status").read())[1])


def wait_for(what, is_so):
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


alice, bob, carol, dave = map(login, ["alice", "bob", "carol", "dave"])
ids = {user["user"]["name"]: user["user"]["_id"] for user in [alice, bob, carol, dave]}


def stock(user, events):
    client = socketio.Client(reconnection=False)
    client.on("receive_message", lambda message: events.put(message["messageId"]))
    client.connect(
        RELAY, auth={"token": user["token"]}, transports=["websocket"], wait_timeout=PATIENCE)
    return client


sender, bystander = stock(alice, queue.Queue()), queue.Queue()
stock(dave, bystander)
stalled = {"bob": Raw(bob["token"], False, 4096), "carol": Raw(carol["token"], True, 4096)}


def send(name, seq):
    answer = sender.call(
        "send_message", {"recipientId": ids[name], "seq": seq, **SEALED}, timeout=PATIENCE)
    assert answer["success"], answer
    return answer["messageId"]


sent = {name: [] for name in ids}
before = highest = resident()
for seq in range(COUNT):
    for name in stalled:
        sent[name].append(send(name, seq))
    highest = max(highest, resident())
    if seq % 10 == 0:
        sent["dave"].append(send("dave", seq))
        assert bystander.get(timeout=PATIENCE) == sent["dave"][-1]
wait_for("both are sent away", lambda: open("relay.log").read().count("slowConsumer") == 2)
grown = highest - before
print(f"grown by {grown} kB for {2 * COUNT * SIZE >> 10} kB that were not read")
assert grown < 16 << 10, grown

# The acknowledging one said nothing, so all of it is still there, in order; it reads this time.
stalled["carol"].socket.close()
again = Raw(carol["token"], True)
got = []


def read_again():
    # Acknowledged as it comes, else the relay would not send the rest.
    again.data += again.socket.recv(1 << 20)
    for message in again.messages():
        got.append(message)
        again.say('42["message:delivered",' + json.dumps(
            {"messageId": message, "senderId": ids["alice"]}) + "]")
    return len(got) >= COUNT


wait_for("all comes again", read_again)
assert got == sent["carol"], (len(got), len(set(got)))

# The stock one gets what the relay has kept; what the system had taken, it may read after all.
read = stalled["bob"].read_to_end()
kept = queue.Queue()
client = stock(bob, kept)
missing = set(sent["bob"]) - set(read)
rest = []
while missing - set(rest):
    rest.append(kept.get(timeout=PATIENCE))
print(f"the stock one: {len(read)} read, {len(rest)} kept, {len(set(read) & set(rest))} in both")
assert len(rest) == len(set(rest)) and len(set(read) & set(rest)) <= 2
sys.stdout.flush()
os._exit(0)
