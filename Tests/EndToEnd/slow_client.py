"""A client on a bare socket that logs in, says "ready", and reads nothing until a line comes on
standard input. Then it reads to the end of the connection and prints the id of each message that
came whole, a line each.

    slow_client.py TOKEN

The relay is in $PARLEY_RELAY.
"""
import base64, json, os, socket, sys, urllib.parse

token = sys.argv[1]
relay = urllib.parse.urlsplit(os.environ["PARLEY_RELAY"])


def frame(text):
    """A masked text frame (RFC 6455 section 5.2); a mask of zeros changes nothing."""
    payload = text.encode()
    return bytes([0x81, 0xFE]) + len(payload).to_bytes(2, "big") + bytes(4) + payload


def frames(data):
    """The payloads of the frames that are there whole."""
    at = 0
    while at + 2 <= len(data):
        size, start = data[at + 1] & 0x7F, at + 2
        if size >= 126:
            width = 2 if size == 126 else 8
            size = int.from_bytes(data[start:start + width], "big")
            start += width
        if start + size > len(data):
            return
        yield data[start:start + size]
        at = start + size


client = socket.socket()
client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
client.settimeout(30)
client.connect((relay.hostname, relay.port))
key = base64.b64encode(os.urandom(16)).decode()
client.sendall(
    f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {relay.netloc}\r\n"
    f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    f"Sec-WebSocket-Key: {key}\r\n\r\n".encode())
data = b""
while b"\r\n\r\n" not in data:
    data += client.recv(4096)
data = data.split(b"\r\n\r\n", 1)[1]
client.sendall(frame("40" + json.dumps({"token": token})))
while not any(payload.startswith(b'40{"sid"') for payload in frames(data)):
    data += client.recv(4096)
print("ready", flush=True)
sys.stdin.readline()
pieces = [data]
try:
    while piece := client.recv(1 << 20):
        pieces.append(piece)
except ConnectionResetError:
    pass
for payload in frames(b"".join(pieces)):
    if payload.startswith(b'42["receive_message"'):
        print(json.loads(payload[2:])[1]["messageId"])
