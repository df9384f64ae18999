#!/bin/sh
# What README and the manual pages of keygen, encrypt and decrypt show works as it is printed there,
# typed one after the other.
. "$(dirname "$0")/lib.sh"
needs age

# Only what waits for a person or for ever is another here.
typed() { sed 's/tail -f/cat/; s/--follow/--once/; s/encrypt -p /encrypt --passphrase-file pass /'; }

# follow FILE: types what is in it, a line at a time; each is to work.
follow() {
    [ "$(wc -l <"$1")" -ge 3 ] || fail "$1 has no examples"
    while IFS= read -r line <&3; do
        echo "\$ $line"
        sh -eu -c "$line" || fail "does not work: $line"
    done 3<"$1"
}

# Who receives is who sends, to have one configuration.
start_relay "$@"
(umask 077 && echo 'correct horse' >pass)
relay-login -q --register --name Bob --email bob@example.com --password-file pass

echo picture >photo.jpg
echo one >log
echo note >notes

mkdir readme
awk '/^## /{on = /First steps/} on && /^```/{code = !code; next} on && code' \
    "$ROOT/README.md" >readme/steps
(cd readme && cp ../photo.jpg . && follow steps && same photo.jpg opened.jpg)

for page in keygen encrypt decrypt; do
    sed -n '/^\.Sh EXAMPLES/,$p' "$ROOT/Man/$page.1" | sed -n '/^\.Bd/,/^\.Ed/p' |
        sed '/^\.[BE]d/d; s/\\-/-/g; s/\\(dq/"/g' | typed >"$page.steps"
done
mkdir manual
cp photo.jpg log notes pass manual
(cd manual && mv ../*.steps . && keygen -q -o bob.key >bob.pub && follow keygen.steps &&
    follow encrypt.steps && follow decrypt.steps && same photo.jpg opened.jpg)
