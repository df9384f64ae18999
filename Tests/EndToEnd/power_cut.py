"""Cuts the power of a relay on paper. Reads what `strace -f -y -xx` saw of it, and makes the files
as a disk may hold them after a cut: what was synchronised is there, of what was written later any
sectors, in no order.

    power_cut.py LOG BASE OUT SEED CUT_PERCENT [deaf]

BASE holds the files as they were when the log began; OUT gets them as they are after the cut. Prints the
ids of the messages whose `message:sent` had left by then, a line each. A deaf disk ignores that it is to
synchronise: so that the test knows that it would notice.
"""

import os
import random
import re
import shutil
import sys

SECTOR = 512
CALL = re.compile(r"^(\d+) +(\w+)\((\d+)<([^>]*)>(.*)$")
RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)$")
HEX = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
SENT = re.compile(rb'"message:sent",\{.*?"messageId":"([0-9a-f]{32})"')


def unescape(text):
    return bytes.fromhex(text.replace("\\x", ""))


def calls(path):
    """Each call where it began, and `done` where it ended with success."""
    began = {}
    for line in open(path, errors="replace"):
        if match := RESUMED.match(line):
            thread, name, rest = match.groups()
            call = began.pop((thread, name), None)
            if call and "= -1" not in rest:
                yield "done", *call
        elif match := CALL.match(line):
            thread, name, _, file, rest = match.groups()
            call = (name, os.path.basename(unescape(file).decode()), rest)
            yield "began", *call
            if "<unfinished" in rest:
                began[thread, name] = call
            elif "= -1" not in rest:
                yield "done", *call


class Disk:
    """One file: what is surely there, and what was written since."""

    def __init__(self, start):
        self.durable = bytearray(start)
        self.pending = []

    def write(self, data, offset):
        self.pending.append((offset, data))

    def synchronise(self):
        for change in self.pending:
            self.apply(self.durable, *change)
        self.pending = []

    @staticmethod
    def apply(content, offset, data):
        if data is None:
            del content[offset:]
            content.extend(bytes(offset - len(content)))
            return
        content.extend(bytes(max(0, offset + len(data) - len(content))))
        content[offset : offset + len(data)] = data

    def cut(self, chance):
        content = bytearray(self.durable)
        for offset, data in self.pending:
            if data is None:
                if chance.random() < 0.5:
                    self.apply(content, offset, None)
                continue
            for start in range(0, len(data), SECTOR):
                if chance.random() < 0.5:
                    self.apply(content, offset + start, data[start : start + SECTOR])
        return content


def main():
    log, base, out, seed, percent, *deaf = sys.argv[1:]
    chance = random.Random(int(seed))
    events = list(calls(log))
    events = events[: len(events) * int(percent) // 100]
    disks = {name: Disk(open(os.path.join(base, name), "rb").read()) for name in os.listdir(base)}
    acknowledged = set()
    for moment, name, file, rest in events:
        # The write-ahead log is made anew at the start.
        if file.endswith("-wal"):
            disks.setdefault(file, Disk(b""))
        disk = disks.get(file)
        if moment == "done":
            if disk and name in ("fsync", "fdatasync") and not deaf:
                disk.synchronise()
        elif disk and name in ("pwrite64", "write"):
            data = unescape(HEX.search(rest).group(1))
            offset = int(re.search(r'", (\d+), (\d+)', rest).group(2))
            assert name == "pwrite64" and len(data) == int(re.search(r'", (\d+)', rest).group(1))
            disk.write(data, offset)
        elif disk and name == "ftruncate":
            disk.write(None, int(re.search(r", (\d+)", rest).group(1)))
        elif not disk:
            sent = b"".join(unescape(part) for part in HEX.findall(rest))
            acknowledged.update(SENT.findall(sent))
    shutil.rmtree(out, ignore_errors=True)
    os.mkdir(out, 0o700)
    for name, disk in disks.items():
        path = os.path.join(out, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(disk.cut(chance))
    for identifier in sorted(acknowledged):
        print(identifier.decode())


main()
