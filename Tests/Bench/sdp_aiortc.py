"""sdp_aiortc.py COUNT: aiortc parses the description on standard input so often, and writes it."""
import sys

from aiortc.sdp import SessionDescription

text = sys.stdin.read()
print(sum(len(str(SessionDescription.parse(text))) for _ in range(int(sys.argv[1]))))
