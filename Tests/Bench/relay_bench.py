"""signal-relay against python-socketio: server on one core, load generator on the other."""
import os, signal, socket, statistics, subprocess, time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
    raise SystemExit("bench: the server does not come up")


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(server, port, peer, tokens, connections, seconds):
    """(messages a second, messages per second of the server's CPU)."""
    before = cpu_seconds(server.pid)
    words = ["taskset", "-c", "1", peer("relay-load"), str(port), tokens, str(connections), "1", str(seconds)]
    load = subprocess.run(words, capture_output=True, text=True)
    if load.returncode:
        raise SystemExit(f"bench: {load.stdout.strip()} (the server on port {port}: {server.args})")
    rate = int(load.stdout)
    used = cpu_seconds(server.pid) - before
    return rate, rate * (seconds + 0.5) / used


def run(bench, tool, peer, row):
    python = str(bench_root() / ".venv/bin/python")
    seconds, rounds = (2, 1) if bench.quick else (4, 3)
    ours_port, peer_port = free_port(), free_port()
    tokens = bench.path("tokens")
    servers = [
        subprocess.Popen(["taskset", "-c", "0", tool("signal-relay"), "--listen", f"127.0.0.1:{ours_port}", "--db", bench.path("relay.db")], stderr=open(bench.path("relay.log"), "wb"), stdout=subprocess.DEVNULL),
        subprocess.Popen(["taskset", "-c", "0", python, str(bench_root() / "Tests/Bench/socketio_peer.py"), str(peer_port)]),
    ]
    try:
        for port in (ours_port, peer_port):
            wait_for(port)
        make_tokens(bench, tool, ours_port, tokens)
        for connections in (100, 1000):
            results = [[measure(server, port, peer, tokens, connections, seconds) for server, port in zip(servers, (ours_port, peer_port))] for _ in range(rounds)]
            median = lambda who, column: statistics.median(result[who][column] for result in results)
            row(f"relay: messages/s, {connections} connections / python-socketio", median(0, 0), median(1, 0), "1/s")
            row(f"relay: messages per core second, {connections} conn. / same", median(0, 1), median(1, 1), "1/s", 10, higher=True)
    finally:
        for server in servers:
            server.send_signal(signal.SIGTERM)
        for server in servers:
            server.wait()


def make_tokens(bench, tool, port, path):
    """Fifty users, whose connections address each other by socket id."""
    (bench.place / "password").write_text("a password for the bench\n")
    with open(path, "w") as out:
        for n in range(50):
            env = dict(os.environ, PARLEY_RELAY=f"http://127.0.0.1:{port}", XDG_CONFIG_HOME=bench.path(f"user{n}"))
            email = f"user{n}@example.com"
            subprocess.run([tool("relay-login"), "--register", "--name", f"user{n}", "--email", email, "--password-file", bench.path("password")], check=True, env=env, stdout=subprocess.DEVNULL)
            out.write(subprocess.run([tool("relay-login"), "--show-token"], check=True, env=env, capture_output=True, text=True).stdout)


def bench_root():
    import pathlib

    return pathlib.Path(__file__).resolve().parent.parent.parent
