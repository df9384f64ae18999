#!/usr/bin/env python3
"""Envelopes of parley-envelope(5), a second time: written from that page alone.

parley_envelope.py seal [--from KEY] [--passphrase TEXT] [--to PUB]... < message
parley_envelope.py open [--key KEY] [--passphrase TEXT] [--from PUB] < envelopes
parley_envelope.py public < key file
parley_envelope.py vectors FILE...
"""

import argparse
import base64
import datetime
import hashlib
import hmac
import json
import os
import re
import sys

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


class Malformed(Exception):
    pass


class Refused(Exception):
    pass


# Notation


def L(field):
    field = field.encode() if isinstance(field, str) else field
    return len(field).to_bytes(4, "big") + field


def u64(number):
    return number.to_bytes(8, "big")


def hkdf(key, salt, info, count):
    return HKDF(hashes.SHA256(), count, salt, info).derive(key)


def sha256(data):
    return hashlib.sha256(data).digest()


# Identities


def raw(key):
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def fingerprint(sign_key, agree_key):
    return sha256(L("parley/fingerprint/v1") + L(sign_key) + L(agree_key)).hex()


class Identity:
    def __init__(self, seed, name=""):
        self.name = name
        self.sign = Ed25519PrivateKey.from_private_bytes(
            hkdf(seed, b"", b"parley/identity/v1/ed25519", 32))
        self.agree = X25519PrivateKey.from_private_bytes(
            hkdf(seed, b"", b"parley/identity/v1/x25519", 32))
        self.sign_key, self.agree_key = raw(self.sign.public_key()), raw(self.agree.public_key())
        self.fingerprint = fingerprint(self.sign_key, self.agree_key)

    @classmethod
    def of_file(cls, text):
        name = ""
        for line in text.splitlines():
            if line.startswith("# name: "):
                name = line[8:]
            elif line and not line.startswith("#"):
                return cls(bech32_decode(line, "PARLEY-SECRET-KEY-"), name)
        raise Malformed("no key")

    def public(self):
        statement = L("parley/identity/v1") + L(self.name) + L(self.sign_key) + L(self.agree_key)
        return {
            "type": "identity", "v": 1, "name": self.name,
            "signKey": b64(self.sign_key), "agreeKey": b64(self.agree_key),
            "signature": b64(self.sign.sign(statement)), "fingerprint": self.fingerprint,
            "age": bech32_encode("age", self.agree_key)}


class Public:
    def __init__(self, text):
        card = json.loads(text)
        self.sign_key, self.agree_key = unb64(card["signKey"]), unb64(card["agreeKey"])
        self.fingerprint = fingerprint(self.sign_key, self.agree_key)
        if card["fingerprint"] != self.fingerprint or card["age"] != bech32_encode("age", self.agree_key):
            raise Refused("inconsistent identity")
        verify(self.sign_key, unb64(card["signature"]),
               L("parley/identity/v1") + L(card["name"]) + L(self.sign_key) + L(self.agree_key))


def verify(key, signature, statement):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, statement)
    except (InvalidSignature, ValueError):
        raise Refused("badSignature")


BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def polymod(values):
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            if top >> bit & 1:
                check ^= term
    return check


def regroup(values, size, other):
    word = "".join(format(value, f"0{size}b") for value in values)
    groups = [word[at:at + other] for at in range(0, len(word), other)]
    return groups, other


def bech32_decode(text, prefix):
    if not text.startswith(prefix + "1"):
        raise Malformed("another kind of key")
    prefix, text = prefix.lower(), text.lower()
    values = [BECH32.index(character) for character in text[len(prefix) + 1:]]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    if polymod(expanded + values) != 1:
        raise Malformed("checksum")
    groups, size = regroup(values[:-6], 5, 8)
    return bytes(int(group, 2) for group in groups if len(group) == size)


def bech32_encode(prefix, data):
    groups, size = regroup(data, 8, 5)
    values = [int(group.ljust(size, "0"), 2) for group in groups]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = polymod(expanded + values + [0] * 6) ^ 1
    values += [check >> 5 * (5 - at) & 31 for at in range(6)]
    return prefix + "1" + "".join(BECH32[value] for value in values)


# HPKE (RFC 9180), base mode


KEM, SUITE = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"


def labeled_extract(suite, salt, label, key):
    return hmac.digest(salt or b"\0" * 32, b"HPKE-v1" + suite + label + key, "sha256")


def labeled_expand(suite, key, label, info, count):
    block = count.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info + b"\x01"
    return hmac.digest(key, block, "sha256")[:count]


