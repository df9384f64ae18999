"""What clients do is what /metrics says, read by Prometheus's own parser.

    metrics.py METRICS-URL     with the relay in $PARLEY_RELAY
"""
import os, sys

import requests
import socketio
from prometheus_client.parser import text_string_to_metric_families

relay, url, patience = os.environ["PARLEY_RELAY"], sys.argv[1], 30


def scrape():
    """Every sample by (name, labels); each family has a type and a help, and comes once."""
    answer = requests.get(url, timeout=patience)
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    samples, names = {}, set()
    for family in text_string_to_metric_families(answer.text):
        assert family.name not in names and family.documentation and family.type != "unknown", family
        names.add(family.name)
        for sample in family.samples:
            key = (sample.name, *sample.labels.values())
            assert key not in samples, key
            samples[key] = sample.value
    return samples


def person(name):
    account = {"email": f"{name}@example.com", "password": "correct horse battery"}
    answer = requests.post(f"{relay}/api/auth/register", json={"name": name, **account}, timeout=patience)
    assert answer.status_code == 201, answer.text
    return answer.json()


def connect(token, transport):
    client = socketio.Client(reconnection=False)
    client.connect(relay, auth={"token": token}, transports=[transport], wait_timeout=patience)
    return client


alice, bob = person("alice"), person("bob")
first = connect(alice["token"], "websocket")
second = connect(bob["token"], "polling")
message = {"recipientId": bob["user"]["_id"], "ciphertext": "c", "iv": "i", "tag": "t", "seq": 1}
for seq in range(10):
    first.call("send_message", {**message, "seq": seq}, timeout=patience)
assert first.call("send_message", {"recipientId": "nobody"}, timeout=patience)["code"] == "missingField"
assert first.call("typing:start", {"recipientId": "nobody"}, timeout=patience)["code"] == "unknownUser"
for number in range(300):
    first.emit(f"made up {number}", {})
assert first.call("made up last", {}, timeout=patience)["code"] == "unknownEvent"
try:
    connect("nonsense", "websocket")
    raise SystemExit("let in with nonsense")
except socketio.exceptions.ConnectionError:
    pass
wrong = {"email": "alice@example.com", "password": "not that one"}
assert requests.post(f"{relay}/api/auth/login", json=wrong, timeout=patience).json()["code"] == "wrongCredentials"

refused = 0
for _ in range(400):
    answer = requests.post(f"{relay}/api/auth/login", json=wrong, timeout=patience)
    if answer.status_code == 429:
        refused += 1
        break
assert refused == 1

samples = scrape()


def expect(value, *key):
    assert samples.get(key) == value, (key, samples.get(key), value)


expect(1, "parley_relay_connections", "websocket")
expect(1, "parley_relay_connections", "polling")
expect(2, "parley_relay_clients_connected_total")
expect(11, "parley_relay_events_total", "send_message")
expect(1, "parley_relay_events_total", "typing:start")
expect(301, "parley_relay_events_total", "unknown")
expect(301, "parley_relay_refusals_total", "event", "unknownEvent")
expect(1, "parley_relay_refusals_total", "event", "missingField")
expect(1, "parley_relay_refusals_total", "connection", "badToken")
logins = samples["parley_relay_refusals_total", "request", "wrongCredentials"]
assert logins >= 2
expect(1, "parley_relay_refusals_total", "request", "rateLimited")
reasons = {key[1]: value for key, value in samples.items() if key[0] == "parley_relay_limit_refusals_total"}
assert sum(reasons.values()) == 1 and reasons["failuresPerAccount"] == 1, reasons
assert {"connectionsPerAddress", "sessionsPerAddress", "handshakesPerSecond", "authRequests",
        "failuresPerAddress", "registrationsPerAddress"} < set(reasons), reasons
expect(1, "parley_relay_authentication_failures_total", "badToken")
expect(logins, "parley_relay_authentication_failures_total", "wrongCredentials")
expect(2, "parley_relay_accounts")
expect(2, "parley_relay_users_online")
expect(0, "parley_relay_messages_waiting")
expect(313, "parley_relay_event_seconds_count")
expect(313, "parley_relay_event_seconds_bucket", "+Inf")
assert samples["parley_relay_event_seconds_sum",] > 0
assert samples["parley_store_operations_total",] >= 4
assert samples["parley_store_transaction_seconds_count",] >= 4
assert samples["parley_relay_received_bytes_total",] > 5000
assert samples["parley_relay_sent_bytes_total",] > 5000
assert not any("made up" in part for key in samples for part in key)

# Who is away gets what is kept; who left is counted with the reason.
second.disconnect()
second.wait()
while scrape().get(("parley_relay_users_online",)) != 1:
    pass
first.call("send_message", {**message, "seq": 99}, timeout=patience)
samples = scrape()
expect(1, "parley_relay_messages_waiting")
assert sum(v for k, v in samples.items() if k[0] == "parley_relay_closes_total") >= 1
os._exit(0)
