#!/bin/sh
# A client of family A (chat and calls) works unchanged: calls with all their events, and their log.
. "$(dirname "$0")/lib.sh"
family a
