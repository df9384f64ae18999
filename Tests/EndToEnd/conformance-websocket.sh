#!/bin/sh
# The WebSocket server passes Autobahn's cases, all but those of compression, which is not offered.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/conformance.sh"
needs jq kosoku protocol-echo

start_echo websocket
kosoku -m fuzzingclient -x '12.*' -x '13.*' -o reports "127.0.0.1:$echo_port" >kosoku.log 2>&1 ||
    fail "kosoku: $(tail kosoku.log)"
jq -r '.[] | to_entries[] | .value.behavior' reports/index.json | sort | uniq -c
bad='select(.value.behavior | IN("OK", "NON-STRICT", "INFORMATIONAL") | not)'
jq -r ".[] | to_entries[] | $bad | .key + \" \" + .value.behavior" reports/index.json >failures
[ ! -s failures ] || fail "$(cat failures)"
[ "$(jq '[.[] | to_entries[]] | length' reports/index.json)" = 301 ]
