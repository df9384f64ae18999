#!/bin/sh
# Firefox takes back its own offer, through JSON and changed, as sdp-browser.sh says of Chromium.
. "$(dirname "$0")/lib.sh"
needs firefox-esr jq python3

cat >through <<'END'
#!/bin/sh
set -eu
cat >"$1.json"
sdp-inspect --json "$1.json" >"$1.form"
sdp-inspect --to-sdp "$1.form" | jq -Rsc '{type: "offer", sdp: .}'
jq -c '.media[0].direction = "recvonly"' "$1.form" | sdp-inspect --to-sdp |
    jq -Rsc '{type: "offer", sdp: .}'
END
chmod +x through
python3 "$ROOT/Tests/EndToEnd/sdp_browser.py" firefox-esr "$PWD/through" || fail "Firefox refuses it"
sh "$ROOT/Tests/EndToEnd/sdp_captured.sh" firefox-offer.json firefox-answer.json
