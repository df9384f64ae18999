"""A relay that lets each client in and drops it: after SECONDS, whatever it says meanwhile.

    dropping_relay.py PORT SECONDS
"""
import base64, hashlib, json, socket, sys, threading, time

port, seconds = int(sys.argv[1]), float(sys.argv[2])


def frame(text):
    """A text frame (RFC 6455 section 5.2) of at most 125 bytes."""
    return bytes([0x81, len(text)]) + text.encode()


def serve(client):
    try:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(4096)
            if not piece:
                return
            head += piece
        key = next(line.split(b":")[1].strip() for line in head.split(b"\r\n")
                   if line.lower().startswith(b"sec-websocket-key:"))
        accept = base64.b64encode(
            hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        client.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        client.sendall(frame("0" + json.dumps(
            {"sid": "a", "upgrades": [], "pingInterval": 25000, "pingTimeout": 20000})))
        client.recv(4096)
        client.sendall(frame('40{"sid":"b"}'))
        time.sleep(seconds)
    except (OSError, StopIteration):
        pass
    finally:
        client.close()


server = socket.create_server(("127.0.0.1", port))
print("ready", flush=True)
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
