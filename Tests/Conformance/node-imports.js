// What the suites import: Debian keeps these modules where ES modules are not looked for.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

globalThis.WebSocket = require("ws").WebSocket;
globalThis.chai = require("chai");
// Of chai-string the suites use this alone.
chai.use(({ Assertion }) => {
  Assertion.addMethod("startsWith", function (start) {
    const text = this._obj;
    this.assert(
      typeof text === "string" && text.startsWith(start),
      `expected ${text} to start with ${start}`,
      `expected ${text} not to start with ${start}`,
    );
  });
});
