#!/bin/sh
# Whatever member of an envelope is altered, nothing of it is printed.
. "$(dirname "$0")/lib.sh"
needs jq

keygen -o alice.key >alice.pub
keygen -o bob.key >bob.pub
keygen -o carol.key >carol.pub
(umask 077 && echo horse >pass)
echo marker | encrypt -i alice.key -r bob.pub -r carol.pub >box
echo marker | encrypt --anonymous -r bob.pub >anonymous

# altered FILE WANT FILTER: refused with status WANT, one of 1 and 65, and nothing on stdout.
altered() {
    jq -c "$3" "$1" >changed
    if cmp -s "$1" changed; then fail "$3 changes nothing"; fi
    status=0
    decrypt -i bob.key --passphrase-file pass --stateless <changed >stdout 2>stderr || status=$?
    case $2:$status in
    any:1 | any:65 | "$status:$status") ;;
    *) fail "$1, $3: status $status, not $2: $(cat stderr)" ;;
    esac
    [ ! -s stdout ] || fail "$1, $3: printed $(cat stdout)"
    [ -s stderr ] || fail "$1, $3: said nothing"
}

# Each member changed in its first and its last character, emptied, taken away, of another type.
for file in box anonymous; do
    for name in $(jq -r 'keys_unsorted[]' "$file"); do
        case $(jq -r ".$name | type" "$file") in
        string)
            altered "$file" any ".$name |= (if .[0:1] == \"A\" then \"B\" else \"A\" end) + .[1:]"
            altered "$file" any ".$name |= .[:-1] + (if .[-1:] == \"0\" then \"1\" else \"0\" end)"
            altered "$file" any ".$name = \"\""
            altered "$file" 65 ".$name = 1"
            ;;
        number)
            altered "$file" any ".$name += 1"
            altered "$file" 65 ".$name = -1"
            altered "$file" 65 ".$name |= tostring"
            ;;
        array)
            altered "$file" 65 ".$name = []"
            altered "$file" any ".$name += [.id + .id]"
            ;;
        esac
        altered "$file" any "del(.$name)"
    done
done

# A bit of each field of bytes, which still parses, so the answer is no.
for name in enc iv ciphertext tag signature signKey agreeKey commitment; do
    altered box 1 ".$name |= .[0:4] + (if .[4:5] == \"A\" then \"B\" else \"A\" end) + .[5:]"
done
altered box 1 '.to |= reverse'
altered box 1 '.seq += 1'
altered box 1 '.ts |= if endswith("0Z") then sub("0Z$"; "1Z") else sub(".Z$"; "0Z") end'
altered box 1 '.from |= .[1:] + .[:1]'
altered box 1 'del(.from, .signature, .signKey, .agreeKey) | .seq = 0'
altered box 65 '.ttl = 5'
altered box 65 '.mode = "ratchet"'

# The same message written otherwise is the same message.
jq -c 'to_entries | reverse | from_entries | .["x-hop"] = 1' box >changed
[ "$(decrypt -i bob.key -q --stateless changed)" = marker ]

# Damage of the text.
head -c 100 box >changed
refuses 65 decrypt -i bob.key --stateless changed
says 'line 1'
printf '%s' "$(cat box)" | sed 's/"seq":/"seq":1,"seq":/' >changed
refuses 65 decrypt -i bob.key --stateless changed
head -c 17000000 /dev/zero | tr '\0' ' ' >changed
refuses 65 decrypt -i bob.key --stateless changed

# A passphrase.
echo marker | encrypt --passphrase-file pass >box
for name in $(jq -r 'keys_unsorted[]' box); do
    altered box any "del(.$name)"
done
for name in salt iv ciphertext tag commitment; do
    altered box 1 ".$name |= .[0:4] + (if .[4:5] == \"A\" then \"B\" else \"A\" end) + .[5:]"
done
altered box 1 '.passes = 2'
altered box 65 '.passes = 17'
altered box 65 '.memoryKiB = 1048577'
