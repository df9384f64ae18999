// Writes pion-offer.json and pion-answer.json, the answer to it of a second peer connection.
package main

import (
	"encoding/json"
	"os"

	"github.com/pion/webrtc/v3"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func connection() *webrtc.PeerConnection {
	peer, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	must(err)
	return peer
}

// keep sets the local description, and writes it when its candidates are in it.
func keep(name string, peer *webrtc.PeerConnection, description webrtc.SessionDescription) {
	complete := webrtc.GatheringCompletePromise(peer)
	must(peer.SetLocalDescription(description))
	<-complete
	text, err := json.Marshal(peer.LocalDescription())
	must(err)
	must(os.WriteFile(name, append(text, '\n'), 0o600))
}

func main() {
	caller, callee := connection(), connection()
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		_, err := caller.AddTransceiverFromKind(kind)
		must(err)
	}
	_, err := caller.CreateDataChannel("chat", nil)
	must(err)
	offer, err := caller.CreateOffer(nil)
	must(err)
	keep("pion-offer.json", caller, offer)
	must(callee.SetRemoteDescription(*caller.LocalDescription()))
	answer, err := callee.CreateAnswer(nil)
	must(err)
	keep("pion-answer.json", callee, answer)
}
