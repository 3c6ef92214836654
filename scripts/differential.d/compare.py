"""Two daemons, one client, the same command lines: what they answer is compared line by line."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 60  # seconds that one command line may take
NEWEST = 28  # the version of Docker whose texts are followed


class Scenario:
    """A name and command lines, which run in a shell one after the other against a daemon that starts without containers."""

    def __init__(self, name):
        self.name, self.lines = name, []


def scenarios(path):
    """Reads `[name]` and the command lines below it. Lines that begin with # are comments."""
    found = []
    for line in open(path):
        line = line.rstrip("\n")
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            found.append(Scenario(line[1:-1]))
        else:
            found[-1].lines.append(line)
    return found


def known_differences(path, major):
    """Reads `scenario: command line => reason`; the line is matched as a whole. `[20]` before it: of that version alone."""
    known = {}
    for line in open(path):
        line = line.rstrip("\n")
        if line and not line.startswith("#"):
            key, _, reason = line.rpartition(" => ")
            if not key:
                sys.exit(f"{path}: no reason in: {line}")
            version = re.match(r"\[(\d+)\] ", key)
            if version is None or int(version[1]) == major:
                known[key[version.end():] if version else key] = reason
    return known


REPLACEMENTS = [
    # The same for a further process.
    (re.compile(r"(OCI runtime exec failed: )?exec failed: (unable to start container process: )?"), "exec failed: "),
    # Said by a daemon whose host does not forward; it depends on the host and not on the daemon.
    (re.compile(r"(WARNING: )?IPv4 forwarding is disabled. Networking will not work.\n?"), ""),
    # What the client says when an answer came before its archive had been read: who is first is chance.
    (re.compile(r'time="[^"]*" level=error msg="Can\'t (add file|close tar writer).*\n'), ""),
    # dockerd names the programs on its way to the process; sereno has none between.
    (re.compile(r"failed to create task for container: failed to create shim task: OCI runtime create failed: runc create "
                r"failed: unable to start container process: (error during container init: )?"), "failed to start container: "),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<ID>"),
    (re.compile(r"\b[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?(Z|[+-]\d\d:?\d\d)( UTC)?)?"), "<time>"),
    (re.compile(r"(Less than a second|About a minute|\d+ (seconds?|minutes?))( ago)?"), "<age>"),
    (re.compile(r"\b\d+(\.\d+)?(kB|MB|GB|KiB|MiB|GiB|B)\b"), "<size>"),
    (re.compile(r"^( *(?:root|0) +)\d+( +)\d+"), r"\1<pid>\2<pid>"),
    (re.compile(r"unix://\S+\.sock"), "<socket>"),
]


def normal(text):
    """Without what is another in each run: identities, times, ages, sizes, process numbers."""
    for pattern, word in REPLACEMENTS:
        text = pattern.sub(word, text)
    return re.sub(r"  +", "  ", "\n".join(line.rstrip() for line in text.split("\n")).strip())


class Daemon:
    """A daemon behind a socket, with an image that has a shell."""

    def __init__(self, name, address):
        self.name, self.address = name, address
        self.env = {**os.environ, "DOCKER_HOST": address, "TZ": "UTC", "DOCKER_CLI_HINTS": "false"}

    def run(self, line, folder):
        """Exit code, standard output and standard error of a command line."""
        command = subprocess.Popen(
            ["bash", "-c", line], cwd=folder, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True,
        )
        try:
            output, errors = command.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(command.pid, signal.SIGKILL)
            output, errors = command.communicate()
            return "no end", output.decode(errors="replace"), errors.decode(errors="replace")
        return command.returncode, output.decode(errors="replace"), errors.decode(errors="replace")

    def clear(self):
        """Removes every container, and every image but the one."""
        self.run("docker rm -f $(docker ps -aq) 2>/dev/null", "/")
        self.run("docker rmi -f $(docker images -q) 2>/dev/null", "/")
        code, _, said = self.run(f"docker import {ROOT} busybox:latest", "/")
        if code != 0:
            sys.exit(f"{self.name}: no image: {said}")

    def answers(self, scenario):
        """What each line of a scenario gave."""
        self.clear()
        with tempfile.TemporaryDirectory() as folder:
            answers = []
            for line in scenario.lines:
                code, output, errors = self.run(line, folder)
                answers.append((code, normal(output.replace(folder, "<folder>")), normal(errors.replace(folder, "<folder>"))))
        self.run("docker rm -f $(docker ps -aq) 2>/dev/null", "/")
        return answers


