#!/bin/sh
# What GStreamer's webrtcbin offers and answers comes back byte for byte, and lint finds no error.
. "$(dirname "$0")/lib.sh"
needs jq /usr/bin/python3
# Debian's Python has the bindings, whatever python3 is here.
/usr/bin/python3 -c 'import gi; gi.require_version("GstWebRTC", "1.0")' 2>/dev/null || {
    echo "GStreamer with its Python bindings is not installed"
    exit 77
}
timeout 60 /usr/bin/python3 "$ROOT/Tests/EndToEnd/sdp_gstreamer.py" || fail "GStreamer makes nothing"
sh "$ROOT/Tests/EndToEnd/sdp_captured.sh" gstreamer-offer.json gstreamer-answer.json
