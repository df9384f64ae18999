#!/bin/sh
# Lint, answers and differences: what they print, and the status that scripts go by.
. "$(dirname "$0")/lib.sh"
needs jq

cat >offer.sdp <<'END'
v=0
o=- 20518 1 IN IP4 198.51.100.7
s=-
t=0 0
a=group:BUNDLE 0
m=audio 9 UDP/TLS/RTP/SAVPF 111 0
c=IN IP4 0.0.0.0
a=mid:0
a=sendrecv
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=ice-ufrag:U5o0
a=ice-pwd:BzXj3Z4jfFG+ne5TEgbyDKvZ
a=setup:actpass
a=fingerprint:sha-256 18:A8:BC:70:A8:F7:BF:68:AF:DB:B1:DE:97:69:A0:F6:17:39:70:61:81:2F:F7:1E:96:96:8E:7C:9B:99:9C:72
a=candidate:1 1 udp 2122260223 198.51.100.7 50000 typ host
a=end-of-candidates
END
sed 's/a=setup:actpass/a=setup:active/; s/20518 1/31337 1/; s/U5o0/V6p1/' offer.sdp >answer.sdp

# The rules.
sdp-inspect --rules >rules
[ "$(wc -l <rules)" -ge 40 ] || fail "$(wc -l <rules) rules only"
jq -se 'all(.rule and .summary and .hint and .reference.rfc and .reference.section)
    and (map(.rule) | unique | length) == length' rules >checked
[ "$(sdp-inspect --rules --text | wc -l)" -eq $(($(wc -l <rules) + 1)) ]

# What is good passes; what is not says by which rule, where and why, and gives 1.
sdp-inspect --lint --as offer offer.sdp | jq -e '.type == "lint" and .errors == 0' >checked
grep -v '^a=fingerprint' offer.sdp >bare.sdp
refuses 1 sdp-inspect --lint bare.sdp
says 'lint found'
jq -e '.errors > 0 and all(.findings[]; .rule and .severity and .message and .hint)' stdout >checked
refuses 1 sdp-inspect --lint --json bare.sdp
[ "$(tail -n 1 stdout | jq -r .error.code)" = lintErrors ]
refuses 1 sdp-inspect --lint --text bare.sdp
grep -q ': error: \|^error: \| error: ' stdout
# Every description of a stream is judged, and one with errors decides.
for file in offer bare offer; do jq -Rsc '{type: "offer", sdp: .}' "$file.sdp"; done >stream
refuses 1 sdp-inspect --lint stream
jq -se 'map(.errors > 0) == [false, true, false] and all(.sdpType == "offer")' stdout >checked
# What the JSON form tells is judged with its lines.
sed 's/^a=setup:actpass/& /' offer.sdp >spaced.sdp
refuses 1 sdp-inspect --lint --as offer spaced.sdp
jq -e '.findings[] | select(.rule == "white-space") | .line == 14 and .column == 16' stdout >checked
mv stdout findings
sdp-inspect --json spaced.sdp >form
refuses 1 sdp-inspect --lint --as offer form
cmp findings stdout
# Candidates by themselves are judged too.
bad='candidate:1 1 UDP 999999999999 999.1.1.1 99999 typ foo'
for text in "a=$bad" "$bad" "$(jq -nc --arg c "$bad" '{candidate: $c, sdpMid: "1"}')"; do
    echo "$text" >candidate
    refuses 1 sdp-inspect --lint candidate
    jq -se '.[0].type == "lint" and .[0].errors == 1 and (.[0].candidate | test("^a=candidate"))
        and .[0].findings[0].rule == "field-syntax"' stdout >checked || fail "$(cat stdout)"
done
echo 'candidate:1 1 udp 2122260223  198.51.100.7 50000 typ host' >candidate
refuses 1 sdp-inspect --lint candidate
jq -e '.findings[0].rule == "white-space"' stdout >checked
echo 'candidate:1 1 udp 2122260223 0.0.0.0 50000 typ hots' | sdp-inspect --lint |
    jq -e '[.findings[].rule] | contains(["candidate-type"])' >checked
echo 'candidate:1 1 UDP 2122260223 198.51.100.7 50000 TYP host' | sdp-inspect --lint |
    jq -e '.errors == 0' >checked

# Attributes that are sent with them are no description without v=.
printf 'a=%s\n' 'candidate:1 1 udp 2122260223 198.51.100.7 50000 typ host' end-of-candidates \
    'remote-candidates:1 192.0.2.3 45664' >trickled
sdp-inspect --lint trickled 2>stderr | jq -se 'length == 2 and all(.errors == 0)' >checked
says 'not judged'

# So is a fragment that trickles them, and not as a session that lacks its lines.
printf 'a=%s\r\n' ice-ufrag:U5o0 ice-pwd:BzXj3Z4jfFG+ne5TEgbyDKvZ >fragment
printf '%s\r\n' 'm=audio 9 RTP/AVP 0' a=mid:0 \
    'a=candidate:1 1 udp 2122260223 198.51.100.7 50000 typ host' a=end-of-candidates >>fragment
sdp-inspect --lint fragment 2>stderr | jq -e '.findings == []' >checked
says 'fragment of trickled candidates'
sed 's/U5o0/U5/' fragment >short
refuses 1 sdp-inspect -q --lint short
jq -e '[.findings[].rule] == ["ice-ufrag-length"]' stdout >checked