def image(home):
    """A tar of a root file system with busybox."""
    root = f"{home}/root"
    for folder in ("bin", "etc", "tmp", "root", "var", "proc", "sys", "dev"):
        os.makedirs(f"{root}/{folder}")
    busybox = shutil.which("busybox")
    shutil.copy(busybox, f"{root}/bin/busybox")
    for applet in subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split():
        if applet != "busybox":
            os.symlink("busybox", f"{root}/bin/{applet}")
    open(f"{root}/etc/passwd", "w").write("root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n")
    open(f"{root}/etc/group", "w").write("root:x:0:\nuser:x:1000:\n")
    open(f"{root}/etc/notexec", "w").write("not executable\n")
    subprocess.run(["tar", "-C", root, "-cf", f"{home}/root.tar", "."], check=True)
    return f"{home}/root.tar"


def supervisor(home):
    """A private sereno, and how to end it."""
    address = f"unix://{home}/sereno.sock"
    log = open(f"{home}/log", "w")
    child = subprocess.Popen(
        [f"{os.environ['DIFFERENTIAL_PROGRAMS']}/sereno", "daemon", "--data-root", f"{home}/data", "--exec-root",
         f"{home}/run", "-H", address], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    end = time.monotonic() + 30
    while subprocess.run(["docker", "-H", address, "version"], capture_output=True).returncode != 0:
        if time.monotonic() > end or child.poll() is not None:
            sys.exit(f"sereno does not answer: {open(log.name).read()[-1000:]}")
        time.sleep(0.1)
    return address, child


def compared(answer, major):
    """What of an answer counts: the texts of errors follow the newest Docker, so those of older ones do not."""
    return answer if major >= NEWEST else answer[:2]


def show(part, ours, theirs):
    if ours != theirs:
        print(f"    {part}\n      sereno:  {ours!r}\n      dockerd: {theirs!r}")


def main():
    global ROOT
    address, wanted = sys.argv[1], sys.argv[2:]
    major = int(subprocess.run(["docker", "-H", address, "version", "-f", "{{.Server.Version}}"], capture_output=True, text=True,
                               check=True).stdout.partition(".")[0])
    known = known_differences(f"{HERE}/known.txt", major)
    used, fresh, lines = set(), 0, 0
    with tempfile.TemporaryDirectory() as home:
        ROOT = image(home)
        own, child = supervisor(home)
        sereno, dockerd = Daemon("sereno", own), Daemon("dockerd", address)
        try:
            for scenario in scenarios(f"{HERE}/scenarios.txt"):
                if wanted and scenario.name not in wanted:
                    continue
                for line, ours, theirs in zip(scenario.lines, sereno.answers(scenario), dockerd.answers(scenario)):
                    lines += 1
                    if compared(ours, major) == compared(theirs, major):
                        continue
                    key = f"{scenario.name}: {line}"
                    if key in known:
                        used.add(key)
                        continue
                    fresh += 1
                    print(key)
                    for part, our, their in zip(("exit code", "output", "errors"), compared(ours, major), compared(theirs, major)):
                        show(part, our, their)
                    sys.stdout.flush()
        finally:
            sereno.run("docker rm -f $(docker ps -aq)", "/")
            child.terminate()
            child.wait()
    ran = {scenario.name for scenario in scenarios(f"{HERE}/scenarios.txt") if not wanted or scenario.name in wanted}
    stale = [key for key in known if key not in used and key.partition(": ")[0] in ran]
    for key in stale:
        print(f"no longer differs: {key}")
    print(f"{lines} command lines: {lines - fresh - len(used)} the same, {len(used)} known to differ, {fresh} differ")
    sys.exit(1 if fresh or stale else 0)


main()
