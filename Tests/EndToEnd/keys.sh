#!/bin/sh
# A key file is private, whole, and not overwritten unless that was asked for; others read our keys.
. "$(dirname "$0")/lib.sh"
needs age-keygen jq openssl python3

keygen -o alice.key --name Alice >alice.pub
keygen -o bob.key --name 'Bob "B"' >bob.pub
[ "$(stat -c %a alice.key)" = 600 ]
[ "$(jq -r .name bob.pub)" = 'Bob "B"' ]
cp alice.key before

refuses 73 keygen -o alice.key
says '"alice.key" exists already'
same alice.key before
refuses 73 keygen -o /no/such/folder/key
refuses 64 keygen -o new.key --name "$(printf 'a\nb')"
[ ! -e new.key ]

keygen --public alice.key | cmp - alice.pub
keygen --public -i alice.key -o copy.pub
same copy.pub alice.pub
[ "$(keygen --fingerprint alice.pub)" = "$(jq -r .fingerprint alice.pub)" ]
[ "$(keygen --verify bob.pub -i alice.key)" = "$(keygen --verify alice.pub bob.key)" ]
keygen --verify bob.pub -i alice.key | grep -Eq '^([0-9]{5} ){11}[0-9]{5}$'

[ "$(keygen --fingerprint --json alice.pub | jq -r 'select(.type == "fingerprint").fingerprint')" = "$(jq -r .fingerprint alice.pub)" ]
[ "$(keygen --fingerprint - <alice.pub)" = "$(jq -r .fingerprint alice.pub)" ]
[ "$(keygen --group-key --json | jq -r 'select(.type == "groupKey").key' | base64 -d | wc -c)" = 32 ]

# Text of others cannot deceive a terminal, in JSON either.
evil=$(printf '\342\200\256\302\233')
printf 'a\tb\r\n%s' "$evil" | encrypt -i alice.key -r bob.pub >sealed
python3 "$(dirname "$0")/prompt.py" -- decrypt -i bob.key -r alice.pub --stateless --json sealed >shown
grep -qF '\u202e\u009b' shown
python3 "$(dirname "$0")/prompt.py" -- decrypt -i bob.key -r alice.pub --stateless sealed >shown
grep -qF 'u{202e}' shown
grep -qF "$(printf 'a\tb')" shown
if grep -qF 'u{d}' shown; then fail "a carriage return is shown: $(cat shown)"; fi

# A team in one file; a secret key is not for others.
{ echo '# team' && cat bob.pub && echo && jq -r .age alice.pub; } >team
echo hello >plain
encrypt --format age -R team plain >sealed
decrypt -i alice.key sealed | cmp - plain
decrypt -i bob.key sealed | cmp - plain
refuses 64 encrypt -R team plain
says 'team:4'
refuses 65 keygen --export -i bob.pub -o bob.secret
says 'no secret key'
refuses 65 encrypt -r bob.key plain
says 'public half'

# The default identity.
refuses 66 keygen --public
says 'make an identity with keygen'
keygen >default.pub
[ "$(stat -c %a "$HOME/.config/parley/identity.key")" = 600 ]
[ "$(stat -c %a "$HOME/.config/parley")" = 700 ]
keygen --public | cmp - default.pub
PARLEY_IDENTITY=alice.key keygen --public | cmp - alice.pub
refuses 73 keygen

# Others must not be able to read it.
chmod 640 alice.key
refuses 77 keygen --public alice.key
says 'chmod 600 alice.key'
chmod 600 alice.key
refuses 66 keygen --public nosuch.key
refuses 64 keygen --public --fingerprint alice.key
refuses 64 keygen --format pem --passphrase-file pass -o new.key

# Damage.
sed '$s/Q/P/' alice.key >damaged.key
sed '$s/[AC-HJ-NP-Z2-9]\(.....\)$/Q\1/' alice.key >>damaged.key
chmod 600 damaged.key
refuses 65 keygen --fingerprint damaged.key
jq -c '.agreeKey = .signKey' alice.pub >forged.pub
refuses 1 keygen --fingerprint forged.pub
jq -c '.name = "Mallory"' alice.pub >forged.pub
refuses 1 keygen --fingerprint forged.pub
jq -c '.age = "age1x"' alice.pub >forged.pub
refuses 1 keygen --fingerprint forged.pub
echo text >forged.pub
refuses 65 keygen --verify forged.pub -i alice.key

# A passphrase.
(umask 077 && echo 'correct horse' >pass && echo wrong >wrong)
keygen -o safe.key --passphrase-file pass >safe.pub
grep -q PARLEY-PROTECTED-KEY- safe.key
keygen --public safe.key | cmp - safe.pub
keygen --export -i safe.key --passphrase-file pass -o open.key
keygen --public open.key | cmp - safe.pub
refuses 1 keygen --export -i safe.key --passphrase-file wrong -o open2.key
[ ! -e open2.key ]
refuses 64 keygen --passphrase -o none.key
says 'no terminal'
says 'passphrase-file'
[ ! -e none.key ]

# Other programs.
keygen --export --format age -i alice.key -o alice.age
[ "$(age-keygen -y alice.age)" = "$(keygen --public --format age alice.key)" ]
[ "$(keygen --public --format age alice.pub)" = "$(jq -r .age alice.pub)" ]
keygen --export --format pem -i alice.key -o alice.pem
openssl pkey -in alice.pem -pubout -out sign.pem
keygen --public --format pem alice.key | sed '/END/q' | cmp - sign.pem
keygen --public --format jwk alice.key | jq -e '.keys | length == 2 and all(.[]; .kty == "OKP" and (has("d") | not))' >checked
[ "$(keygen --group-key | base64 -d | wc -c)" = 32 ]
keygen --group-key --format jwk -o group.jwk
[ "$(stat -c %a group.jwk)" = 600 ]

# Without a key it is said that one is missing.
encrypt --format age -r bob.pub plain >sealed
refuses 1 env XDG_CONFIG_HOME="$PWD/none" "$BIN/decrypt" sealed
says 'give an identity file'
