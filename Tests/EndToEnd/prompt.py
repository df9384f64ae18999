"""Types on a terminal: prompt.py TEXT... -- COMMAND...

Runs the command on a terminal of its own, types each text when a prompt ends with ": ", prints what
the terminal showed, and ends with the command's status (128 + signal where it was killed)."""
import os, pty, sys

split = sys.argv.index("--")
texts = [text.encode().decode("unicode_escape").encode() for text in sys.argv[1:split]]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[split + 1], sys.argv[split + 1:])
shown = b""
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    shown += part
    if texts and shown.endswith(b": "):
        os.write(terminal, texts.pop(0))
status = os.waitpid(pid, 0)[1]
sys.stdout.buffer.write(shown)
sys.exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))
