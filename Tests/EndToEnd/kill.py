"""Kills relay, sendmsg and recvmsg with SIGKILL at random moments under a stream of messages.

    kill.py BIN_DIR [--messages 5000] [--kills 100] [--mode inbox|stdout] [--seed N]

Every message must arrive. With `inbox` each arrives exactly once, even while somebody else takes
the files away; on stdout no more are repeated than there were kills of recvmsg.
"""
import argparse, json, os, pathlib, random, shutil, signal, socket, subprocess, sys, tempfile, threading, time

ask = argparse.ArgumentParser()
ask.add_argument("bin")
ask.add_argument("--messages", type=int, default=5000)
ask.add_argument("--kills", type=int, default=100)
ask.add_argument("--mode", choices=["inbox", "stdout"], default="inbox")
ask.add_argument("--seed", type=int, default=None)
ask.add_argument("--seconds", type=float, default=240, help="gives up after this long")
ask = ask.parse_args()
seed = ask.seed if ask.seed is not None else random.randrange(1 << 32)
random.seed(seed)
print(f"kill test: mode {ask.mode}, {ask.messages} messages, {ask.kills} kills, seed {seed}")

os.umask(0o077)
scratch = pathlib.Path(tempfile.mkdtemp())
os.umask(0o077)
tool = lambda name: os.path.join(os.path.abspath(ask.bin), name)


def home(who):
    place = scratch / who
    place.mkdir(exist_ok=True)
    return dict(os.environ, XDG_CONFIG_HOME=str(place / "config"), XDG_STATE_HOME=str(place / "state"), PARLEY_RELAY=url)


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
url = f"http://127.0.0.1:{port}"
give_up = time.monotonic() + ask.seconds
stopping = threading.Event()


class Program:
    """A program that is started again whenever it was killed, until `finished`."""

    def __init__(self, name):
        self.name, self.kills, self.process, self.lock = name, 0, None, threading.Lock()

    def kill(self):
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                return False
            self.process.send_signal(signal.SIGKILL)
            self.kills += 1
            return True


relay, sender, receiver = Program("signal-relay"), Program("sendmsg"), Program("recvmsg")
log = open(scratch / "stderr.log", "ab")


def start_relay():
    relay.process = subprocess.Popen(
        [tool("signal-relay"), "--listen", f"127.0.0.1:{port}", "--db", str(scratch / "relay.db")],
        env=home("relay"), stdout=subprocess.DEVNULL, stderr=log)


def wait_for_relay():
    while time.monotonic() < give_up:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    sys.exit("kill test: the relay does not come up")


def keep_relay():
    while not stopping.is_set():
        with relay.lock:
            start_relay()
        relay.process.wait()
        if not stopping.is_set() and relay.process.returncode != -signal.SIGKILL:
            print("kill test: the relay ended by itself with", relay.process.returncode)
            stopping.set()


def run(who, *words, **more):
    return subprocess.run([tool(words[0]), *words[1:]], env=home(who), check=True, stderr=log, **more)


threading.Thread(target=keep_relay, daemon=True).start()
wait_for_relay()
for who in ["alice", "bob"]:
    (scratch / f"{who}.password").write_text("correct horse battery " + who)
    run(who, "relay-login", "--register", "--name", who, "--email", f"{who}@example.com", "--password-file", str(scratch / f"{who}.password"))
    with open(scratch / f"{who}.pub", "wb") as out:
        run(who, "keygen", "-o", str(scratch / f"{who}.key"), stdout=out)
plain = "".join(f"message {n}\n" for n in range(ask.messages)).encode()
sealed = run("alice", "encrypt", "--lines", "-i", str(scratch / "alice.key"), "-r", str(scratch / "bob.pub"), input=plain, stdout=subprocess.PIPE).stdout.splitlines()
ids = [json.loads(line)["id"] for line in sealed]
assert len(set(ids)) == ask.messages

