#!/bin/sh
# A client of family B (video rooms) works unchanged: accounts, rooms, a call with all its events.
. "$(dirname "$0")/lib.sh"
family b
