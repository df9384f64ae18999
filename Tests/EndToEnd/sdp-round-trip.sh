#!/bin/sh
# Through JSON and back nothing is lost, for our own descriptions and all that others published; a
# change made with jq changes its line and no other.
. "$(dirname "$0")/lib.sh"
needs jq
own=$ROOT/Tests/Vectors/sdp
vectors=${PARLEY_VECTORS:-$ROOT/../shared/vectors}/sdp

find "$own" -name '*.sdp' | sort >files
[ "$(wc -l <files)" -ge 50 ] || fail "$(wc -l <files) descriptions of our own only"
if [ -d "$vectors" ]; then
    find "$vectors" -name '*.sdp' | sort >published
    [ "$(wc -l <published)" -ge 68 ] || fail "$(wc -l <published) published descriptions only"
    cat published >>files
else
    echo "NOT RUN with published descriptions: none here; set PARLEY_VECTORS to their folder"
fi
while IFS= read -r file; do
    sdp-inspect --json <"$file" >form
    [ "$(wc -l <form)" -eq 1 ] || fail "$file: the JSON form is not one line"
    sdp-inspect --to-sdp <form >back
    same "$file" back
    # Piped it is the same as --json, and jq writes the numbers and strings as they were.
    sdp-inspect "$file" | cmp - form
    jq . form | sdp-inspect --to-sdp | cmp - "$file" || fail "$file: differs after jq"
    sdp-inspect --to-sdp "$file" | cmp - "$file"
    # In every line ending.
    tr -d '\r' <"$file" >lf
    sdp-inspect --json lf | sdp-inspect --to-sdp | cmp - lf
    sed 's/$/\r/' lf >crlf
    sdp-inspect --json crlf | sdp-inspect --to-sdp | cmp - crlf
    # One a line.
    jq -Rsc '{type: "offer", sdp: .}' "$file" >>many
    cat "$file" >>all
done <files
sdp-inspect many >forms
[ "$(wc -l <forms)" -eq "$(wc -l <files)" ]
sdp-inspect --to-sdp forms | cmp - all

# changed FILTER: what the filter changes of the offer; the diff is left in `changes`.
changed() {
    sdp-inspect --json "$offer" | jq -c "$1" | sdp-inspect --to-sdp >new
    diff "$offer" new >changes || true
    grep '^[<>]' changes | tr -d '\r' >lines || true
}
# becomes FROM TO FILTER: one line changes from this to that.
becomes() {
    changed "$3"
    printf '< %s\n> %s\n' "$1" "$2" | cmp - lines || fail "$3: $(cat changes)"
}
# An offer of Chromium.
offer=chromium-offer.sdp
sdp-inspect --to-sdp "$ROOT/Tests/Vectors/sdp-json/chromium-offer.json" >"$offer"
changed .
[ ! -s changes ] || fail "jq . changes $(cat changes)"
becomes 'a=mid:1' 'a=mid:video' '.media[1].mid = "video"'
becomes 'a=setup:actpass' 'a=setup:active' '.media[0].setup = "active"'
becomes 'a=sendrecv' 'a=recvonly' '.media[0].direction = "recvonly"'
becomes 's=-' 's=talk' '.sessionName = "talk"'
becomes 'a=rtpmap:111 opus/48000/2' 'a=rtpmap:111 opus/16000/2' \
    '(.media[0].rtpmap[] | select(.payloadType == 111)).clockRate = 16000'
becomes 't=0 0' 't=0 9' '.timing[0].stop = 9'
changed 'del(.media[0].candidate[0])'
[ "$(wc -l <lines)" -eq 1 ] || fail "$(cat changes)"
grep -q '^< a=candidate:154656473 ' lines
changed 'del(.media[2])'
[ "$(sdp-inspect --json new | jq '.media | length')" -eq 2 ]
[ "$(grep -c '^>' lines)" -eq 0 ]
changed '.media[0].attributes += [{name: "x-new", value: "1"}]'
printf '> a=x-new:1\n' | cmp - lines || fail "$(cat changes)"
