"""2,000 connections to the relay in $PARLEY_RELAY that say what no client says: random bytes,
requests that are cut off or altered, and WebSocket frames, packets and events that are.

    hostile_clients.py SEED TOKEN
"""
import os, random, socket, sys, urllib.parse

rng = random.Random(int(sys.argv[1]))
token = sys.argv[2]
relay = urllib.parse.urlsplit(os.environ["PARLEY_RELAY"])
host = relay.netloc.encode()

upgrade = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: " + host + b"\r\n"
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
requests = [
    upgrade,
    b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: " + host + b"\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: " + host + b"\r\n\r\n",
    b"POST /socket.io/?EIO=4&transport=polling&sid=x HTTP/1.1\r\nHost: " + host + b"\r\n"
    b"Content-Length: 2\r\n\r\n40",
    b"POST /api/auth/login HTTP/1.1\r\nHost: " + host + b"\r\nContent-Type: application/json\r\n"
    b'Content-Length: 40\r\n\r\n{"email":"bob@example.com","password":1}',
    b"POST /api/auth/register HTTP/1.1\r\nHost: " + host + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n",
    b"POST /api/auth/refresh HTTP/1.1\r\nHost: " + host + b"\r\nContent-Length: "
    b"99999999999999999999\r\n\r\n",
    b"GET /api/auth/me HTTP/1.1\r\nHost: " + host + b"\r\nAuthorization: Bearer " + token.encode()
    + b"\r\n\r\n",
]
packets = [
    b'40{"token":"' + token.encode() + b'"}', b"40", b"41", b"2", b"3probe", b"6", b"1", b"5",
    b'42["send_message",{"recipientId":"bob@example.com","ciphertext":"","iv":"","tag":"","seq":1}]',
    b'42["send_message",{"recipientId":null}]', b'42["message:delivered",{"messageId":"x"}]',
    b'42999999999999999999999["join_room",{}]', b'451-["x",{"_placeholder":true,"num":9}]',
    b'42["join_room",{"recipientId":"' + b"x" * 300 + b'"}]', b"42" + b"[" * 5000, b'42["x",' + b"9" * 400,
    b'42["\xff\xfe"]', b'42["disconnect"]', b'40/other,{}', b'43' + b"1" * 30 + b"[]", b"bAAAA", b"",
]


def frame(payload):
    opcode = rng.choice([0x81] * 8 + [0x82, 0x80, 0x01, 0x88, 0x89, 0x8A, 0x83, 0xF1])
    size = len(payload)
    lie = rng.random()
    if lie < 0.05:
        head = bytes([opcode, 0xFF]) + rng.randbytes(8)
    elif size < 126:
        head = bytes([opcode, size | (0 if lie > 0.95 else 0x80)])
    else:
        head = bytes([opcode, 0xFE]) + min(size, 65535).to_bytes(2, "big")
    return head + bytes(4) + payload


def altered(data):
    data = bytearray(data)
    for _ in range(rng.choice([0, 0, 1, 1, 3, 20])):
        if not data:
            break
        at = rng.randrange(len(data))
        match rng.randrange(4):
            case 0: data[at] = rng.randrange(256)
            case 1: del data[at:at + rng.randrange(20)]
            case 2: data[at:at] = rng.randbytes(rng.randrange(20))
            case 3: data[at:at] = data[at:at + rng.randrange(200)]
    if rng.random() < 0.3:
        del data[rng.randrange(len(data) + 1):]
    return bytes(data)


def words():
    kind = rng.randrange(5)
    if kind == 0:
        return rng.randbytes(rng.randrange(4000))
    if kind == 1:
        return altered(rng.choice(requests))
    if kind == 2:
        return b"".join(altered(rng.choice(requests)) for _ in range(rng.randrange(10)))
    said = [packets[0]] if rng.random() < 0.7 else []
    said += [rng.choice(packets) for _ in range(rng.randrange(12))]
    if kind == 3:
        return upgrade + b"".join(frame(packet) for packet in said)
    return upgrade + altered(b"".join(frame(packet) for packet in said))


# Many are open at a time; the oldest is closed, in order or by a reset, for each new one.
clients = []
for _ in range(2000):
    client = socket.create_connection((relay.hostname, relay.port), timeout=5)
    clients.append(client)
    try:
        client.sendall(words())
        if rng.random() < 0.5:
            client.settimeout(0.002)
            client.recv(4096)
    except OSError:
        pass
    if len(clients) > 200:
        oldest = clients.pop(rng.randrange(100))
        if rng.random() < 0.3:
            oldest.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        oldest.close()
