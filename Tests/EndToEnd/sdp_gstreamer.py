"""Writes gstreamer-offer.json and gstreamer-answer.json, the answer to it of a second webrtcbin."""
import json, os, sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC

CAPS = [
    "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=(string)2",
    "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000",
]
Gst.init(None)
loop = GLib.MainLoop()


def peer():
    pipeline = Gst.Pipeline.new()
    webrtc = Gst.ElementFactory.make("webrtcbin")
    webrtc.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
    pipeline.add(webrtc)
    pipeline.set_state(Gst.State.PLAYING)
    return pipeline, webrtc


def keep(name, description):
    with open(name, "w") as file:
        file.write(json.dumps({"type": name.split("-")[1].split(".")[0], "sdp": description.sdp.as_text()}) + "\n")


def when(webrtc, signal, *words):
    """Calls back with what the element's promise holds."""
    def give(then):
        webrtc.emit(signal, *words, Gst.Promise.new_with_change_func(lambda promise, *_: GLib.idle_add(run, promise, then), None))
    def run(promise, then):
        then(promise.get_reply())
        return False
    return give


caller_pipeline, caller = peer()
callee_pipeline, callee = peer()
for caps in CAPS:
    caller.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.SENDRECV, Gst.Caps.from_string(caps))
channel = caller.emit("create-data-channel", "chat", None)


def offered(reply):
    offer = reply.get_value("offer")
    keep("gstreamer-offer.json", offer)
    _, sdp = GstSdp.SDPMessage.new_from_text(offer.sdp.as_text())
    remote = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.OFFER, sdp)
    when(callee, "set-remote-description", remote)(taken)


def taken(_):
    when(callee, "create-answer", None)(answered)


def answered(reply):
    keep("gstreamer-answer.json", reply.get_value("answer"))
    loop.quit()


when(caller, "create-offer", None)(offered)
GLib.timeout_add_seconds(30, loop.quit)
loop.run()
sys.stdout.flush()
# The elements' own threads need not be waited for.
os._exit(0 if os.path.exists("gstreamer-answer.json") else 1)
