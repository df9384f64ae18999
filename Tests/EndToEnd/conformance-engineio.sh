#!/bin/sh
# The Engine.IO 4 server passes the protocol's own test suite.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/conformance.sh"
needs jq mocha protocol-echo

start_echo engineio
run_suite engine.io-protocol-v4 25
