"""A webhook's receiver: answers 503 to the first post of each notice and 200 to the next, checks the
signature by itself, and writes a line a post. Prints its port first."""

import base64
import hashlib
import hmac
import http.server
import json
import sys

seen = set()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        identifier = self.headers["webhook-id"]
        signed = f"{identifier}.{self.headers['webhook-timestamp']}.".encode() + body
        expected = hmac.new(b"hook secret", signed, hashlib.sha256).digest()
        genuine = self.headers["webhook-signature"] == "v1," + base64.b64encode(expected).decode()
        again = identifier in seen
        seen.add(identifier)
        print(json.dumps({"again": again, "genuine": genuine, "path": self.path,
                          "body": json.loads(body)}), flush=True)
        self.send_response(200 if again else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, file=open(sys.argv[1], "w"), flush=True)
server.serve_forever()
