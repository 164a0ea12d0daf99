"""Runs a command in a pseudo-terminal: python3 terminal.py COLUMNS 'JSON steps' COMMAND…

A step is [text to wait for, what to type], or a number of columns in place of what to type: the terminal gets that width. Prints all that the command has written, and ends as it does.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

columns, steps, command = int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:]
patience = 60

child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
seen = b""
since = 0


def read(seconds):
    """Reads what is there; returns False at the end."""
    global seen
    ready, _, _ = select.select([terminal], [], [], seconds)
    if not ready:
        return True
    try:
        data = os.read(terminal, 65536)
    except OSError:
        return False
    seen += data
    return len(data) > 0


for wanted, typed in steps:
    until = time.monotonic() + patience
    while wanted.encode() not in seen[since:]:
        if time.monotonic() > until or not read(1):
            sys.stdout.buffer.write(seen)
            sys.exit(f"\nnever saw: {wanted}")
    since = seen.index(wanted.encode(), since) + len(wanted.encode())
    if isinstance(typed, int):
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, typed, 0, 0))
    else:
        os.write(terminal, typed.encode())
while read(patience):
    pass
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