def hpke_key(shared, enc, recipient, info):
    prk = labeled_extract(KEM, b"", b"eae_prk", shared)
    secret = labeled_expand(KEM, prk, b"shared_secret", enc + recipient, 32)
    context = (b"\0" + labeled_extract(SUITE, b"", b"psk_id_hash", b"")
               + labeled_extract(SUITE, b"", b"info_hash", info))
    secret = labeled_extract(SUITE, secret, b"secret", b"")
    return (labeled_expand(SUITE, secret, b"key", context, 32),
            labeled_expand(SUITE, secret, b"base_nonce", context, 12))


RECIPIENT = L("parley/envelope/v1/recipient")


def hpke_seal(recipient, ephemeral, aad, text):
    enc = raw(ephemeral.public_key())
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    key, nonce = hpke_key(shared, enc, recipient, RECIPIENT)
    return enc + AESGCM(key).encrypt(nonce, text, aad)


def hpke_open(identity, sealed, aad):
    enc, sealed = sealed[:32], sealed[32:]
    try:
        shared = identity.agree.exchange(X25519PublicKey.from_public_bytes(enc))
        key, nonce = hpke_key(shared, enc, identity.agree_key, RECIPIENT)
        return AESGCM(key).decrypt(nonce, sealed, aad)
    except (InvalidTag, ValueError):
        raise Refused("tampered")


# Members


def b64(data):
    return base64.b64encode(data).decode()


def unb64(text, count=None):
    if not isinstance(text, str):
        raise Malformed("not a string")
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Malformed("not Base64")
    if b64(data) != text or count not in (None, len(data)):
        raise Malformed("not the one Base64")
    return data


def unhex(text, count):
    if not isinstance(text, str) or not re.fullmatch("[0-9a-f]{%d}" % (2 * count), text):
        raise Malformed("not hexadecimal")
    return bytes.fromhex(text)


class Number(str):
    """A number as it was written."""


def integer(text):
    if not isinstance(text, Number) or not re.fullmatch("0|[1-9][0-9]*", text) or int(text) >= 2**53:
        raise Malformed("not a whole number")
    return int(text)


def object_of(pairs):
    members = dict(pairs)
    if len(members) < len(pairs):
        raise Malformed("a member twice")
    return members


def has_escaped_name(text):
    """Whether a member of the outer object has a name with escapes, of valid JSON."""
    depth = 0
    for token, colon in re.findall(r'("(?:[^"\\]|\\.)*"|[{}\[\]])(\s*:)?', text):
        if token in "{[":
            depth += 1
        elif token in "}]":
            depth -= 1
        elif colon and depth == 1 and "\\" in token:
            return True
    return False


ALWAYS = {"type", "v", "id", "to", "iv", "ciphertext", "tag", "seq", "ts", "mode", "commitment"}
SIGNED = {"from", "signature", "signKey", "agreeKey"}
MODES = {"box": {"enc"}, "passphrase": {"salt", "passes", "memoryKiB"}}
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def read(line):
    try:
        members = json.loads(line.decode("utf-8"), object_pairs_hook=object_of,
                             parse_int=Number, parse_float=Number)
    except ValueError:
        raise Malformed("not JSON")
    if not isinstance(members, dict) or members.get("type") != "message":
        raise Malformed("not an envelope")
    if has_escaped_name(line.decode()):
        raise Malformed("a name with escapes")
    if members.get("v") != "1" or not isinstance(members["v"], Number):
        raise Malformed("version")
    if members.get("mode") not in MODES:
        raise Malformed("mode")
    signed = bool({"from", "signature"} & set(members))
    expected = ALWAYS | MODES[members["mode"]] | (SIGNED if signed else set())
    if {name for name in members if not name.startswith("x-")} != expected:
        raise Malformed("members")
    return decode(members, signed)


def decode(members, signed):
    e = {"mode": members["mode"], "signed": signed, "id": unhex(members["id"], 16)}
    to = members["to"]
    if not isinstance(to, list) or len(to) > 1024:
        raise Malformed("to")
    e["to"] = [unhex(text, 32) for text in to]
    if len(set(e["to"])) < len(to) or bool(to) != (e["mode"] == "box"):
        raise Malformed("to")
    for name, count in (("iv", 12), ("tag", 16), ("commitment", 32), ("ciphertext", None)):
        e[name] = unb64(members[name], count)
    e["seq"] = integer(members["seq"])
    if (e["seq"] == 0) == signed:
        raise Malformed("seq")
    e["ts"] = milliseconds(members["ts"])
    if e["mode"] == "box":
        e["enc"] = unb64(members["enc"], 80 * len(to))
    else:
        e["salt"] = unb64(members["salt"], 16)
        e["passes"], e["memoryKiB"] = integer(members["passes"]), integer(members["memoryKiB"])
    e["signKey"] = e["agreeKey"] = b""
    if signed:
        e["from"] = unhex(members["from"], 32).hex()
        e["signKey"], e["agreeKey"] = unb64(members["signKey"], 32), unb64(members["agreeKey"], 32)
        e["signature"] = unb64(members["signature"], 64)
    return e


