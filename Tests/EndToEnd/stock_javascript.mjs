// The life of two clients on the stock JavaScript Socket.IO client, as in its documentation. The
// same in Node and in a browser.

const sealed = { ciphertext: "cGxhbnRlZA==", iv: "aXY=", tag: "dGFn", messageType: "text" };

function must(holds, what) {
  if (!holds) throw new Error(what);
}

/// The next event, within ten seconds.
function next(emitter, name) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${name}`)), 10_000);
    emitter.once(name, (value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

/// All events of a name, in order, each to be waited for.
function inbox(socket, name) {
  const come = [];
  const waiting = [];
  socket.on(name, (value) => (waiting.length ? waiting.shift()(value) : come.push(value)));
  return () =>
    come.length
      ? Promise.resolve(come.shift())
      : new Promise((resolve, reject) => {
          const timer = setTimeout(() => reject(new Error(`no ${name}`)), 10_000);
          waiting.push((value) => {
            clearTimeout(timer);
            resolve(value);
          });
        });
}

async function account(relay, name) {
  const api = async (path, body, headers = {}) => {
    const response = await fetch(`${relay}/api/auth/${path}`, {
      method: body ? "POST" : "GET",
      headers: { "Content-Type": "application/json", ...headers },
      body: body && JSON.stringify(body),
    });
    return [response.status, await response.json()];
  };
  const body = { name, email: `${name}@example.com`, password: `correct horse ${name}` };
  const [made] = await api("register", body);
  must(made === 201, `register: ${made}`);
  const [status, login] = await api("login", body);
  must(status === 200, `login: ${status}`);
  const [, me] = await api("me", undefined, { Authorization: `Bearer ${login.token}` });
  must(me.user._id === login.user._id, "me");
  return login;
}

async function refusals(io, relay, options, token) {
  for (const auth of [undefined, { token: "x" }, { token: token.slice(0, -2) }]) {
    const socket = io(relay, { ...options, auth });
    const error = await next(socket, "connect_error");
    must(error.message === "Authentication failed", error.message);
    must(error.data.code === (auth ? "badToken" : "noToken"), error.data.code);
    socket.close();
  }
  const nowhere = io(`${relay}/nowhere`, { ...options, auth: { token } });
  const error = await next(nowhere, "connect_error");
  must(error.message === "Invalid namespace", error.message);
  nowhere.close();
}

/// A namespace that the operator added asks for the same token and has the same events.
async function namespaces(io, relay, options, login) {
  const socket = io(`${relay}/calls`, { ...options, auth: { token: login.token } });
  await next(socket, "connect");
  socket.emit("typing:start", { recipientId: login.user._id });
  const typing = await next(socket, "typing:user");
  must(typing.isTyping, "typing in a namespace");
  socket.close();
  const stranger = io(`${relay}/calls`, options);
  must((await next(stranger, "connect_error")).message === "Authentication failed", "stranger");
  stranger.close();
}

/// A client that asks for it goes on where it was, also when it had got nothing yet.
async function recovery(io, relay, options, alice, bobLogin) {
  const to = bobLogin.user._id;
  const bob = io(relay, { ...options, auth: { token: bobLogin.token, recovery: true } });
  const positions = inbox(bob, "recovery:position");
  const received = inbox(bob, "receive_message");
  await next(bob, "connect");
  must(!bob.recovered && !(await positions()).recovered, "recovered from nothing");
  let seq = 100;
  for (const count of [0, 3, 5]) {
    for (let left = count; left > 0; left -= 1) {
      alice.emit("send_message", { recipientId: to, seq: (seq += 1), ...sealed });
      must((await received()).seq === seq, "before the break");
    }
    const id = bob.id;
    const gone = next(alice, "user:offline");
    const again = next(bob, "connect");
    bob.io.engine.close();
    await gone;
    for (let more = 0; more < 3; more += 1) {
      alice.emit("send_message", { recipientId: to, seq: (seq += 1), ...sealed });
    }
    await again;
    must(bob.recovered && bob.id === id, `not recovered with ${count}`);
    must((await positions()).recovered, "the relay's word");
    for (let more = 2; more >= 0; more -= 1) must((await received()).seq === seq - more, "order");
  }
  bob.disconnect();
  await next(alice, "user:offline");
}

export async function life(io, relay, prefix, transports, restart) {
  const options = { transports, forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 200 };
  const logins = [await account(relay, `${prefix}-a`), await account(relay, `${prefix}-b`)];
  await refusals(io, relay, options, logins[0].token);
  await namespaces(io, relay, options, logins[0]);

  const [alice, bob] = logins.map(({ token }) => io(relay, { ...options, auth: { token } }));
  const received = inbox(bob, "receive_message");
  const sent = inbox(alice, "message:sent");
  const back = inbox(alice, "receive_message");
  const upgrades = [alice, bob].map(async (socket) => {
    await next(socket, "connect");
    const { engine } = socket.io;
    // The change may be done before the relay has let the client in.
    if (engine.transport.name !== transports.at(-1)) await next(engine, "upgrade");
    const { name } = engine.transport;
    must(name === transports.at(-1), `the transport is ${name}`);
  });
  // What is sent while the transport changes arrives once, in order.
  const to = logins[1].user._id;
  for (let seq = 1; seq <= 50; seq += 1) {
    alice.emit("send_message", { recipientId: to, seq, ...sealed });
  }
  for (let seq = 1; seq <= 50; seq += 1) {
    const [answer, message] = [await sent(), await received()];
    must(answer.seq === seq && answer.success, `sent ${answer.seq}, not ${seq}`);
    must(message.seq === seq && message.ciphertext === sealed.ciphertext, `got ${message.seq}`);
    must(message.messageId === answer.messageId, "the message's id");
  }
  await Promise.all(upgrades);
  const first = alice.id;
  must(first && first !== bob.id && first !== alice.io.engine.id, "ids");

  // Acknowledgements, both ways of writing them.
  const answer = await alice.emitWithAck("send_message", { recipientId: to, seq: 51, ...sealed });
  must(answer.seq === 51 && answer.success, "acknowledgement");
  await received();
  const ack = new Promise((resolve) =>
    bob.emit("send_message", { recipient_id: logins[0].user._id, seq: 1, ...sealed }, resolve),
  );
  must((await ack).success && (await back()).seq === 1, "the way back");
  const big = "A".repeat(900_000);
  alice.emit("send_message", { recipientId: to, seq: 52, ...sealed, ciphertext: big });
  must((await received()).ciphertext === big, "900,000 bytes");

  // Binary data comes whole, and is refused in words: no event of the relay has any.
  alice.emit("send_message", { recipientId: to, seq: 53, ...sealed, ciphertext: new Uint8Array(3) });
  must((await next(alice, "message:error")).code === "binaryData", "binary data");

  // The relay dies, and they come back by themselves.
  const gone = [alice, bob].map((socket) => next(socket, "disconnect"));
  const again = [alice, bob].map((socket) => next(socket, "connect"));
  await restart();
  await Promise.all(gone);
  await Promise.all(again);
  must(alice.id !== first, "a new id");
  alice.emit("send_message", { recipientId: to, seq: 54, ...sealed });
  must((await received()).seq === 54, "after the restart");
  const bye = next(alice, "user:offline");
  bob.disconnect();
  must((await bye).userId === to, "offline");
  await recovery(io, relay, options, alice, logins[1]);
  alice.disconnect();
}
