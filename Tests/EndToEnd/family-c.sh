#!/bin/sh
# A client of family C (secure messaging) works unchanged: rooms, messages, files, keys, receipts.
. "$(dirname "$0")/lib.sh"
family c