def milliseconds(text):
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text):
        raise Malformed("ts")
    try:
        time = datetime.datetime.fromisoformat(text[:-1] + "+00:00")
    except ValueError:
        raise Malformed("ts")
    if time < EPOCH:
        raise Malformed("ts")
    return (time - EPOCH) // datetime.timedelta(milliseconds=1)


def time_text(ts):
    time = EPOCH + datetime.timedelta(milliseconds=ts)
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{ts % 1000:03}Z"


# Transcript


def header(e):
    return b"".join([
        L("parley/envelope/v1"), L(e["mode"]), L(e["id"]), L(u64(e["ts"])), L(u64(e["seq"])),
        L(e["signKey"]), L(e["agreeKey"]), L(e["iv"]), L(u64(len(e["to"])))]
        + [L(recipient) for recipient in e["to"]])


def transcript(e):
    if e["mode"] == "box":
        return header(e) + L(e["enc"])
    return header(e) + L(e["salt"]) + L(u64(e["passes"])) + L(u64(e["memoryKiB"]))


def content_keys(e, key):
    info = L("parley/envelope/v1/keys") + L(sha256(transcript(e)))
    keys = hkdf(key, e["iv"], info, 64)
    return keys[:32], keys[32:]


def statement(e):
    return (L("parley/envelope/v1/signature") + L(sha256(transcript(e))) + L(e["commitment"])
            + L(e["tag"]) + L(sha256(e["ciphertext"])))


def stretch(passphrase, e):
    if not (1 <= e["passes"] <= 16 and 8 <= e["memoryKiB"] <= 1 << 20):
        raise Malformed("costlyDerivation")
    return Argon2id(salt=e["salt"], length=32, iterations=e["passes"], lanes=1,
                    memory_cost=e["memoryKiB"]).derive(passphrase)


# Padding


def padded_count(count):
    if count <= 256:
        return 256
    e = count.bit_length() - 1
    mask = (1 << e - e.bit_length()) - 1
    return count + mask & ~mask


def pad(message, kind):
    text = bytes([kind]) + len(message).to_bytes(4, "big") + message
    return text.ljust(padded_count(len(text)), b"\0")


def unpad(text):
    end = 5 + int.from_bytes(text[1:5], "big")
    if len(text) < 5 or text[0] > 1 or pad(text[5:end], text[0]) != text:
        raise Refused("tampered")
    return text[5:end], text[0]


# Sealing and opening


def seal(message, kind, sender=None, recipients=(), passphrase=None, seq=1, ts=None, random=None,
         salt=None, passes=1, memory=64):
    random = random or os.urandom(60 + 32 * len(recipients))
    if ts is None:
        ts = (datetime.datetime.now(datetime.timezone.utc) - EPOCH) // datetime.timedelta(milliseconds=1)
    e = {"mode": "box" if recipients else "passphrase", "id": random[:16], "iv": random[16:28],
         "ts": ts, "seq": seq if sender else 0, "signed": sender is not None,
         "to": [bytes.fromhex(recipient.fingerprint) for recipient in recipients],
         "signKey": sender.sign_key if sender else b"", "agreeKey": sender.agree_key if sender else b""}
    if recipients:
        key = random[28:60]
        e["enc"] = b"".join(
            hpke_seal(recipient.agree_key,
                      X25519PrivateKey.from_private_bytes(random[60 + 32 * at:92 + 32 * at]),
                      header(e), key)
            for at, recipient in enumerate(recipients))
    else:
        e["salt"], e["passes"], e["memoryKiB"] = salt or os.urandom(16), passes, memory
        key = stretch(passphrase, e)
    aead, e["commitment"] = content_keys(e, key)
    sealed = AESGCM(aead).encrypt(e["iv"], pad(message, kind), transcript(e))
    e["ciphertext"], e["tag"] = sealed[:-16], sealed[-16:]
    members = {"type": "message", "v": 1, "id": e["id"].hex(), "mode": e["mode"],
               "to": [recipient.hex() for recipient in e["to"]], "seq": e["seq"], "ts": time_text(ts)}
    if sender:
        members["from"] = sender.fingerprint
        members["signature"] = b64(sender.sign.sign(statement(e)))
        members["signKey"], members["agreeKey"] = b64(e["signKey"]), b64(e["agreeKey"])
    for name in ("iv", "enc", "salt", "ciphertext", "tag", "commitment"):
        if name in e:
            members[name] = b64(e[name])
    if not recipients:
        members["passes"], members["memoryKiB"] = passes, memory
    return members