receipts = set()
false_receipts = []


def feed(process, lines):
    """About 400 messages a second, so that the kills fall into the stream."""
    try:
        for line in lines:
            process.stdin.write(line + b"\n")
            process.stdin.flush()
            time.sleep(0.0025)
        process.stdin.close()
    except OSError:
        pass


def keep_sending():
    while len(receipts) < ask.messages and not stopping.is_set():
        rest = [line for line, id in zip(sealed, ids) if id not in receipts]
        with sender.lock:
            sender.process = subprocess.Popen(
                [tool("sendmsg"), "--to", "bob@example.com", "--timeout", "60s"], env=home("alice"),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        process = sender.process
        threading.Thread(target=feed, args=(process, rest), daemon=True).start()
        for line in process.stdout:
            if not line.endswith(b"\n"):
                break
            receipt = json.loads(line)
            if receipt.get("status") in ("stored", "delivered", "read"):
                receipts.add(receipt["id"])
        process.wait()


arrived = []
inbox, done = scratch / "inbox", scratch / "done"
done.mkdir()


def keep_receiving():
    while not stopping.is_set():
        words = [tool("recvmsg"), "--follow"]
        if ask.mode == "inbox":
            words += ["--inbox", str(inbox)]
        with receiver.lock:
            receiver.process = subprocess.Popen(words, env=home("bob"), stdout=subprocess.PIPE, stderr=log)
        process = receiver.process
        for line in process.stdout:
            if ask.mode == "stdout" and line.endswith(b"\n"):
                arrived.append(json.loads(line)["id"])
        process.wait()
        if process.returncode not in (-signal.SIGKILL, -signal.SIGTERM) and not stopping.is_set():
            time.sleep(0.1)


def take_from_inbox():
    """Another program's part of a Maildir: takes each file out as soon as it is there."""
    serial = 0
    while not stopping.is_set() or any((inbox / "new").glob("*")):
        for file in sorted((inbox / "new").glob("*")) if (inbox / "new").is_dir() else []:
            serial += 1
            place = done / str(serial)
            file.rename(place)
            arrived.append(json.loads(place.read_text())["id"])
        time.sleep(0.005)


threads = [threading.Thread(target=keep_sending, daemon=True), threading.Thread(target=keep_receiving, daemon=True)]
if ask.mode == "inbox":
    threads.append(threading.Thread(target=take_from_inbox, daemon=True))
for thread in threads:
    thread.start()

kills = 0
while kills < ask.kills and time.monotonic() < give_up and not stopping.is_set():
    time.sleep(random.uniform(0.02, 0.2))
    if random.choice([relay, sender, receiver]).kill():
        kills += 1
    if len(receipts) >= ask.messages and len(set(arrived)) >= ask.messages:
        break
while len(set(arrived)) < ask.messages and time.monotonic() < give_up and not stopping.is_set():
    time.sleep(0.05)
time.sleep(1)
stopping.set()
for program in (receiver, sender, relay):
    with program.lock:
        if program.process and program.process.poll() is None:
            program.process.terminate()
for thread in threads:
    thread.join(10)
for program in (receiver, sender, relay):
    if program.process:
        program.process.wait(30)

missing = set(ids) - set(arrived)
repeated = len(arrived) - len(set(arrived))
strange = set(arrived) - set(ids)
print(f"killed: relay {relay.kills}, sendmsg {sender.kills}, recvmsg {receiver.kills}; receipts {len(receipts)}; "
      f"arrived {len(arrived)}, missing {len(missing)}, repeated {repeated}")
allowed = 0 if ask.mode == "inbox" else receiver.kills
good = not missing and not strange and repeated <= allowed and kills >= ask.kills and len(receipts) == ask.messages
if not good:
    print("kill test: FAILED; evidence in", scratch)
    sys.exit(1)
shutil.rmtree(scratch)
print("kill test: passed")
