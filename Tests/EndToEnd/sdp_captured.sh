#!/bin/sh
# sdp_captured.sh FILE...: descriptions that a peer just made ({"type", "sdp"}, an offer and then
# answers to it) come back byte for byte, pass lint, compare, and are explained line by line.
# shellcheck source=lib.sh
. "$ROOT/Tests/EndToEnd/lib.sh"
offer=
for file in "$@"; do
    [ -s "$file" ] || fail "there is no $file"
    jq -j .sdp "$file" >captured.sdp
    sdp-inspect --json "$file" | sdp-inspect --to-sdp | cmp - captured.sdp || fail "$file: differs"
    sdp-inspect --json captured.sdp | sdp-inspect --to-sdp | cmp - captured.sdp
    sdp-inspect --json "$file" | jq -e '.otherLines == null and all(.media[]; .otherLines == null)' >checked
    sdp-inspect --lint "$file" >linted || fail "$file: $(sdp-inspect --lint --text "$file" | grep -A 1 error)"
    sdp-inspect --explain "$file" |
        jq -e 'all(.lines[]; .meaning | test("not as the RFC") | not)' >checked || fail "$file: explanation"
    sdp-inspect --redact "$file" | sdp-inspect --lint >checked
    case $file in
    *answer*)
        sdp-inspect --answer-to "$offer" "$file" >negotiation ||
            fail "$file: $(sdp-inspect --text --answer-to "$offer" "$file")"
        jq -e '.legal and any(.media[]; .outcome == "accepted")' negotiation >checked
        ;;
    *) offer=$file ;;
    esac
done
