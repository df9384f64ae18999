#!/bin/sh
# A relay that is given the name of something else leaves nothing beside it.
. "$(dirname "$0")/lib.sh"

keygen -o bob.key >bob.pub
cp bob.pub before
mkdir directory
# The words of the last refusal are files here too.
list() { find . ! -name stdout ! -name stderr ! -name now ! -name there | sort; }
list >there
refuses 73 signal-relay --listen 127.0.0.1:0 --db nowhere/near/relay.db
says 'cannot create "nowhere/near/relay.db": No such file or directory'
list >now
same now there
refuses 65 signal-relay --listen 127.0.0.1:0 --db bob.pub
says "the database \"bob.pub\" is damaged"
list >now
same now there
refuses 73 signal-relay --listen 127.0.0.1:0 --db directory
says "cannot open the database \"directory\""
list >now
same now there
same bob.pub before
