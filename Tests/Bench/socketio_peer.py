"""The relay's peer in the bench: the same job on python-socketio (aiohttp, uvloop where there is one)."""
import sys

import socketio
from aiohttp import web

server = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins=[])
app = web.Application()
server.attach(app)


@server.event
async def connect(sid, environ, auth):
    return bool(auth and auth.get("token"))


@server.event
async def send_message(sid, message):
    to = message.pop("recipientId")
    await server.emit("receive_message", {"senderId": sid, **message}, to=to)
    await server.emit("message:sent", {"recipientId": to, "success": True}, to=sid)


try:
    import uvloop

    uvloop.install()
except ImportError:
    pass
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
