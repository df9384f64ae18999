"""Serves a page that runs the clients' life in headless Chromium, and says how it went.

    stock_javascript_page.py CLIENT RELAY TRANSPORT,...

The page is of another origin than the relay. A restart of the relay is asked for by making the file
`restart`, which is gone once that is done.
"""
import http.server, json, os, queue, signal, subprocess, sys, threading, time

client, relay, transports = sys.argv[1:]
words = transports.split(",")
here = os.path.dirname(os.path.abspath(__file__))
result = queue.Queue()

PAGE = f"""<!DOCTYPE html><meta charset="utf-8"><script src="/client.js"></script>
<script type="module">
import {{ life }} from "/life.mjs";
const tell = (path, text) => fetch(path, {{ method: "POST", body: text }});
try {{
  await life(io, {json.dumps(relay)}, "page-{len(words)}-{words[0]}", {json.dumps(words)},
    () => tell("/restart", ""));
  await tell("/result", "ok");
}} catch (error) {{
  await tell("/result", String(error?.stack ?? error));
}}
</script>"""


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, body, kind="text/plain"):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/client.js":
            self.answer(open(client, "rb").read(), "text/javascript")
        elif self.path == "/life.mjs":
            self.answer(open(f"{here}/stock_javascript.mjs", "rb").read(), "text/javascript")
        else:
            self.answer(PAGE.encode(), "text/html")

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        if self.path == "/restart":
            open("restart", "w").close()
            while os.path.exists("restart"):
                time.sleep(0.02)
        self.answer(b"")
        if self.path == "/result":
            result.put(text)

    def log_message(self, *words):
        pass


port = int(os.environ["PAGE_PORT"])
server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
browser = subprocess.Popen(
    ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
     "--no-first-run", "--disable-background-networking", "--disable-component-update",
     "--disable-sync", "--disable-extensions", "--user-data-dir=" + os.path.abspath("profile"),
     f"http://127.0.0.1:{port}/"],
    stdout=subprocess.DEVNULL, stderr=open("chromium.log", "w"), start_new_session=True)
try:
    outcome = result.get(timeout=120)
except queue.Empty:
    outcome = "the page says nothing: " + open("chromium.log").read()[-2000:]
os.killpg(browser.pid, signal.SIGKILL)
browser.wait()
print(outcome)
sys.exit(outcome != "ok")
