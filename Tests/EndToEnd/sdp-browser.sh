#!/bin/sh
# A browser takes what --to-sdp prints of its own offer, after JSON and after a change made with jq;
# what it offers and answers comes back byte for byte, and lint finds no error in it.
. "$(dirname "$0")/lib.sh"
needs chromium jq python3

# Its offer goes out, and what comes back from the tool goes in again, in one page.
cat >through <<'END'
#!/bin/sh
set -eu
cat >"$1.json"
sdp-inspect --json "$1.json" >"$1.form"
sdp-inspect --to-sdp "$1.form" >"$1.same"
jq -c '.media[0].direction = "recvonly" | (.media[] | select(.kind == "audio")).ptime = "40"' "$1.form" |
    sdp-inspect --to-sdp >"$1.changed"
jq -Rsc --slurpfile was "$1.json" '{type: $was[0].type, sdp: .}' "$1.same"
jq -Rsc --slurpfile was "$1.json" '{type: $was[0].type, sdp: .}' "$1.changed"
END
chmod +x through
python3 "$ROOT/Tests/EndToEnd/sdp_browser.py" chromium "$PWD/through" || fail "Chromium refuses it"
[ "$(jq -j .sdp chromium-offer.json | wc -c)" -gt 4000 ]
jq -j .sdp chromium-offer.json | cmp - chromium-offer.same
cmp -s chromium-offer.same chromium-offer.changed && fail "nothing was changed"
grep -q '^a=ptime:40' chromium-offer.changed

sh "$ROOT/Tests/EndToEnd/sdp_captured.sh" chromium-offer.json chromium-answer.json
