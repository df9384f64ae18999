#!/bin/sh
# A description is found in whatever it is wrapped in; lines are answered one by one.
. "$(dirname "$0")/lib.sh"
needs jq base64 python3

printf '%s\r\n' 'v=0' 'o=- 20518 1 IN IP4 198.51.100.7' 's=-' 't=0 0' 'a=group:BUNDLE 0' \
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 0' 'c=IN IP4 0.0.0.0' 'a=mid:0' 'a=sendrecv' 'a=rtcp-mux' \
    'a=rtpmap:111 opus/48000/2' 'a=ice-ufrag:U5o0' 'a=ice-pwd:BzXj3Z4jfFG+ne5TEgbyDKvZ' \
    'a=candidate:1 1 udp 2122260223 198.51.100.7 50000 typ host generation 0' >offer.sdp

# found: standard input has the offer in it.
found() { sdp-inspect --to-sdp >out && same offer.sdp out; }

found <offer.sdp
jq -Rsc '{type: "offer", sdp: .}' offer.sdp >offer.json
found <offer.json
jq . offer.json | found
base64 -w 0 offer.sdp | found
base64 offer.sdp | found
base64 offer.json | found
base64 -w 0 offer.json | tr '+/' '-_' | tr -d = | found
python3 -c 'print(open("offer.sdp", newline="").read().replace("\r\n", "\\r\\n"))' >escaped
found <escaped
jq -c '["callUser", {userToCall: "bob", signalData: .}]' offer.json | sed 's/^/42/' | found
jq -c '["call", {deep: [{er: {offer: .}}]}]' offer.json | sed 's/^/42\/calls,17/' | found
jq -c '{data: (. | tojson)}' offer.json | found
(echo '2026-11-21 12:00 INFO the offer is:' && cat offer.sdp && echo && echo 'and that is all') |
    sdp-inspect --json | jq -e '.media[0].mid == "0" and (.media[0].rtpmap | length) == 1' >checked
(printf '%s' '[12:00:01] sending: ' && cat offer.json) | sdp-inspect --json |
    jq -e '.sdpType == "offer"' >checked
found <<END
$(sdp-inspect --json offer.sdp)
END
sdp-inspect --to-sdp - <offer.sdp >out
same out offer.sdp
sdp-inspect --to-sdp offer.sdp offer.json >twice
cat offer.sdp offer.sdp | cmp - twice

# A text with several gives each, and what surrounds them is none of them.
(printf '%s\r\n' 'INVITE sip:bob@example.com SIP/2.0' 'Content-Type: application/sdp' '' &&
    cat offer.sdp) | found
(echo '12:00 sending' && cat offer.sdp && echo '12:01 got' && cat offer.sdp && echo '12:02 done') >log
sdp-inspect --to-sdp log | cmp - twice
(jq . offer.json && jq '.type = "answer"' offer.json) >pretty
sdp-inspect --json pretty | jq -se 'map(.sdpType) == ["offer", "answer"]' >checked
sdp-inspect --answer-to pretty offer.sdp >checked 2>stderr || true
grep -q 'pretty has 2 descriptions' stderr
(printf '[00:01] offer: ' && cat offer.json && printf '[00:02] answer: ' && cat offer.json) |
    sdp-inspect --json | jq -se 'length == 2' >checked

# SDP among lines of JSON is one input, also where it is the last; a bad line stays one.
tr -d '\r' <offer.sdp >lf.sdp
(cat offer.json && echo '12:00 got' && cat offer.sdp && cat offer.json && cat lf.sdp) >mixed
cat offer.sdp offer.sdp offer.sdp lf.sdp >expected
sdp-inspect --to-sdp mixed >out 2>stderr || [ $? -eq 65 ]
cmp out expected
says 'line 2: '
[ "$(wc -l <stderr)" -eq 1 ] || fail "$(cat stderr)"
for line in 'candidate:1 1 udp 1 192.0.2.1 9 typ host' '{"type": ?' '42["x"' 3; do
    (cat offer.json offer.sdp && echo "$line" && cat offer.json) >mixed
    sdp-inspect --json mixed 2>stderr >out || [ $? -eq 65 ]
    jq -se 'map(select(.type == "sessionDescription") | .media[0].candidate | length) == [1, 1, 1]' \
        out >checked || fail "$line: $(cat out stderr)"
done

# Packets that carry no message are passed over in a recorded connection.
(echo '0{"sid":"x","pingInterval":25000}' && echo '40{"token":"y"}' && echo 2 && echo 3 &&
    jq -c '["callUser", .]' offer.json | sed 's/^/42/' && echo 41) >recorded
