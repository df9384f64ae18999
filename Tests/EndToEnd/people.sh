# shellcheck shell=sh
# Sourced by the tests that need two users of a relay, alice and bob, each with a home of their own.

# as WHO COMMAND...: runs it with that person's configuration and state.
as() {
    who=$1
    shift
    XDG_CONFIG_HOME=$PWD/$who/config XDG_STATE_HOME=$PWD/$who/state "$@"
}

# as_job WHO COMMAND...: the same in the background. $! is the command itself, so that signals reach it.
as_job() {
    who=$1
    shift
    env XDG_CONFIG_HOME="$PWD/$who/config" XDG_STATE_HOME="$PWD/$who/state" "$@" &
}

# join WHO...: makes an account and keys for each, in WHO.key and WHO.pub.
join() {
    for person in "$@"; do
        (umask 077 && echo "correct horse battery $person" >"$person.password")
        as "$person" relay-login -q --register --name "$person" --email "$person@example.com" \
            --password-file "$person.password"
        as "$person" keygen -o "$person.key" --name "$person" >"$person.pub"
    done
}

# seal: envelopes of alice for bob, a line each.
seal() {
    as alice encrypt --lines -i alice.key -r bob.pub
}

# unseal: what was in them.
unseal() {
    as bob decrypt -i bob.key -r alice.pub
}
