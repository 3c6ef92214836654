"""The machine under the measurements: time, processes, memory, and one directory that goes away again."""

import contextlib
import ctypes
import glob
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time

NOTHING = subprocess.DEVNULL


def now():
    """CLOCK_MONOTONIC in nanoseconds, the clock that the probe writes."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def since(start):
    """Milliseconds since `start`."""
    return (now() - start) / 1e6


@contextlib.contextmanager
def patience(what, seconds=300):
    """An error when the block takes longer. Not `subprocess`'s own limit: it polls, and so rounds times."""

    def late(_number, _frame):
        raise RuntimeError(f"{what}: not done in {seconds} s")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def run(*words, env=None):
    """The standard output of a command; an error names the command and what it said."""
    with patience(" ".join(words)):
        done = subprocess.run(words, stdin=NOTHING, capture_output=True, text=True, env=env)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: exit {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout.strip()


def wall(*words, env=None):
    """Milliseconds that a command took, its streams on /dev/null."""
    with patience(" ".join(words)):
        start = now()
        code = subprocess.run(words, stdin=NOTHING, stdout=NOTHING, stderr=NOTHING, env=env).returncode
        took = since(start)
    if code:
        raise RuntimeError(f"{' '.join(words)}: exit {code}")
    return took


def eventually(condition, what, seconds=60, step=0.005):
    """The first true value of `condition`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(step)
    raise RuntimeError(f"never came true in {seconds} s: {what}")


def stamps(path):
    """What the probe wrote: (nanoseconds, pid in its namespace) of every start."""
    try:
        with open(path) as file:
            return [tuple(map(int, line.split())) for line in file if line.endswith("\n")]
    except FileNotFoundError:
        return []


def listener(path):
    """The process that listens on a Unix socket (SO_PEERCRED, unix(7))."""
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(path)
        pid, _, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return pid


def processes():
    """(pid, parent, words of the command line) of every process."""
    for path in glob.glob("/proc/[0-9]*"):
        try:
            with open(path + "/stat") as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
            with open(path + "/cmdline", "rb") as file:
                words = file.read().decode(errors="replace").split("\0")
        except (OSError, IndexError):
            continue
        yield int(path[6:]), parent, words


def proportional_set_size(pids):
    """KiB of memory of these processes, shared pages divided by their sharers (smaps_rollup, proc(5))."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except OSError:
            pass
    return total


def count_lines(*words, env=None):
    """The lines that a command prints, and the milliseconds it took."""
    start = now()
    lines = 0
    with patience(" ".join(words)), subprocess.Popen(
        words, stdin=NOTHING, stdout=subprocess.PIPE, stderr=NOTHING, env=env
    ) as command:
        while chunk := os.read(command.stdout.fileno(), 1 << 20):
            lines += chunk.count(b"\n")
        code = command.wait()
    took = since(start)
    if code:
        raise RuntimeError(f"{' '.join(words)}: exit {code}")
    return lines, took


def end(child, signal_number=signal.SIGTERM, seconds=60):
    """Ends a child that we started, by force when it does not hear."""
    if child is None or child.poll() is not None:
        return
    child.send_signal(signal_number)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


class Workplace:
    """A temporary directory with the image and the probe, removed with everything mounted below it."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="sereno-bench.")
        self.out = self.folder("out")
        os.chmod(self.home, 0o755)
        os.chmod(self.out, 0o777)
        root = self.folder("rootfs")
        for folder in ("bin", "out", "proc", "sys", "dev", "etc", "tmp"):
            os.mkdir(f"{root}/{folder}")
        self.probe = f"{root}/bin/probe"
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "probe.c")
        run("gcc", "-O2", "-Wall", "-Werror", "-static", "-o", self.probe, source)
        shutil.copy("/bin/busybox", f"{root}/bin/busybox")
        for name in ("true", "sh", "sleep"):
            os.symlink("busybox", f"{root}/bin/{name}")
        self.image = f"{self.home}/rootfs.tar"
        run("tar", "-C", root, "-cf", self.image, ".")

    def folder(self, name):
        """A new folder; `name` may have parents."""
        path = f"{self.home}/{name}"
        os.makedirs(path, exist_ok=True)
        return path

    def remove(self):
        """Unmounts what is below, children first, and removes the directory."""
        with open("/proc/self/mountinfo") as file:
            points = [line.split()[4] for line in file]
        for point in sorted(points, reverse=True):
            if point.startswith(self.home + "/"):
                subprocess.run(["umount", "-l", point], stderr=NOTHING)
        shutil.rmtree(self.home, ignore_errors=True)


def die_with_parent():
    """For a child between fork and exec: it is not to outlive us, however we end (PR_SET_PDEATHSIG, prctl(2))."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
