"""The relay's peer in the bench: the same job on python-socketio (aiohttp, uvloop where there is one)."""
import sys

import socketio
from aiohttp import web

server = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins=[])
app = web.Application()
server.attach(app)
users, sids = {}, {}


@server.event
async def connect(sid, environ, auth):
    if not auth or not auth.get("token"):
        return False
    users[sid], sids[auth["user"]] = auth["user"], sid


@server.event
async def disconnect(sid, reason):
    sids.pop(users.pop(sid, None), None)


@server.event
async def ice_candidate(sid, message):
    to = sids[message["peer_id"]]
    await server.emit("ice_candidate", {**message, "peer_id": users[sid]}, to=to)


@server.event
async def send_message(sid, message):
    to = message.pop("recipientId")
    await server.emit("receive_message", {"senderId": users[sid], **message}, to=sids[to])
    await server.emit("message:sent", {"recipientId": to, "success": True}, to=sid)


try:
    import uvloop

    uvloop.install()
except ImportError:
    pass
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
