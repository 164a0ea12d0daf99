# Runs commands of Python for the tests: each in a copy (fork) of this process, which has loaded the modules once.
#
#   python host.py FOLDER aws /usr/bin/aws      the AWS CLI; the program FOLDER/aws runs it
#   python host.py FOLDER python3               programs that import boto3; FOLDER/python3 runs them
#
# That program (caller.py) sends its arguments, folder, environment and open files, waits, and gets the exit status. When it
# goes away, its command is killed. The end of standard input ends all.

import atexit
import gc
import os
import selectors
import signal
import socket
import sys
import threading
import time
import traceback
import types
import warnings

# the home folder while modules are loaded: some of them keep paths in it
NO_HOME = '/the-home-of-no-caller'


def load(name):
    """Loads what each command would load by itself, and returns the environment variables that this has set."""
    os.environ['HOME'] = NO_HOME
    before = dict(os.environb)
    if name == 'aws':
        import awscli.clidriver
        import awscli.handlers

        awscli.clidriver.create_clidriver()  # loads the rest of its modules
    else:
        import boto3

        boto3.client('sts', region_name='us-east-1', aws_access_key_id='a', aws_secret_access_key='a')
    return {key: value for key, value in os.environb.items() if before.get(key) != value}


def places_of_home():
    """Where loaded modules keep a path in the home folder: in themselves, in classes, and as values of absent arguments."""

    def within(holder):
        for key, value in list(vars(holder).items()):
            if isinstance(value, str) and value.startswith(NO_HOME):
                yield lambda home, key=key, value=value: setattr(holder, key, value.replace(NO_HOME, home, 1))
            elif isinstance(value, type) and not isinstance(holder, type):
                yield from within(value)
            elif isinstance(value, types.FunctionType) and NO_HOME in repr(value.__defaults__):
                yield lambda home, value=value: setattr(value, '__defaults__', moved(value.__defaults__, home))

    def moved(values, home):
        return tuple(each.replace(NO_HOME, home, 1) if isinstance(each, str) else each for each in values)

    modules = [module for module in sys.modules.values() if vars(module) is not globals()]
    return [place for module in modules for place in within(module)]


def received(connection):
    """The arguments, the folder and the environment that a caller sends, and its three open files."""
    text, ancillary, _, _ = connection.recvmsg(65536, socket.CMSG_SPACE(12))
    files = [int.from_bytes(data[at : at + 4], sys.byteorder) for _, _, data in ancillary for at in (0, 4, 8)]
    size, _, text = text.partition(b'\n')
    while len(text) < int(size or 0):
        more = connection.recv(1 << 20)
        if not more:
            break
        text += more
    count, folder, *rest = text.split(b'\0')
    arguments = [os.fsdecode(each) for each in rest[: int(count)]]
    return arguments, folder, dict(each.split(b'=', 1) for each in rest[int(count) :]), files


def become(folder, environment, files, homes):
    """Takes the caller's place: its files, folder and environment."""
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.closerange(3, max(files) + 1)
    os.chdir(folder)
    os.environ.clear()
    os.environb.update(environment)
    time.tzset()
    for place in homes:
        place(os.path.expanduser('~'))
    sys.stdin = sys.__stdin__ = open(0, closefd=False)
    sys.stdout = sys.__stdout__ = open(1, 'w', closefd=False)
    sys.stdout.reconfigure(line_buffering=os.isatty(1), write_through='PYTHONUNBUFFERED' in os.environ)
    sys.stderr = sys.__stderr__ = open(2, 'w', closefd=False, errors='backslashreplace', buffering=1)


def run(name, arguments):
    """Runs the command as the program itself does."""
    if name == 'aws':
        import awscli.clidriver

        sys.argv = arguments
        sys.exit(awscli.clidriver.main())
    options = arguments[1:]
    while options[0] == '-W':
        warnings.simplefilter(options[1])
        options = options[2:]
    program = options[1]  # after -c: the caller sends nothing else
    sys.argv = ['-c', *options[2:]]
    sys.path.insert(0, '')
    sys.modules['__main__'] = types.ModuleType('__main__')
    exec(compile(program, '<string>', 'exec'), sys.modules['__main__'].__dict__)


def status_of(name, arguments):
    """Runs it, and returns the status that a process of its own would end with."""
    try:
        run(name, arguments)
        return 0
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return (end.code or 0) & 255
        print(end.code, file=sys.stderr)
        return 1
    except BaseException as error:
        inner = error.__traceback__
        while inner.tb_next and inner.tb_frame.f_code.co_filename == __file__:
            inner = inner.tb_next
        traceback.print_exception(error.with_traceback(inner))
        return 1


def fork(name, own, homes, arguments, folder, environment, files):
    """Starts the command, and returns the number of its process."""
    pid = os.fork()
    if pid != 0:
        return pid
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        become(folder, {**environment, **own}, files, homes)
        status = status_of(name, arguments)
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def serve(listener, name, *loaded):
    callers = {}  # the number of a process: the connection of its caller
    selector = selectors.DefaultSelector()
    ended, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for each in (0, listener, ended):
        selector.register(each, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj == 0:
                for pid in callers:
                    os.kill(pid, signal.SIGKILL)
                return
            if key.fileobj is listener:
                connection = listener.accept()[0]
                call = received(connection)
                pid = fork(name, *loaded, *call)
                for each in call[-1]:
                    os.close(each)
                callers[pid] = connection
                selector.register(connection, selectors.EVENT_READ, pid)
            elif key.fileobj == ended:
                os.read(ended, 4096)
            elif key.data in callers:
                os.kill(key.data, signal.SIGKILL)
                selector.unregister(key.fileobj)
                key.fileobj.close()
                del callers[key.data]
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            if pid in callers:
                connection = callers.pop(pid)
                selector.unregister(connection)
                connection.send(b'%d' % (os.waitstatus_to_exitcode(status) % 256))
                connection.close()


def main():
    folder, name, *program = sys.argv[1:]
    own = load(name)
    homes = places_of_home()
    gc.collect()
    gc.freeze()
    path = os.path.join(folder, name)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + '.socket')
    listener.listen(64)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'caller.py')) as file:
        caller = file.read()
    with open(path, 'w') as file:
        real = program or [sys.executable]
        file.write(f'#!{sys.executable} -IS\nSOCKET = {path + ".socket"!r}\nREAL = {real!r}\n{caller}')
    os.chmod(path, 0o755)
    print('ready', flush=True)
    serve(listener, name, own, homes)


main()
