"""What the clients of all families have in common, on the stock python-socketio.

The relay is in $PARLEY_RELAY; the first argument is the transport, `polling` or `websocket`.
"""

import os
import queue
import sys
import time

import requests
import socketio

RELAY = os.environ["PARLEY_RELAY"]
TRANSPORT = sys.argv[1]
PATIENCE = 30


def api(method, path, body=None, token=None, **query):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.request(
        method, RELAY + path, json=body, params=query, headers=headers, timeout=PATIENCE)


def account(name):
    """Registers and logs in: `{user, token, refresh_token}`."""
    body = {"name": name, "email": f"{name}@example.com", "password": f"planted-password-{name}"}
    made = api("POST", "/api/auth/register", body)
    assert made.status_code == 201, made.text
    assert made.json()["token"]
    login = api("POST", "/api/auth/login", {k: body[k] for k in ("email", "password")})
    assert login.status_code == 200, login.text
    assert login.json()["user"] == made.json()["user"]
    return login.json()


def log_out(login, *clients):
    """Logs out: the token is dead, and so are the connections made with it."""
    assert api("POST", "/api/auth/logout", token=login["token"]).status_code == 200
    assert api("GET", "/api/auth/me", token=login["token"]).status_code == 401
    for client in clients:
        while client.next("error").get("code") != "loggedOut":
            pass
        until(lambda: not client.client.connected, "the login's connection lives on")


def until(condition, otherwise):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)


class Client:
    """A connected client whose events are kept by name until somebody asks for them."""

    def __init__(self, login, events):
        self.user, self.id = login["user"], login["user"]["_id"]
        self.events = {name: queue.Queue() for name in [*events, "error"]}
        self.client = socketio.Client(reconnection=False)
        for name, received in self.events.items():
            self.client.on(name, received.put)
        self.client.connect(
            RELAY, auth={"token": login["token"]}, transports=[TRANSPORT], wait_timeout=PATIENCE)

    @property
    def sid(self):
        return self.client.get_sid()

    def emit(self, event, **fields):
        self.client.emit(event, fields)

    def next(self, event):
        try:
            return self.events[event].get(timeout=PATIENCE)
        except queue.Empty:
            waiting = {name: list(got.queue) for name, got in self.events.items() if got.qsize()}
            raise AssertionError(f"no {event}, but {waiting}") from None

    def nothing(self):
        """Nothing is left after a round trip through the relay."""
        self.client.call("no_such_event", {}, timeout=PATIENCE)
        assert self.next("error")["code"] == "unknownEvent"
        left = {name: list(got.queue) for name, got in self.events.items() if got.qsize()}
        assert not left, left

    def close(self):
        # The library may lose what it sent just before its own disconnect().
        self.client.call("no_such_event", {}, timeout=PATIENCE)
        self.next("error")
        self.client.disconnect()

    def leave(self, witness):
        """Closes a user's last connection, and waits until the relay tells another that it is gone."""
        self.close()

        def is_gone():
            answer = witness.client.call("typing:stop", {"recipientId": self.id}, timeout=PATIENCE)
            if "code" not in answer:
                return False
            assert witness.next("error")["code"] == answer["code"] == "peerOffline"
            return True

        until(is_gone, "the relay does not notice that a user is gone")


def finish():
    # The stock client's threads may sleep until the next heartbeat.
    sys.stdout.flush()
    os._exit(0)