# With several files each finding and each error says in which it is.
printf 'hello\n' >words
refuses 1 sdp-inspect --lint offer.sdp bare.sdp
jq -se 'map(.file) == ["offer.sdp", "bare.sdp"]' stdout >checked
refuses 1 sdp-inspect --lint --text offer.sdp bare.sdp
grep -q '^bare.sdp: .*error: ' stdout
refuses 65 sdp-inspect --json offer.sdp words
says 'words: line 1, column '
[ "$(tail -n 1 stdout | jq -r .error.file)" = words ]
refuses 65 sdp-inspect --diff words offer.sdp
says 'words: line 1, column '

# Other rules for other uses.
printf 'v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=x\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0\r\n' >sip.sdp
refuses 1 sdp-inspect --lint sip.sdp
says 'profile sip'
sdp-inspect --help | tr -s '\n ' ' ' | grep -q 'webrtc, as if not given'
sdp-inspect --lint --profile sip sip.sdp >checked 2>stderr
[ ! -s stderr ]
sdp-inspect --lint --profile rtsp sip.sdp >checked

# A media description has one name in all that is for people, with the index of the JSON forms.
name='m=audio (index 0, mid 0)'
sdp-inspect --text offer.sdp | grep -qxF "$name"
sdp-inspect --answer-to offer.sdp answer.sdp --text | grep -qF "$name: accepted"
refuses 1 sdp-inspect --lint --text bare.sdp
grep -qF "$name has no fingerprint" stdout
sed 's/a=sendrecv/a=recvonly/' offer.sdp >received.sdp
refuses 1 sdp-inspect --text --diff offer.sdp received.sdp
grep -qF "$name: direction: sendrecv became recvonly" stdout

# Keys that come by MIKEY or ZRTP are keys.
sed 's|RTP/AVP|RTP/SAVP|; $a a=key-mgmt:mikey AQAF' sip.sdp >mikey.sdp
sdp-inspect --text mikey.sdp | grep -q 'RTP/SAVP  MIKEY$'

# The profile of H.264 is told in words.
printf 'v=0\r\nm=video 9 RTP/AVP 102\r\na=rtpmap:102 H264/90000\r\na=fmtp:102 profile-level-id=42e01f\r\n' |
    sdp-inspect --text | grep -qxF '  102 H264/90000 constrainedBaseline 3.1'

# Answers.
sdp-inspect --answer-to offer.sdp answer.sdp >negotiation
jq -e '.type == "negotiation" and .legal and (.media | length) == 1
    and .media[0].outcome == "accepted" and .media[0].dtlsClient == "answerer"
    and .media[0].codecs[0].name == "opus/48000/2"' negotiation >checked || fail "$(cat negotiation)"
sdp-inspect --answer-to offer.sdp <answer.sdp | cmp - negotiation
sdp-inspect --answer-to offer.sdp answer.sdp --text | grep -q '^the answer is legal'
refuses 1 sdp-inspect --answer-to offer.sdp offer.sdp
says 'would not be accepted'
jq -e '.legal == false' stdout >checked
sdp-inspect --lint --answer-to offer.sdp answer.sdp | jq -e '.errors == 0' >checked
refuses 1 sdp-inspect --lint --answer-to offer.sdp offer.sdp
# Two files that were swapped say so.
for type in offer answer; do jq -Rsc --arg type "$type" '{type: $type, sdp: .}' "$type.sdp" >"$type.json"; done
sdp-inspect --answer-to answer.json offer.json >checked 2>stderr || true
says 'answer.json says that it is an answer'
says 'this says that it is an offer'
sdp-inspect --answer-to offer.json answer.json >checked 2>stderr
[ ! -s stderr ]
refuses 64 sdp-inspect --answer-to - <offer.sdp
says 'standard input'
refuses 66 sdp-inspect --answer-to nowhere.sdp offer.sdp
echo nothing >nothing
refuses 65 sdp-inspect --answer-to nothing offer.sdp

# Differences in meaning, and none where only the text is another.
tr -d '\r' <offer.sdp | sed 's/$/\r/' >crlf.sdp
sdp-inspect --diff offer.sdp crlf.sdp >none
[ ! -s none ]
sed 's/a=sendrecv/a=recvonly/; s/ opus/ OPUS/' offer.sdp >held.sdp
refuses 1 sdp-inspect --diff offer.sdp held.sdp
says 'differ in one point'
jq -e '.type == "difference" and .kind == "directionChanged"' stdout >checked

# Redacted, they still compare, and are judged alike.
for file in offer answer held; do sdp-inspect --redact "$file.sdp" >"$file.red"; done
if grep -q '198\.51\.100\|U5o0\|18:A8' ./*.red; then fail "something is left in what was redacted"; fi
sdp-inspect --redact offer.sdp | cmp - offer.red
[ "$(stat -c %a "$HOME/.local/state/parley/redaction.key")" = 600 ]
refuses 1 sdp-inspect --diff offer.red held.red
jq -e '.kind == "directionChanged"' stdout >checked
sdp-inspect --answer-to offer.red answer.red >checked
sdp-inspect --lint offer.sdp | jq -c '[.findings[].rule]' >plain
sdp-inspect --lint offer.red | jq -c '[.findings[].rule]' | cmp - plain
# With a key of one's own, and with no place to keep one.
(umask 077 && head -c 32 /dev/urandom >key)
sdp-inspect --redact --redact-key key offer.sdp >mine
cmp -s mine offer.red && fail "two keys give the same pseudonyms"
sdp-inspect --redact --redact-key key offer.sdp | cmp - mine
chmod 644 key
refuses 77 sdp-inspect --redact --redact-key key offer.sdp
refuses 64 sdp-inspect --redact-key key offer.sdp
XDG_STATE_HOME=/proc/nowhere sdp-inspect --redact offer.sdp >other 2>stderr
says 'for this run only'
grep -q '^a=rtcp-mux' other
