#!/bin/sh
# For each of twelve calls that failed, --lint names the cause, and a script can tell.
. "$(dirname "$0")/lib.sh"
needs jq

count=0
for call in "$ROOT"/Tests/Vectors/sdp/broken-calls/*/; do
    rule=$(sed -n 's/^rule: //p' "$call/expect")
    profile=$(sed -n 's/^profile: //p' "$call/expect")
    if [ -e "$call/answer.sdp" ]; then
        set -- --answer-to "$call/offer.sdp" "$call/answer.sdp"
    else
        set -- --as offer "$call/offer.sdp"
    fi
    status=0
    sdp-inspect --lint --profile "$profile" "$@" >linted 2>stderr || status=$?
    jq -e --arg rule "$rule" 'any(.findings[]; .rule == $rule and .severity != "info")' linted >checked ||
        fail "$call: $rule is not named: $(sdp-inspect --lint --text --profile "$profile" "$@")"
    [ "$status" -eq "$(jq 'if .errors > 0 then 1 else 0 end' linted)" ] || fail "$call: status $status"
    sdp-inspect --lint --text --profile "$profile" "$@" 2>stderr | grep -qF "[$rule]" ||
        fail "$call: the text does not name $rule"
    count=$((count + 1))
done
[ "$count" -ge 12 ] || fail "$count calls only"
