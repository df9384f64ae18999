#!/bin/sh
# A gigabyte goes both ways between us and the age program, in little memory.
. "$(dirname "$0")/lib.sh"
needs age age-keygen openssl

age-keygen -o key 2>stderr
recipient=$(age-keygen -y key)
# Cheap bytes that no two blocks share.
openssl enc -aes-128-ctr -K 00 -iv 00 -in /dev/zero 2>stderr | head -c 1073741824 >plain
wanted=$(openssl dgst -sha256 <plain)

encrypt --format age -r "$recipient" <plain | age -d -i key | openssl dgst -sha256 >got
[ "$(cat got)" = "$wanted" ]
age -r "$recipient" <plain | decrypt -i key | openssl dgst -sha256 >got
[ "$(cat got)" = "$wanted" ]

encrypt --format age -r "$recipient" -o sealed plain
decrypt -i key -o opened sealed
same opened plain
