// sdp_transform.js COUNT: sdp-transform parses the description on standard input so often, and writes it.
const transform = require("/usr/share/nodejs/sdp-transform");
const text = require("fs").readFileSync(0, "utf8");
let sum = 0;
for (let turn = Number(process.argv[2]); turn > 0; turn--) sum += transform.write(transform.parse(text)).length;
console.log(sum);