sdp-inspect --json recorded | jq -se 'length == 1' >checked

# What the wrapping says of the description is kept.
sdp-inspect offer.json | jq -e '.sdpType == "offer" and .type == "sessionDescription"' >checked

# Candidates, with the parts of their priority.
candidate='candidate:842163049 1 udp 1677729535 203.0.113.5 46154 typ srflx raddr 10.0.17.1 rport 46154 generation 0 ufrag EEtu network-id 3'
for text in "$candidate" "a=$candidate" "$(jq -nc --arg c "$candidate" '{candidate: $c, sdpMid: "0", sdpMLineIndex: 0}')"; do
    echo "$text" | sdp-inspect --candidates | jq -e '.type == "candidate" and .candidateType == "srflx"
        and .decodedPriority == {typePreference: 100, localPreference: 30, component: 1}
        and .relatedAddress == "10.0.17.1"' >checked || fail "$text"
    echo "$text" | sdp-inspect --to-sdp | tr -d '\r' | grep -qxF "a=$candidate"
done
sdp-inspect --candidates offer.sdp | jq -e '.sdpMid == "0" and .sdpMLineIndex == 0 and .line == 14' >checked
jq -nc '{candidate: "", sdpMid: "0"}' | sdp-inspect | jq -e '.type == "endOfCandidates"' >checked
echo "$candidate" | sdp-inspect --candidates --text | grep -q 'srflx.*203\.0\.113\.5.*100.*30.*1$'
# What was printed is an input again.
echo "$candidate" | sdp-inspect --candidates | sdp-inspect --candidates | jq -e '.port == 46154' >checked

# A changed member changes the line of a candidate, too.
echo 'candidate:1 1 udp 2113937151 192.0.2.7 53000 typ host' >host
sdp-inspect --json host | jq -c '.port = 1' | sdp-inspect --to-sdp | tr -d '\r' >changed
echo 'a=candidate:1 1 udp 2113937151 192.0.2.7 1 typ host' | cmp - changed
sdp-inspect --json host | jq -c '.port = 99999' >bad
refuses 65 sdp-inspect --to-sdp bad
says '.port is not'

# Literals of C that follow each other, and arrays of lines, are one description.
printf '    "v=0\\r\\n"\n    "s=-\\r\\n"\n' >indented
printf '"v=0\\r\\n"\n"s=-\\r\\n"\n' >literals
echo '["v=0", "s=-"]' >array
for file in indented literals array; do
    printf 'v=0\r\ns=-\r\n' >expected
    sdp-inspect --to-sdp "$file" | cmp - expected
done

# Explained.
sdp-inspect --explain offer.sdp >explained
jq -e '.type == "explanation" and (.lines | length) == 14
    and ([.lines[] | select(.reference | not)] | length) == 0
    and (.lines[5].meaning | test("opus"))' explained >checked
sdp-inspect --explain --text offer.sdp | grep -A 1 '^a=rtcp-mux' | grep -qF '[RFC 5761'
sdp-inspect --text offer.sdp | grep -q '111 opus/48000/2'
refuses 64 sdp-inspect --text --json offer.sdp
refuses 64 sdp-inspect --explain --candidates offer.sdp

# A line in gives its line out at once, and a bad one stops nobody.
mkfifo feed
sdp-inspect --json <feed >answers 2>errors &
inspecting=$!
exec 3>feed
cat offer.json >&3
await '"sessionDescription"' answers
echo '{"nothing": 1}' >&3
await notSDP answers
[ "$(wc -l <answers)" -eq 2 ]
jq -c '{type: "answer", sdp}' offer.json >&3
await '"sdpType":"answer"' answers
exec 3>&-
status=0
wait "$inspecting" || status=$?
[ "$status" -eq 65 ] || fail "status $status: $(cat errors)"
[ "$(jq -rs '.[1].error.line' answers)" -eq 2 ]

# Memory does not grow with the lines: many more of them fit where a thousand do.
for count in 1000 20000; do
    python3 -c 'import sys; sys.stdout.write(open("offer.json").read() * int(sys.argv[1]))' "$count" |
        sh -c 'ulimit -v 400000; exec sdp-inspect' | wc -l >counted
    [ "$(cat counted)" -eq "$count" ]
done

# Whoever has read enough may go.
yes "$(cat offer.json)" | sdp-inspect | head -n 1 >checked
