#!/bin/sh
# A webhook and a command hear that something came for a user who is away: once more after a failure,
# signed, and nothing of what it was.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/people.sh"
needs curl jq python3

python3 "$ROOT/Tests/EndToEnd/hook_receiver.py" port >posts &
receiver=$!
trap 'kill "$receiver" 2>/dev/null || true; stop_relay' EXIT
eventually [ -s port ]

(umask 077 && printf 'hook secret' >secret)
refuses 64 signal-relay --notify-url ftp://127.0.0.1/
says 'cannot post to "ftp://127.0.0.1/"'
refuses 64 signal-relay --notify-secret-file secret
says "--notify-url"

start_relay --notify-url "http://127.0.0.1:$(cat port)/push?key=1" --notify-secret-file secret \
    --notify-exec 'cat >>heard; if [ -e failed ]; then :; else touch failed; false; fi'
join alice bob
echo "the marker of a text" | seal | as alice sendmsg --to bob@example.com -q

# hook NAME OUTCOME: what the metrics count.
hook() {
    curl -s "$PARLEY_RELAY/metrics" |
        sed -n "s/^parley_relay_hook_notices_total{hook=\"$1\",outcome=\"$2\"} //p"
}

# The first try fails on purpose; the second comes a second later at most.
were_told_again() {
    [ "$(jq -s 'map(select(.again)) | length' posts)" = 1 ] && [ "$(wc -l <heard)" = 2 ]
}
eventually were_told_again
[ "$(jq -s 'length' posts)" = 2 ]
jq -se 'all(.[]; .genuine and .path == "/push?key=1")' posts >/dev/null ||
    fail "a post is not signed as it should be: $(cat posts)"
jq -se 'map(.body) | unique | length == 1' posts >/dev/null
jq -se '.[0].body | .type == "notice" and .event == "send_message"
    and (keys == ["event", "id", "time", "type", "userId"])' posts >/dev/null ||
    fail "a notice says something else: $(cat posts)"
jq -se 'length == 2 and .[0] == .[1] and .[0].event == "send_message"' heard >/dev/null ||
    fail "the command heard something else: $(cat heard)"

# The metrics know of the try that failed, and of the notice that was told.
is_counted() { [ "$(hook "$1" sent) $(hook "$1" retried)" = "1 1" ]; }
for kind in webhook command; do
    eventually is_counted "$kind"
    for outcome in given_up refused dropped; do [ "$(hook "$kind" "$outcome")" = 0 ]; done
done

# Whoever is there needs no notice.
as_job bob recvmsg -v >received 2>bob.err
bob=$!
await connected bob.err
echo "another" | seal | as alice sendmsg --to bob@example.com -q
have_come() { [ "$(wc -l <received)" = 2 ]; }
eventually have_come
kill "$bob"
wait "$bob" || true
[ "$(jq -s 'length' posts)" = 2 ] && [ "$(wc -l <heard)" = 2 ]
