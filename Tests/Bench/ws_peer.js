// The relay's peer in the bench: the same job on Node.js and Debian's node-ws.
//
//     ws_peer.js PORT
"use strict";
const { WebSocketServer } = require("/usr/share/nodejs/ws");

const users = new Map();
let lastID = 0;

function relay(socket, text) {
  const [name, message] = JSON.parse(text);
  if (name === "ice_candidate") {
    const peer = users.get(message.peer_id);
    const event = { ...message, peer_id: socket.user };
    if (peer) peer.send("42" + JSON.stringify(["ice_candidate", event]));
  }
}

function join(socket, text) {
  const auth = JSON.parse(text);
  if (!auth.token || !auth.user) return socket.close();
  socket.user = auth.user;
  users.set(auth.user, socket);
  socket.send('40{"sid":"' + ++lastID + '"}');
}

const server = new WebSocketServer({
  port: Number(process.argv[2]),
  host: "127.0.0.1",
  path: "/socket.io/",
  perMessageDeflate: false,
});
server.on("connection", (socket) => {
  socket.on("message", (data) => {
    const text = data.toString();
    if (text.startsWith("42")) relay(socket, text.slice(2));
    else if (text.startsWith("40")) join(socket, text.slice(2));
  });
  socket.on("close", () => users.delete(socket.user));
  socket.send('0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000}');
});
