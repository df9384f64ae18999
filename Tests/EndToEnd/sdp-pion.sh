#!/bin/sh
# What pion (WebRTC in Go) offers and answers comes back byte for byte, and lint finds no error.
. "$(dirname "$0")/lib.sh"
needs go jq
[ -d /usr/share/gocode/src/github.com/pion/webrtc ] || {
    echo "golang-github-pion-webrtc.v3-dev is not installed"
    exit 77
}
mkdir -p go/src/sdp_pion
cp "$ROOT/Tests/EndToEnd/sdp_pion.go" go/src/sdp_pion/main.go
# Go takes the /v3 in a path for what it is only where there is a go.mod.
printf 'module sdp_pion\n\ngo 1.19\n' >go/src/sdp_pion/go.mod
(
    cd go/src/sdp_pion
    GO111MODULE=off GOFLAGS='' GOPATH="$PWD/../..:/usr/share/gocode" \
        GOCACHE="${GOCACHE:-$ROOT/.build/go-cache}" go build -o ../../sdp_pion .
)
./go/sdp_pion || fail "pion makes nothing"
sh "$ROOT/Tests/EndToEnd/sdp_captured.sh" pion-offer.json pion-answer.json
