#!/bin/sh
# What aiortc offers and answers comes back byte for byte, and lint finds no error in it.
. "$(dirname "$0")/lib.sh"
needs jq python3
python3 -c 'import aiortc' 2>/dev/null || {
    echo "aiortc is not installed"
    exit 77
}
python3 "$ROOT/Tests/EndToEnd/sdp_aiortc.py" || fail "aiortc makes nothing, or refuses what came back"
sh "$ROOT/Tests/EndToEnd/sdp_captured.sh" aiortc-offer.json aiortc-answer.json
