"""What the clients of the families have in common: an account over HTTP, events in queues."""

import os
import queue
import time

import requests
import socketio

RELAY = os.environ["PARLEY_RELAY"]
PATIENCE = 10


def api(method, path, body=None, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.request(method, RELAY + path, json=body, headers=headers, timeout=PATIENCE)


def ok(method, path, body=None, token=None, status=(200, 201)):
    answer = api(method, path, body, token)
    assert answer.status_code in status, (method, path, answer.status_code, answer.text)
    return answer.json()


def register(name):
    body = {"name": name, "email": f"{name}@example.com", "password": f"planted-password-{name}"}
    ok("POST", "/api/auth/register", body)
    return log_in(name)


def log_in(name):
    body = {"email": f"{name}@example.com", "password": f"planted-password-{name}"}
    return ok("POST", "/api/auth/login", body)


class Client:
    """A connection; every event that comes is put into a queue of its name."""

    def __init__(self, login, events):
        self.id = login["user"]["_id"]
        self.token = login["token"]
        self.events = {name: queue.Queue() for name in events + ["typing:user"]}
        self.client = socketio.Client(reconnection=False)
        for name, arrived in self.events.items():
            self.client.on(name, arrived.put)
        self.client.connect(RELAY, auth={"token": self.token}, wait_timeout=PATIENCE)

    def next(self, event):
        return self.events[event].get(timeout=PATIENCE)

    def nothing(self, *events):
        """Nothing of these is there after a round trip."""
        self.client.call("typing:stop", {"recipientId": self.id}, timeout=PATIENCE)
        self.next("typing:user")
        for event in events:
            assert self.events[event].empty(), (event, self.events[event].get())

    def ended(self):
        """Waits until the relay has closed the connection."""
        deadline = time.monotonic() + PATIENCE
        while self.client.connected:
            assert time.monotonic() < deadline, "the connection lives on"
            time.sleep(0.02)

    def close(self):
        self.client.disconnect()
