#!/bin/sh
# A stream of messages: live, in order, and one bad line stops nothing.
. "$(dirname "$0")/lib.sh"
needs jq

keygen -o alice.key >alice.pub
keygen -o bob.key >bob.pub

seq 3000 >plain
encrypt --lines -i alice.key -r bob.pub <plain >sealed
[ "$(wc -l <sealed)" -eq 3000 ]
decrypt -i bob.key -r alice.pub <sealed | cmp - plain
jq .seq sealed >numbers
sort -nu numbers | cmp - numbers

# Empty lines and a last line without an end are messages too.
printf 'a\n\nb' | encrypt --lines -i alice.key -r bob.pub | decrypt -i bob.key -r alice.pub >opened
[ "$(jq -Rs . opened)" = '"a\n\nb\n"' ]
# A carriage return is a part of its message.
printf 'one\r\ntwo\r\r\n\r\n' >returns
encrypt --lines -i alice.key -r bob.pub returns | decrypt -i bob.key -r alice.pub | cmp - returns

# A line in gives its line out at once.
mkfifo in out
encrypt --lines -i alice.key -r bob.pub <in | decrypt -i bob.key -r alice.pub >out &
exec 3>in 4<out
for number in 1 2 3; do
    echo "live $number" >&3
    read -r line <&4
    [ "$line" = "live $number" ]
done
exec 3>&-
wait
exec 4<&-

# Bad lines are named; the others are printed; the status is that of the first.
{
    sed -n 1p sealed
    echo garbage
    sed -n 2p sealed | jq -c '.seq += 1'
    sed -n 3p sealed
    echo '{"type":"receipt"}'
} >mixed
status=0
decrypt -i bob.key -r alice.pub --stateless <mixed >stdout 2>stderr || status=$?
[ "$status" -eq 65 ]
[ "$(tr '\n' ' ' <stdout)" = '1 3 ' ]
[ "$(grep -c 'line [235]: ' stderr)" -eq 3 ]
status=0
tail -n +3 mixed | decrypt -i bob.key -r alice.pub --stateless >stdout 2>stderr || status=$?
[ "$status" -eq 1 ]
status=0
decrypt -i bob.key -r alice.pub --stateless --json <mixed 2>stderr >stdout || status=$?
[ "$(jq -c 'if .error then .error.line else .text end' stdout | tr '\n' ' ')" = '"1" 2 3 "3" 5 2 ' ]

# With JSON the error that decides the status is the last line, and is not there twice without need.
status=0
{ echo garbage; sed -n 1p sealed; } | decrypt -i bob.key --stateless --json 2>stderr >stdout || status=$?
[ "$status" -eq 65 ]
[ "$(jq -c 'if .error then .error.line else .text end' stdout | tr '\n' ' ')" = '1 "1" 1 ' ]
# What ends the program before its work is done decides the status, whatever lines failed before.
status=0
{ echo garbage; cat sealed; } | decrypt -i bob.key --stateless --json -o none/opened \
    2>stderr >stdout || status=$?
[ "$status" -eq 73 ] || fail "status $status: $(cat stderr)"
[ "$(jq -r '.error | "\(.code) \(.line)"' stdout | tr '\n' ' ')" = 'notAnEnvelope 1 cannotCreate null ' ] ||
    fail "$(cat stdout)"
status=0
echo garbage | decrypt -i bob.key --stateless --json 2>stderr >stdout || status=$?
[ "$(wc -l <stdout)" -eq 1 ]

# A line that is too long is one bad line.
{
    sed -n 1p sealed
    head -c 20000000 /dev/zero | tr '\0' x
    echo
    sed -n 2p sealed
} >long
status=0
decrypt -i bob.key --stateless <long 2>stderr >stdout || status=$?
[ "$status" -eq 65 ]
says 'line 2: the line is longer than'
[ "$(tr '\n' ' ' <stdout)" = '1 2 ' ]
status=0
encrypt --lines -r bob.pub --anonymous <long 2>stderr >stdout || status=$?
[ "$status" -eq 65 ]
says 'line 2: the line is longer than'
[ "$(wc -l <stdout)" -eq 2 ]
sed -n 1,2p sealed >two
decrypt -i bob.key <stdout 2>stderr | cmp - two
refuses 65 encrypt --lines -r bob.pub --anonymous -o part long
[ ! -e part ]

# Whoever reads may stop.
seq 20000 | encrypt --lines -i alice.key -r bob.pub | head -n 1 >one
[ "$(wc -l <one)" -eq 1 ]

# Messages that are not lines stand apart, and are not changed where they stand alone.
printf 'no end' | encrypt -i alice.key -r bob.pub >first
printf 'none' | encrypt -i alice.key -r bob.pub >second
[ "$(decrypt -i bob.key -r alice.pub first | wc -c)" -eq 6 ]
cat first second | decrypt -i bob.key -r alice.pub --stateless >opened
[ "$(jq -Rs . opened)" = '"no end\nnone"' ]
