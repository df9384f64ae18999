"""A web server that is no relay: it answers everything in one way.

    web_server.py PORT STATUS TYPE
"""
import http.server, sys

port, status, kind = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
page = b'{"message": "no Route matched with those values"}' if kind == "application/json" else b"<html>Hello</html>"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(page)))
        if status // 100 == 3:
            self.send_header("Location", "https://elsewhere.example/")
        self.end_headers()
        self.wfile.write(page)

    do_POST = do_GET

    def log_message(self, *arguments):
        pass


server = http.server.HTTPServer(("127.0.0.1", port), Handler)
print("listening", flush=True)
server.serve_forever()
