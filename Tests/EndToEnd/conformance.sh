# shellcheck shell=sh
# Sourced by the tests of conformance: the peer that the suites are run against.

# start_echo socketio|engineio|websocket: its port is in echo_port.
start_echo() {
    : >echo.out
    protocol-echo "$1" 0 >echo.out &
    relay_pid=$!
    eventually echo_listens
}
echo_listens() {
    echo_port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' echo.out) && [ -n "$echo_port" ]
}

# run_suite NAME PASSING: a suite of Tests/Conformance must pass whole. One case of each sleeps
# exactly as long as a ping may take, so the best of three runs counts.
run_suite() {
    echo '{"type":"module"}' >package.json
    cp "$ROOT/Tests/Conformance/node-imports.js" .
    sed "s|localhost:3000|127.0.0.1:$echo_port|" "$ROOT/Tests/Conformance/$1.js" >test-suite.js
    for round in 1 2 3; do
        NODE_PATH=/usr/share/nodejs mocha --exit --reporter json test-suite.js >report.json || true
        jq -r '.failures[] | .fullTitle + ": " + .err.message' report.json
        passing=$(jq .stats.passes report.json)
        echo "round $round: $passing of $(jq .stats.tests report.json)"
        kill -0 "$relay_pid" || fail "protocol-echo is gone"
        [ "$passing" != "$2" ] || return 0
    done
    fail "$1: not $2 in any of three rounds"
}
