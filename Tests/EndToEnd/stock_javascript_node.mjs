// stock_javascript_node.mjs CLIENT RELAY TRANSPORT,...: runs the clients' life in Node. It asks for
// a restart of the relay by making the file `restart`, which is gone once that is done.
import { existsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { life } from "./stock_javascript.mjs";

// The client's file is made for browsers: of what they have Node lacks these two.

class Reader {
  async readAsDataURL(blob) {
    const bytes = Buffer.from(await blob.arrayBuffer());
    this.result = `data:;base64,${bytes.toString("base64")}`;
    this.onload();
  }
}

class Request {
  withCredentials = false;
  readyState = 0;
  status = 0;
  responseText = "";
  #controller = new AbortController();
  #headers = {};

  open(method, url) {
    this.method = method;
    this.url = url;
  }
  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }
  getResponseHeader() {
    return null;
  }
  async send(body) {
    try {
      const response = await fetch(this.url, {
        method: this.method,
        headers: this.#headers,
        body: body ?? undefined,
        signal: this.#controller.signal,
      });
      this.responseText = await response.text();
      this.status = response.status;
    } catch {
      this.status = 0;
    }
    this.readyState = 4;
    if (!this.#controller.signal.aborted) this.onreadystatechange?.();
  }
  abort() {
    this.#controller.abort();
  }
}

globalThis.FileReader = Reader;
globalThis.XMLHttpRequest = Request;
globalThis.WebSocket = createRequire(import.meta.url)("ws").WebSocket;
const [client, relay, transports] = process.argv.slice(2);
const { io } = createRequire(import.meta.url)(client);

async function restart() {
  writeFileSync("restart", "");
  while (existsSync("restart")) await sleep(20);
}

const words = transports.split(",");
await life(io, relay, `node-${words.length}-${words[0]}`, words, restart);
process.exit(0);
