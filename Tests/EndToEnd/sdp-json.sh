#!/bin/sh
# The JSON form: ten descriptions give what is kept for them, and every one keeps to the schema.
. "$(dirname "$0")/lib.sh"
needs jq python3
kept=$ROOT/Tests/Vectors/sdp-json
captured=${PARLEY_VECTORS:-$ROOT/../shared/vectors}/sdp/captured

count=0
for golden in "$kept"/*.json; do
    name=$(basename "$golden" .json)
    file=$kept/$name.sdp
    [ -e "$file" ] || file=$ROOT/Tests/Vectors/sdp/$name.sdp
    [ -e "$file" ] || file=$captured/$name.sdp
    if [ ! -e "$file" ]; then
        echo "NOT RUN: $name: no published vectors here; set PARLEY_VECTORS to their folder"
        continue
    fi
    sdp-inspect --json "$file" | jq . >made
    diff "$golden" made || fail "$name: the JSON form is another"
    sdp-inspect --to-sdp "$golden" | cmp - "$file"
    count=$((count + 1))
done
[ "$count" -ge 6 ] || fail "$count kept forms only"

python3 -c 'import jsonschema' 2>/dev/null || {
    echo "jsonschema is not installed"
    exit 77
}
cat >validate.py <<'END'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
lines = [json.loads(line) for line in sys.stdin]
for number, form in enumerate(lines, 1):
    for error in validator.iter_errors(form):
        sys.exit(f"line {number}: {error.json_path}: {error.message[:200]}")
good = lines[0]
def refused(what, change):
    form = json.loads(json.dumps(good))
    change(form)
    if validator.is_valid(form):
        sys.exit(f"the schema lets {what} pass")
refused("a form of another type", lambda form: form.update(type="other"))
refused("media that is no array", lambda form: form.update(media={}))
refused("a mid that is a number", lambda form: form["media"][0].update(mid=7))
refused("a port that is text", lambda form: form["media"][0].update(port="9"))
print(len(lines))
END
find "$kept" "$ROOT/Tests/Vectors/sdp" "$captured/.." -name '*.sdp' 2>/dev/null | sort | while IFS= read -r file; do
    sdp-inspect --json "$file"
done >forms
python3 validate.py "$ROOT/Sources/SDP/sdp.schema.json" <forms
