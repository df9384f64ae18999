#!/bin/sh
# A client of family A (chat and calls) works unchanged: calls with all their events, and their log;
# messages of threads, and their history where the relay keeps one.
. "$(dirname "$0")/lib.sh"
family a --history 1d
