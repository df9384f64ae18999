#!/bin/sh
# Whatever comes in, it is shown, or refused with status 65 in one line; never a crash.
. "$(dirname "$0")/lib.sh"
needs jq python3

printf '%s\r\n' 'v=0' 'o=- 20518 1 IN IP4 198.51.100.7' 's=-' 't=0 0' 'm=audio 9 RTP/AVP 111' \
    'a=rtpmap:111 opus/48000/2' 'a=fmtp:111 minptime=10' \
    'a=candidate:1 1 udp 2122260223 198.51.100.7 50000 typ host' >offer.sdp

# survives FILE: every way of showing it ends by itself, in order.
survives() {
    for mode in --json --to-sdp --candidates --explain --redact; do
        for how in '' --text; do
            [ "$mode$how" != --json--text ] || continue
            status=0
            # shellcheck disable=SC2086
            timeout 60 sdp-inspect $mode $how "$1" >stdout 2>stderr || status=$?
            case $status in
            0 | 65) ;;
            *) fail "$mode $1: status $status: $(head -c 500 stderr)" ;;
            esac
            [ "$status" -eq 0 ] || [ -s stderr ] || fail "$mode $1: says nothing"
        done
    done
}

# What is no SDP, with its place.
: >empty
refuses 65 sdp-inspect empty
printf 'hello, world\n' >words
refuses 65 sdp-inspect words
says 'line 1, column '
refuses 65 sdp-inspect --json words
jq -e '.error.code == "notSDP" and (.error.message | test("line 1, column"))' stdout >checked
printf 'GIF89a\001\002\000' >gif
refuses 65 sdp-inspect gif
python3 -c 'import random, sys; sys.stdout.buffer.write(random.Random(7).randbytes(100000))' >random
refuses 65 sdp-inspect random
head -c 100000 /dev/zero >zeros
refuses 65 sdp-inspect zeros
printf '{"type":"offer","sdp":' >cut.json
refuses 65 sdp-inspect cut.json
says 'line 1, column 23'
printf '{"type":"offer"}\n{"type":"offer","sdp":"nothing"}\n{"type": ?\n' >lines
status=0
sdp-inspect lines 2>stderr || status=$?
[ "$status" -eq 65 ]
says 'line 2: column 2 of the description: this is not'
says 'line 3: column 10: not JSON'
printf '{"type":"sessionDescription","version":0,"sesionName":"x"}' >misspelt.json
refuses 65 sdp-inspect --to-sdp misspelt.json
says 'sesionName is not a member'
printf '{"type":"sessionDescription","media":[{"mid":7}]}' >wrong.json
refuses 65 sdp-inspect --to-sdp wrong.json
# The JSON form without its type, a part of it, and other results are no description: text in them
# is not taken for what was sent.
for change in 'del(.type)' '.type = "offer"' 'del(.type, .lineEnding)' '.media[0]' '[.]| .[0].type = 1'; do
    sdp-inspect --json offer.sdp | jq -c "$change" >changed.json
    refuses 65 sdp-inspect --to-sdp changed.json
    says 'sessionDescription'
    [ ! -s stdout ] || fail "$change: $(cat stdout)"
done
for mode in --explain --lint '--diff words.sdp' '--answer-to words.sdp'; do
    sed 's/50000/50001/' offer.sdp >words.sdp
    # shellcheck disable=SC2086
    sdp-inspect --json $mode offer.sdp 2>checked | head -n 1 >result.json || true
    refuses 65 sdp-inspect --to-sdp result.json
    [ ! -s stdout ] || fail "$mode: $(cat stdout)"
done
refuses 66 sdp-inspect /no/such/file
refuses 66 sdp-inspect /
refuses 64 sdp-inspect --explian offer.sdp
says 'did you mean --explain'
for file in empty words gif random zeros cut.json wrong.json; do survives "$file"; done

# SDP with things in it that nobody wants is kept as it is.
printf 'v=0\r\na=\000\r\na=x:\000\r\n\000\r\n' >nul
printf 'v=0\na=caf\351\ns=\377\376\na=tool:\355\240\200\n' >latin
printf 'v=0\nm=audio 99999999999999999999 RTP/AVP 18446744073709551616\nb=AS:99999999999999999999999\na=rtpmap:4294967296 x/99999999999999999999\na=ssrc:99999999999999999999 a:b\na=candidate:1 65536 udp 4294967296 1.2.3.4 65536 typ host\n' >numbers
printf 'v=0\n\n\nm=\nm=audio\n=\na=\na\n:\n m=x\nv=1\n' >odd
python3 - <<'END'
open("long", "wb").write(b"v=0\r\na=x:" + b"y" * 4_000_000 + b"\r\n")
open("words-long", "wb").write(b"v=0\r\nm=audio 9 RTP/AVP" + b" 7" * 100_000 + b"\r\na=group:BUNDLE" + b" a" * 100_000 + b"\r\n")
open("many", "wb").write(b"v=0\r\n" + b"a=x-attribute:1\r\n" * 50_000)
open("media", "wb").write(b"v=0\r\n" + b"m=audio 9 RTP/AVP 0\r\na=mid:1\r\n" * 2_000)
open("deep", "wb").write(b"[" * 100_000)
open("endless-line", "wb").write(b"z" * 5_000_000)
END
for file in nul latin numbers odd long words-long many media; do
    survives "$file"
    sdp-inspect --json "$file" | sdp-inspect --to-sdp | cmp - "$file" || fail "$file: differs"
done
for file in deep endless-line; do survives "$file"; done

# Cut at every byte.
count=$(wc -c <offer.sdp)
cut=1
while [ "$cut" -lt "$count" ]; do
    head -c "$cut" offer.sdp >part
    status=0
    sdp-inspect --json part >form 2>stderr || status=$?
    case $status in
    0) sdp-inspect --to-sdp form | cmp - part || fail "cut at $cut: differs" ;;
    65) [ "$cut" -lt 3 ] || fail "cut at $cut: $(cat stderr)" ;;
    *) fail "cut at $cut: status $status: $(cat stderr)" ;;
    esac
    cut=$((cut + 1))
done

# Twice as much takes twice as long, not four times.
python3 - <<'END'
import subprocess, time
def seconds(text):
    start = time.perf_counter()
    subprocess.run(["sdp-inspect", "--json"], input=text, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start
for line in [b"a=x-attribute:1\r\n", b"a=candidate:1 1 udp 1 1.2.3.4 9 typ host\r\n", b"a=rtpmap:96 VP8/90000\r\n", b"m=audio 9 RTP/AVP 0\r\n", b"junk\r\n"]:
    short, long = (min(seconds(b"v=0\r\n" + line * (count * 10000 // len(line))) for _ in range(3)) for count in (5, 20))
    assert long < 8 * short + 2, f"{line}: {short:.2f} s, and four times as much {long:.2f} s"
END

# A terminal is not harmed.
printf 'v=0\r\ns=\033[31m\342\200\256red\r\nm=audio 9 RTP/AVP 0\r\na=mid:\033]0;x\007\r\n' >harmful
for mode in '' --explain --json --to-sdp --redact; do
    # shellcheck disable=SC2086
    python3 "$ROOT/Tests/EndToEnd/prompt.py" -- sdp-inspect $mode harmful >shown || fail "$(cat shown)"
    if grep -q "$(printf '\033')" shown; then fail "$mode writes an escape to the terminal"; fi
done
