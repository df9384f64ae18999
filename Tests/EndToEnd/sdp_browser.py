"""Has a headless browser make an offer and an answer, and take back what a program makes of them.

    sdp_browser.py chromium|firefox-esr THROUGH

THROUGH is run with a name and gets {"type", "sdp"}; each line that it prints is given to
setRemoteDescription of a new peer connection. Leaves NAME-offer.json and NAME-answer.json.
"""
import http.server, os, queue, signal, subprocess, sys, threading

browser, through = sys.argv[1:]
name = browser.split("-")[0]
result = queue.Queue()

PAGE = """<!DOCTYPE html><meta charset="utf-8"><script type="module">
const post = async (path, value) =>
  await (await fetch(path, { method: "POST", body: JSON.stringify(value) })).text();
const gathered = (peer) => new Promise((resolve) => {
  const check = () => peer.iceGatheringState === "complete" && resolve();
  peer.addEventListener("icegatheringstatechange", check);
  check();
  setTimeout(resolve, 5000);
});
const local = async (peer, make) => {
  await peer.setLocalDescription(await make());
  await gathered(peer);
  return { type: peer.localDescription.type, sdp: peer.localDescription.sdp };
};
// takes NAME DESCRIPTION: every form of it that comes back is accepted by a peer of its own.
const takes = async (name, description, peers) => {
  const lines = (await post("/through/" + name, description)).trim().split("\\n");
  if (lines.length !== 2) throw new Error(name + ": " + lines.length + " lines came back");
  for (const line of lines) await (await peers()).setRemoteDescription(JSON.parse(line));
};
try {
  const caller = new RTCPeerConnection();
  const context = new AudioContext();
  const sound = context.createMediaStreamDestination();
  caller.addTrack(sound.stream.getAudioTracks()[0], sound.stream);
  const canvas = document.createElement("canvas");
  canvas.getContext("2d").fillRect(0, 0, 9, 9);
  const picture = canvas.captureStream();
  caller.addTransceiver(picture.getVideoTracks()[0], {
    direction: "sendrecv", streams: [picture],
    sendEncodings: [{ rid: "h" }, { rid: "l", scaleResolutionDownBy: 2 }],
  });
  caller.createDataChannel("chat");
  const offer = await local(caller, () => caller.createOffer());
  await takes("NAME-offer", offer, async () => new RTCPeerConnection());
  const callee = new RTCPeerConnection();
  await callee.setRemoteDescription(offer);
  const answer = await local(callee, () => callee.createAnswer());
  await post("/keep/NAME-answer", answer);
  await caller.setRemoteDescription(answer);
  await post("/result", "ok");
} catch (error) {
  await post("/result", String(error) + " " + String(error?.stack));
}
</script>""".replace("NAME", name)


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, body, kind="text/plain"):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(PAGE.encode() if self.path == "/" else b"", "text/html")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        _, what, *rest = self.path.split("/")
        said = b""
        if what == "through":
            run = subprocess.run([through, rest[0]], input=body, capture_output=True)
            said = run.stdout
            if run.returncode:
                result.put(f"{through} {rest[0]}: {run.stderr.decode()}")
        elif what == "keep":
            with open(rest[0] + ".json", "wb") as kept:
                kept.write(body)
        self.answer(said)
        if what == "result":
            result.put(body.decode().strip('"'))

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/"
profile = os.path.abspath("profile-" + name)
os.makedirs(profile, exist_ok=True)
if name == "chromium":
    command = [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
               "--no-first-run", "--disable-background-networking", "--disable-component-update",
               "--disable-sync", "--disable-extensions", "--allow-loopback-in-peer-connection",
               "--autoplay-policy=no-user-gesture-required", "--user-data-dir=" + profile, address]
else:
    preferences = {
        "browser.aboutwelcome.enabled": False, "startup.homepage_welcome_url": "",
        "browser.shell.checkDefaultBrowser": False, "app.update.enabled": False,
        "datareporting.policy.dataSubmissionEnabled": False, "toolkit.telemetry.enabled": False,
        "network.captive-portal-service.enabled": False, "media.gmp-manager.url": "",
        "network.connectivity-service.enabled": False, "media.peerconnection.ice.loopback": True,
        "services.settings.server": "data:,#remote-settings-dummy/v1",
    }
    with open(profile + "/user.js", "w") as settings:
        for key, value in preferences.items():
            value = {True: "true", False: "false"}.get(value, f'"{value}"')
            settings.write(f'user_pref("{key}", {value});\n')
    command = [browser, "--headless", "--no-remote", "--profile", profile, address]
process = subprocess.Popen(
    command, stdout=subprocess.DEVNULL, stderr=open(name + ".log", "w"), start_new_session=True)
try:
    outcome = result.get(timeout=120)
except queue.Empty:
    outcome = "the page says nothing: " + open(name + ".log").read()[-2000:]
os.killpg(process.pid, signal.SIGKILL)
process.wait()
print(outcome)
sys.exit(outcome != "ok")
