"""Writes aiortc-offer.json and aiortc-answer.json; the answer is to the offer as it came back."""
import asyncio, json, subprocess

from aiortc import RTCPeerConnection, RTCSessionDescription


def keep(name, description):
    text = json.dumps({"type": description.type, "sdp": description.sdp})
    with open(name, "w") as file:
        file.write(text + "\n")
    form = subprocess.run(["sdp-inspect", "--json"], input=text, check=True, capture_output=True, text=True).stdout
    sdp = subprocess.run(["sdp-inspect", "--to-sdp"], input=form.encode(), check=True, capture_output=True).stdout.decode()
    return RTCSessionDescription(sdp=sdp, type=description.type)


async def main():
    caller, callee = RTCPeerConnection(), RTCPeerConnection()
    caller.addTransceiver("audio")
    caller.addTransceiver("video", direction="sendonly")
    caller.createDataChannel("chat")
    await caller.setLocalDescription(await caller.createOffer())
    await callee.setRemoteDescription(keep("aiortc-offer.json", caller.localDescription))
    await callee.setLocalDescription(await callee.createAnswer())
    await caller.setRemoteDescription(keep("aiortc-answer.json", callee.localDescription))
    await asyncio.gather(caller.close(), callee.close())


asyncio.run(main())
