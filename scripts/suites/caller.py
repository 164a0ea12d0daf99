# A program in the place of another one: host.py runs the command. host.py writes the lines before this one: SOCKET, REAL.
# What the host cannot run as the program would, the program itself runs.

import os
import sys

import _socket


def is_served():
    if 'AWS_DATA_PATH' in os.environ:  # it is read when the AWS CLI is loaded
        return False
    if not SOCKET.endswith('/python3.socket'):
        return True
    options = sys.argv[1:]
    while options[:1] == ['-W']:
        options = options[2:]
    mine = [name for name in os.environ if name.startswith('PYTHON') and name != 'PYTHONUNBUFFERED']
    return options[:1] == ['-c'] and len(options) > 1 and not mine


def ask():
    """The status with which the command ends, or None where no host answers."""
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        connection.connect(SOCKET)
    except OSError:
        return None
    variables = [name + b'=' + value for name, value in os.environb.items()]
    arguments = [os.fsencode(each) for each in sys.argv]
    text = b'\0'.join([b'%d' % len(arguments), os.getcwdb(), *arguments, *variables])
    files = b''.join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    connection.sendmsg([b'%d\n' % len(text)], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, files)])
    connection.sendall(text)
    return connection.recv(16)


if is_served():
    status = ask()
    if status is not None:
        os._exit(int(status or 1))
os.execv(REAL[0], [*REAL, *sys.argv[1:]])
