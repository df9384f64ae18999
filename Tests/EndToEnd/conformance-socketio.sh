#!/bin/sh
# The Socket.IO 5 server passes the protocol's own test suite.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/conformance.sh"
needs jq mocha protocol-echo

start_echo socketio
run_suite socket.io-protocol-v5 32
