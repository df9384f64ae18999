"""A relay that takes its time to renew a login: it answers once there is a file `answer` here.

    slow_renewal.py PORT

It says "renewing" when it is asked. A refresh token works once.
"""
import http.server, json, os, sys, time

token, spent = None, []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global token
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        refresh = json.loads(body)["refresh_token"]
        print("renewing", flush=True)
        while not os.path.exists("answer"):
            time.sleep(0.02)
        if refresh in spent:
            return self.answer(401, {"message": "Spent"})
        spent.append(refresh)
        token = "fresh-%d" % len(spent)
        self.answer(200, {"token": token, "refresh_token": "refresh-%d" % len(spent)})

    def do_GET(self):
        if self.headers.get("Authorization") != "Bearer %s" % token:
            return self.answer(401, {"message": "Unknown"})
        self.answer(200, {"user": {"_id": "a"}})

    def answer(self, status, body):
        page = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        try:
            self.wfile.write(page)
        except OSError:
            pass  # Whoever asked has left.

    def log_message(self, *arguments):
        pass


server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
print("listening", flush=True)
server.serve_forever()
