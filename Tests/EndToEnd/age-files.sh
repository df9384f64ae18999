#!/bin/sh
# Age files go both ways between us and the age program.
. "$(dirname "$0")/lib.sh"
needs age age-keygen jq ssh-keygen python3

keygen -o bob.key --name Bob >bob.pub
keygen --export --format age -i bob.key -o bob.age
age-keygen -o stock.age 2>stderr
ssh-keygen -q -t ed25519 -N '' -f ssh
stock=$(age-keygen -y stock.age)
(umask 077 && echo 'correct horse' >pass && echo wrong >wrong)

for size in 0 1 65535 65536 65537 3000000; do
    head -c "$size" /dev/urandom >plain
    encrypt --format age -r bob.pub -r "$stock" -r ssh.pub -o sealed -f plain
    for key in bob.age stock.age ssh; do age -d -i "$key" sealed | cmp - plain; done
    for key in bob.key stock.age ssh; do decrypt -i "$key" sealed | cmp - plain; done
    age -a -r "$(jq -r .age bob.pub)" -R ssh.pub plain >sealed
    for key in bob.key ssh; do decrypt -i "$key" <sealed | cmp - plain; done
    encrypt --format age --armor -R ssh.pub plain | age -d -i ssh >opened
    same opened plain
done

# Passphrases, which age takes from a terminal alone.
terminal() {
    python3 "$(dirname "$0")/prompt.py" 'correct horse\n' 'correct horse\n' -- "$@" >shown ||
        fail "$*: $(cat shown)"
}
head -c 100000 /dev/urandom >plain
encrypt --format age --passphrase-file pass plain >sealed
terminal age -d -o opened sealed
same opened plain
terminal age -p -o sealed plain
decrypt --passphrase-file pass sealed | cmp - plain
terminal decrypt -p -o asked sealed
same asked plain
refuses 1 decrypt --passphrase-file wrong -o wrong.out sealed
[ ! -e wrong.out ]

# Other recipients, and the payload as it was.
encrypt --format age -r bob.pub plain >sealed
encrypt --rewrap -i bob.key -r "$stock" sealed >rewrapped
age -d -i stock.age rewrapped | cmp - plain
refuses 1 decrypt -i bob.key rewrapped
tail -c 100000 sealed >end
tail -c 100000 rewrapped | cmp - end
encrypt --inspect rewrapped | jq -e '.format == "age" and .recipients == ["X25519"] and .whole' >checked

# Progress, as JSON where it was asked for, and none where nobody watches.
encrypt --format age -r bob.pub --progress=json plain 2>stderr >sealed
tail -n 1 stderr | jq -e '.type == "progress" and .total == 100000 and .done >= .total' >checked
encrypt --format age -r bob.pub plain 2>stderr >sealed
[ ! -s stderr ]

# What is wrong is refused, and leaves no file.
head -c 50000 sealed >short.age
refuses 1 decrypt -i bob.key -o opened.bin short.age
[ ! -e opened.bin ]
refuses 1 decrypt -i stock.age -o opened.bin sealed
refuses 1 decrypt -i bob.key -r bob.pub sealed
refuses 64 encrypt --format age -r bob.pub --lines plain
refuses 64 encrypt --format age -r bob.pub --passphrase-file pass plain
refuses 64 encrypt --format age -i bob.key -r bob.pub plain
cp plain both
refuses 73 encrypt --format age -r bob.pub -f -o both both
same both plain
