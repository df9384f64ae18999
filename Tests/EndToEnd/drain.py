"""Clients on the stock library that come back by themselves: drain.py COUNT.

Prints `connected N` and `gone REASON TIME N` (seconds) as that happens, until it is killed.
"""
import os, sys, threading, time

import requests
import socketio


def tell(*words):
    """Prints a line as one write, since each client has a thread of its own."""
    os.write(1, (" ".join(str(word) for word in words) + "\n").encode())


relay = os.environ["PARLEY_RELAY"]
account = {"name": "d", "email": "d@example.com", "password": "correct horse battery"}
token = requests.post(f"{relay}/api/auth/register", json=account, timeout=30).json()["token"]
clients = []
for number in range(int(sys.argv[1])):
    client = socketio.Client(reconnection_delay=0.1, reconnection_delay_max=1)

    @client.event
    def connect(number=number):
        tell("connected", number)

    @client.event
    def disconnect(reason, number=number):
        tell("gone", reason.replace(" ", "_"), time.monotonic(), number)

    client.connect(relay, auth={"token": token}, transports=[["websocket"], ["polling"]][number % 2], wait_timeout=30)
    clients.append(client)
threading.Event().wait()
