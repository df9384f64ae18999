"""Reading and writing a browser's offer, against sdp-transform under Node and aiortc's parser.

Each figure is descriptions a second of CPU time, without the start of the program. The peers make
a value of every line and write every line from that. Ours keeps the lines, so there are two rows of it:
`fully typed` reads every typed value of every line too, and the target is for it; `lazy` reads none.
"""
import pathlib, statistics, subprocess

root = pathlib.Path(__file__).resolve().parent.parent.parent


def run(bench, tool, peer, spawn, alone, row, limit):
    offer = bench.path("offer.sdp")
    with open(offer, "wb") as out:
        form = root / "Tests/Vectors/sdp-json/chromium-offer.json"
        subprocess.run([tool("sdp-inspect"), "--to-sdp", str(form)], stdout=out, check=True)
    print(f"sdp: an offer of Chromium of {pathlib.Path(offer).stat().st_size} bytes")

    def rate(words, count):
        """Descriptions a second of CPU time."""
        once = lambda number: alone(lambda: spawn([*words, str(number)], stdin=offer))[1]
        once(1)
        return statistics.median(count / (once(count) - once(0)) for _ in range(1 if bench.quick else 5))

    node = rate(["node", str(root / "Tests/Bench/sdp_transform.js")], 5000)
    aiortc = rate([str(root / ".venv/bin/python"), str(root / "Tests/Bench/sdp_aiortc.py")], 500)
    bytes_, values, json = (rate([peer("sdp-bench"), what], count) for what, count in [("bytes", 200_000), ("values", 20_000), ("json", 10_000)])
    row("sdp: parse, write, fully typed / sdp-transform", values, node, "1/s", 10, higher=True)
    row("sdp: parse, write, fully typed / aiortc", values, aiortc, "1/s", 10, higher=True)
    row("sdp: parse, write, lazy / sdp-transform", bytes_, node, "1/s")
    row("sdp: parse, write, lazy / aiortc", bytes_, aiortc, "1/s")
    row("sdp: to the JSON form / sdp-transform", json, node, "1/s")

    # The time for ten times as many attributes is ten times as long.
    lines = {}
    for megabytes in (1, 10):
        path = bench.path(f"{megabytes}.sdp")
        with open(path, "wb") as out:
            out.write(b"v=0\r\n" + b"a=x-attribute:1\r\n" * (megabytes * 1_000_000 // 17))
        lines[megabytes] = alone(lambda: spawn([tool("sdp-inspect"), "--to-sdp"], stdin=path))[1]
    limit("sdp: 10 MB of attributes / 1 MB of them", lines[10] / lines[1], 15, "times")
