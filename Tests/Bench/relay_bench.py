"""signal-relay against other servers: the server on one core, the load generator on the other.

All do the same job for the same generator: a client with a token joins under its user id, and a
message for a user goes to that user's connection. The CPU time that the server takes for a message
comes first: it can be trusted on a machine that has other work, where messages a second cannot.
"""
import base64, hashlib, hmac, json, os, pathlib, secrets, shutil, signal, socket, statistics, subprocess, tempfile, time

root = pathlib.Path(__file__).resolve().parent.parent.parent
packages = ["node-ws", "nodejs", "nats-server"]
user_count = 10_000


class Server:
    """A server on core 0 that listens on `port`."""

    def __init__(self, words, port, dialect="socketio", log=subprocess.DEVNULL, pinned=True):
        self.port, self.dialect = port, dialect
        words = ["taskset", "-c", "0", *words] if pinned else words
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=log)
        for _ in range(400):
            try:
                return socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"bench: this server does not come up: {words}")

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """The resident set in KiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Bench:
    def __init__(self, bench, tool, peer, alone, row, limit):
        self.path, self.tool, self.peer, self.alone = bench.path, tool, peer, alone
        self.row, self.limit = row, limit
        self.seconds, self.rounds = (1, 1) if bench.quick else (3, 5)
        self.secret = self.path("relay-secret")
        pathlib.Path(self.secret).write_text(secrets.token_hex(32))
        self.write_users()

    def write_users(self):
        """A token for each user, as the relay's own login makes them (RFC 7519, HS256)."""
        key = pathlib.Path(self.secret).read_bytes()
        encode = lambda value: base64.urlsafe_b64encode(value).rstrip(b"=")
        now = int(time.time())
        head = encode(b'{"alg":"HS256","typ":"JWT"}')
        with open(self.path("users"), "wb") as out:
            for number in range(user_count):
                name = f"{number:024x}"
                claims = {"_id": name, "email": f"user{number}@example.com", "iat": now, "exp": now + 86400}
                text = head + b"." + encode(json.dumps(claims).encode())
                token = text + b"." + encode(hmac.digest(key, text, "sha256"))
                out.write(name.encode() + b" " + token + b"\n")

    # The servers.

    def relay(self, database, port=None, pinned=True):
        port = port or free_port()
        words = [self.tool("signal-relay"), "--listen", f"127.0.0.1:{port}", "--db", database, "--jwt-secret-file", self.secret]
        return Server(words, port, log=open(self.path("relay.log"), "ab"), pinned=pinned)

    def peers(self):
        ports = [free_port() for _ in range(4)]
        configuration = pathlib.Path(self.path("nats.conf"))
        configuration.write_text(f'listen: "127.0.0.1:-1"\nwebsocket {{ listen: "127.0.0.1:{ports[3]}", no_tls: true }}\n')
        return {
            "bare": Server([self.peer("relay-bare"), str(ports[0])], ports[0]),
            "node-ws": Server(["node", str(root / "Tests/Bench/ws_peer.js"), str(ports[1])], ports[1]),
            "python-socketio": Server([str(root / ".venv/bin/python"), str(root / "Tests/Bench/socketio_peer.py"), str(ports[2])], ports[2]),
            "NATS": Server(["nats-server", "-c", str(configuration)], ports[3], "nats"),
        }

    # Measuring.

    def load(self, server, job, clients, **settings):
        """What the generator says, of a run that had the machine for itself if there was one."""
        given = {"port": server.port, "pid": server.process.pid, "users": self.path("users"), "dialect": server.dialect, "clients": clients, **settings}
        words = ["taskset", "-c", "1", self.peer("relay-load"), job, *(f"{name.replace('_', '-')}={value}" for name, value in given.items())]

        def run():
            start, before, spent = time.perf_counter(), server.cpu(), children_cpu()
            ran = subprocess.run(words, capture_output=True, text=True)
            if ran.returncode:
                raise SystemExit(f"bench: {ran.stdout.strip()}: {' '.join(words)}")
            cpu = server.cpu() - before + children_cpu() - spent
            return time.perf_counter() - start, cpu, json.loads(ran.stdout)

        return self.alone(run, tries=3)[2]

    def rounds_of(self, servers, job, clients, **settings):
        """For each server the medians over rounds in which they take turns."""
        results = {name: [] for name in servers}
        for _ in range(self.rounds):
            for name, server in servers.items():
                results[name].append(figures(self.load(server, job, clients, **settings)))
        median = lambda rows: {key: statistics.median(row[key] for row in rows) for key in rows[0]}
        return {name: median(rows) for name, rows in results.items()}

    def compare(self, what, servers, targets, clients, **settings):
        """A row a peer: messages for each second of the server's core."""
        found = self.rounds_of(servers, "exchange", clients, seconds=self.seconds, **settings)
        costs = ", ".join(f"{name} {median['us']:.2f}" for name, median in found.items())
        print(f"relay: {what}: us of CPU a message: {costs}", flush=True)
        for name, target in targets.items():
            self.row(f"relay: {what}, messages a core second / {name}", found["ours"]["per_core"], found[name]["per_core"], "1/s", target, higher=True)

    # The rows.

    def messages(self):
        ours = self.relay(self.path("relay.db"))
        servers = {"ours": ours, **self.peers()}
        only = lambda *names: {name: servers[name] for name in ("ours", *names)}
        try:
            self.load(ours, "join", 1000)  # Accounts are made, so that no row pays for that.
            signal = {"message": "signal"}
            self.compare("1,000 conn.", servers, {"node-ws": 2.5, "python-socketio": 20, "NATS": 2.2, "bare": 0.7}, 1000, **signal)
            self.compare("pipelined", only("node-ws", "NATS", "bare"), {"node-ws": 12, "NATS": None, "bare": None}, 100, in_flight=16, **signal)
            for clients in (100, 1000):
                self.compare(f"acknowledged, {clients} conn.", only("python-socketio"), {"python-socketio": 10}, clients, message="message")
            self.pace(ours)
        finally:
            for server in servers.values():
                server.stop()

    def pace(self, ours):
        found = self.rounds_of({"ours": ours}, "pace", 1000, rate=10_000, seconds=self.seconds)["ours"]
        self.limit("relay: cores at 10,000 messages/s, 1,000 conn.", found["cores"], 0.45, "cores")
        self.limit("relay: the same, latency, p50", found["p50"] * 1e6, 120, "us")
        self.limit("relay: the same, latency, p99", found["p99"] * 1e6, 500, "us")

    def connections(self):
        """All users connect; then a new process, which knows the accounts, holds them all."""
        database = self.path("connections.db")
        server = self.relay(database)
        self.load(server, "join", user_count)
        found = self.rounds_of({"ours": server}, "join", user_count, at_once=256)["ours"]
        server.stop()
        self.limit("relay: connects a core second, with HS256", found["per_core"], 10_000, "1/s", at_least=True)
        print(f"relay: connects: {found['us']:.1f} us of CPU each, {found['rate']:.0f}/s with this generator", flush=True)
        server = self.relay(database)
        self.load(server, "join", 100)
        time.sleep(1)
        base = server.memory()
        words = ["hold", f"port={server.port}", f"pid={server.process.pid}", f"users={self.path('users')}", f"clients={user_count}"]
        holder = subprocess.Popen([self.peer("relay-load"), *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if holder.stdout.readline() != "held\n":
            raise SystemExit("bench: the relay does not hold so many connections")
        time.sleep(3)
        held = server.memory()
        holder.communicate()
        server.stop()
        self.limit("relay: KiB an idle connection, 10,000 held", (held - base) / user_count, 3, "KiB")

    def kept(self):
        """On a disk: what is committed must be on one."""
        with tempfile.TemporaryDirectory(dir=root / ".build") as place:
            server = self.relay(place + "/relay.db")
            self.load(server, "join", 1000)
            found = self.rounds_of({"ours": server}, "keep", 100, message="kept", in_flight=16, seconds=self.seconds)["ours"]
            server.stop()
        self.limit("relay: kept messages/s of 1 KiB, committed", found["rate"], 30_000, "1/s", at_least=True)
        print(f"relay: kept messages: {found['us']:.1f} us of CPU each", flush=True)


def figures(result):
    """What is compared: a second of the server's CPU, a second on the clock, and latencies."""
    count, cpu = result["count"], max(result["cpu"], 0.01)
    return {"per_core": count / cpu, "us": cpu / max(count, 1) * 1e6, "rate": count / result["seconds"], "cores": cpu / result["seconds"], "p50": result.get("p50", 0), "p99": result.get("p99", 0)}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children_cpu():
    times = os.times()
    return times.children_user + times.children_system


def run(bench, tool, peer, alone, row, limit):
    if not (shutil.which("node") and shutil.which("nats-server") and pathlib.Path("/usr/share/nodejs/ws").is_dir()):
        raise SystemExit(f"bench: these packages are missing: {' '.join(packages)}")
    rows = Bench(bench, tool, peer, alone, row, limit)
    rows.messages()
    rows.connections()
    rows.kept()