def open_envelope(line, identities=(), passphrase=None, sender=None):
    e = read(line)
    if e["signed"] and e["from"] != fingerprint(e["signKey"], e["agreeKey"]):
        raise Refused("badSignature")
    if sender is not None and e.get("from") != sender:
        raise Refused("wrongSender" if e["signed"] else "unsigned")
    if e["signed"]:
        verify(e["signKey"], e["signature"], statement(e))
    key = content_key(e, identities, passphrase)
    aead, commitment = content_keys(e, key)
    if not hmac.compare_digest(commitment, e["commitment"]):
        raise Refused("tampered" if e["mode"] == "box" else "wrongPassphrase")
    try:
        text = AESGCM(aead).decrypt(e["iv"], e["ciphertext"] + e["tag"], transcript(e))
    except InvalidTag:
        raise Refused("tampered")
    return e, *unpad(text)


def content_key(e, identities, passphrase):
    if e["mode"] == "passphrase":
        if passphrase is None:
            raise Refused("needsPassphrase")
        return stretch(passphrase, e)
    for at, recipient in enumerate(e["to"]):
        for identity in identities:
            if identity.fingerprint == recipient.hex():
                return hpke_open(identity, e["enc"][80 * at:80 * at + 80], header(e))
    raise Refused("wrongKey" if identities else "needsKey")


# Test vectors


def check_vector(path):
    with open(path, encoding="utf-8") as file:
        vector = json.load(file)
    identities = [Identity(bytes.fromhex(seed)) for seed in vector.get("keys", [])]
    passphrase = vector["passphrase"].encode() if "passphrase" in vector else None
    try:
        e, message, kind = open_envelope(vector["envelope"].encode(), identities, passphrase)
        outcome = "success"
        assert vector["expect"] == outcome, path
        assert message.hex() == vector["message"] and bool(kind) == vector["isLine"], path
        assert transcript(e).hex() == vector["transcript"], path
    except Refused:
        outcome = "refused"
    except Malformed:
        outcome = "malformed"
    assert outcome == vector["expect"], f"{path}: {outcome}"
    if "random" in vector:
        check_sealing(vector)


def check_sealing(vector):
    """The same randomness gives the same envelope, byte for byte but for order and spaces."""
    e = read(vector["envelope"].encode())
    sender = Identity(bytes.fromhex(vector["sender"])) if "sender" in vector else None
    recipients = [Identity(bytes.fromhex(seed)) for seed in vector.get("recipients", [])]
    members = seal(
        bytes.fromhex(vector["message"]), int(vector["isLine"]), sender, recipients,
        vector.get("passphrase", "").encode(), e["seq"], e["ts"], bytes.fromhex(vector["random"]),
        e.get("salt"), e.get("passes"), e.get("memoryKiB"))
    assert members == json.loads(vector["envelope"]), "sealed otherwise"


# Command line


def whole(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=["seal", "open", "public", "vectors"])
    parser.add_argument("files", nargs="*")
    parser.add_argument("--from", dest="sender")
    parser.add_argument("--to", action="append", default=[])
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--passphrase")
    parser.add_argument("--seq", type=int, default=1)
    options = parser.parse_args()
    passphrase = options.passphrase.encode() if options.passphrase else None
    if options.action == "vectors":
        for path in options.files:
            check_vector(path)
        print(len(options.files), "vectors")
    elif options.action == "public":
        print(json.dumps(Identity.of_file(sys.stdin.read()).public(), ensure_ascii=False))
    elif options.action == "seal":
        message = sys.stdin.buffer.read()
        kind = int(message.endswith(b"\n"))
        sender = Identity.of_file(whole(options.sender)) if options.sender else None
        print(json.dumps(seal(
            message[:-1] if kind else message, kind, sender, [Public(whole(path)) for path in options.to],
            passphrase, options.seq)))
    else:
        sender = Public(whole(options.sender)).fingerprint if options.sender else None
        identities = [Identity.of_file(whole(path)) for path in options.key]
        for line in sys.stdin.buffer:
            _, message, kind = open_envelope(line.rstrip(b"\n"), identities, passphrase, sender)
            sys.stdout.buffer.write(message + b"\n" * kind)


if __name__ == "__main__":
    try:
        main()
    except Refused as error:
        sys.exit(f"refused: {error}")
