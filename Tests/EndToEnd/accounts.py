"""Accounts as other systems' clients and servers see them: one-time codes by Python's hmac, and
hashes by PyPI's bcrypt.

    accounts.py codes          second factors, over HTTP
    accounts.py import FILE    writes accounts to be imported: CSV
    accounts.py imported       logs in with them
    accounts.py connected      stays connected in two namespaces until the relay ends both, says so,
                               and in JSON what each was told
    accounts.py code SECRET SECONDS    the code of then
    accounts.py next SECRET    the code of the next half minute
    accounts.py forge TOKEN    tokens that look like this one, a line each
    accounts.py issue FILE ID [SECONDS]    a token of another issuer with the secret in FILE, which
                                           says that it was issued then, or does not say when
"""
import base64, hashlib, hmac, json, os, struct, sys, time

import requests

patience = 30
relay = os.environ.get("PARLEY_RELAY", "")


def code(secret, at=None):
    """RFC 6238 with RFC 4226's truncation."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    tag = hmac.digest(key, struct.pack(">Q", int((time.time() if at is None else at) // 30)), "sha1")
    offset = tag[-1] & 15
    return f"{(struct.unpack('>I', tag[offset:offset + 4])[0] & 0x7fffffff) % 10**6:06}"


def post(path, body, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.post(f"{relay}/api/auth/{path}", json=body, headers=headers, timeout=patience)


def log_in(person, **more):
    return post("login", {**person, **more})


def settle():
    """Waits until the step has some seconds left, so that no code ages while it is tried."""
    while time.time() % 30 > 25:
        time.sleep(0.2)


def codes():
    person = {"email": "tom@example.com", "password": "correct horse battery"}
    token = post("register", {"name": "Tom", **person}).json()["token"]
    assert post("2fa/enable", {}).status_code == 401
    proposal = post("2fa/enable", {}, token)
    assert proposal.status_code == 200, proposal.text
    proposal = proposal.json()
    secret, uri = proposal["secret"], proposal["uri"]
    assert uri.startswith("otpauth://totp/") and f"secret={secret}" in uri, uri
    assert proposal["otpauth_url"] == uri and len(set(proposal["recovery_codes"])) == 10
    assert log_in(person).status_code == 200
    settle()
    wrong = f"{(int(code(secret)) + 1) % 10**6:06}"
    assert post("2fa/verify", {"otp": wrong}, token).json()["code"] == "wrongOTP"
    now = time.time()
    assert post("2fa/verify", {"otp": code(secret, now - 30)}, token).status_code == 200
    answer = log_in(person)
    assert (answer.status_code, answer.json()["code"]) == (401, "otpRequired"), answer.text
    assert log_in({**person, "password": "wrong"}).json()["code"] == "wrongCredentials"
    # The first was used for the confirmation; the last is beyond the skew.
    assert log_in(person, otp=code(secret, now - 30)).json()["code"] == "wrongOTP"
    assert log_in(person, otp=code(secret, now + 60)).json()["code"] == "wrongOTP"
    assert log_in(person, otp=code(secret, now)).status_code == 200
    assert log_in(person, otp=code(secret, now)).json()["code"] == "wrongOTP"
    recovery = proposal["recovery_codes"]
    assert log_in(person, otp=recovery[0]).status_code == 200
    assert log_in(person, otp=recovery[0]).json()["code"] == "wrongOTP"
    assert log_in(person, otp=recovery[1].lower().replace("-", "")).status_code == 200
    assert post("2fa/enable", {}, token).json()["code"] == "secondFactorOn"
    assert post("2fa/disable", {}, token).json()["code"] == "otpRequired"
    assert post("2fa/disable", {"password": "wrong"}, token).json()["code"] == "wrongCredentials"
    print(json.dumps({"secret": secret, "token": token, "recovery": recovery[2:]}))


people = [("old%d@example.com" % i, prefix) for i, prefix in enumerate((b"2a", b"2b", b"2y"))]


def make_import(path):
    import bcrypt

    # With a byte order mark, as spreadsheets write it.
    with open(path, "w", encoding="utf-8-sig") as file:
        file.write("email,name,hash\n")
        for email, prefix in people:
            hashed = bcrypt.hashpw(f"password of {email}".encode(), bcrypt.gensalt(10))
            hashed = b"$" + prefix + hashed[3:]
            file.write(f'{email},"Old, {email}",{hashed.decode()}\n')


def imported():
    for email, _ in people:
        assert log_in({"email": email, "password": "wrong"}).status_code == 401
        for _ in range(2):
            answer = log_in({"email": email, "password": f"password of {email}"})
            assert answer.status_code == 200, answer.text
        assert answer.json()["user"]["name"] == f"Old, {email}"


def connected():
    import socketio

    client = socketio.Client(reconnection=False)
    told = {namespace: [] for namespace in ("/", "/calls")}
    for namespace, words in told.items():
        client.on("error", lambda error, words=words: words.append(error["code"]), namespace)
        client.on("connect", lambda words=words: words.append("connect"), namespace)
        client.on("disconnect", lambda reason, words=words: words.append(reason), namespace)
    client.connect(
        relay, auth={"token": os.environ["TOKEN"]}, namespaces=list(told), wait_timeout=patience)
    print("connected", flush=True)
    client.wait()
    print(json.dumps(told))
    print("ended", flush=True)


def forge(token):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    header, payload, signature = token.split(".")
    for algorithm in ("none", "None", "HS384", "RS256"):
        yield f"{part({'alg': algorithm, 'typ': 'JWT'})}.{payload}.{signature}"
    yield f"{part({'alg': 'none'})}.{payload}."
    yield f"{header}.{payload}.{part({'no': 'signature'})}"
    yield f"{header}.{payload}"
    key = b"secret"
    for claims in ({"_id": "admin", "exp": 2**40}, {"_id": "admin"}):
        text = f"{part({'alg': 'HS256'})}.{part(claims)}"
        tag = hmac.digest(key, text.encode(), hashlib.sha256)
        yield f"{text}.{base64.urlsafe_b64encode(tag).decode().rstrip('=')}"


def issue(path, user, *seconds):
    def part(data):
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    claims = {"_id": user, "exp": int(time.time()) + 3600} | {"iat": int(at) for at in seconds}
    text = ".".join(part(json.dumps(value).encode()) for value in ({"alg": "HS256"}, claims))
    with open(path) as file:
        key = file.read().strip().encode()
    return f"{text}.{part(hmac.digest(key, text.encode(), hashlib.sha256))}"


match sys.argv[1:]:
    case ["codes"]: codes()
    case ["import", path]: make_import(path)
    case ["imported"]: imported()
    case ["connected"]: connected()
    case ["next", secret]: print(code(secret, time.time() + 30))
    case ["code", secret, seconds]: print(code(secret, int(seconds)))
    case ["forge", token]: print(*forge(token), sep="\n")
    case ["issue", path, user, *seconds]: print(issue(path, user, *seconds))
