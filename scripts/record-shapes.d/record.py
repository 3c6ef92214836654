"""Asks a dockerd the questions of the tests at every version, and writes down what its answers look like."""

import concurrent.futures
import http.client
import io
import json
import os
import re
import shutil
import socket
import sys
import tarfile
import time

VERSIONS = range(24, 48)  # 1.x
PATIENCE = 60  # seconds until what is waited for has come about

# Objects whose members are named by a user or by the host, by the end of their path: maps, of which all values are alike.
MAPS = (
    "Labels", "Sysctls", "Ports", "PortBindings", "ExposedPorts", "Networks", "Options", "Volumes", "Annotations", "Tmpfs",
    "LogConfig.Config", "DriverOpts", "StorageOpt", "Attributes", "GraphDriver.Data", "Details", "networks",
    "memory_stats.stats", "Runtimes", "Runtimes{}.status", "IndexConfigs", "GET /networks [].Containers",
    "GET /networks/{id} .Containers",
)


class Connection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


class Daemon:
    """A dockerd behind a socket, with what the questions stand on."""

    def __init__(self, address):
        self.path, self.exec = address.removeprefix("unix://"), ""

    def ask(self, method, target, body=None, kind="application/json"):
        """The response and its body."""
        target = target.replace("{exec}", self.exec).replace("{now}", str(int(time.time())))
        connection = Connection(self.path)
        connection.request(method, target, body, {"Content-Type": kind} if body else {})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response, text

    def post(self, target, body):
        if body == "{tar}":
            response, text = self.ask("POST", target, archive(), "application/x-tar")
        else:
            response, text = self.ask("POST", target, body or None)
        if response.status >= 300:
            sys.exit(f"{target}: {response.status}: {text}")
        if target.endswith("/exec"):
            self.exec = json.loads(text)["Id"]

    def until(self, target, text):
        end = time.monotonic() + PATIENCE
        while text not in self.ask("GET", target)[1]:
            if time.monotonic() > end:
                sys.exit(f"{target} has no {text}")
            time.sleep(0.2)

    def answers(self, version, target):
        """The documents of an answer. A ping's is made of its header fields."""
        response, text = self.ask("GET", f"/v1.{version}{target}")
        if response.status != 200:
            sys.exit(f"1.{version}: {target}: {response.status}: {text}")
        if target == "/_ping":
            return [dict(response.getheaders())]
        return [json.loads(line) for line in text.splitlines() if line]


def archive():
    """A root file system with busybox."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name in ("bin", "etc", "tmp", "root", "proc", "sys", "dev"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(folder)
        for name in ("sh", "sleep", "true", "false", "mkdir", "rm", "echo"):
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
        tar.add(os.path.realpath(shutil.which("busybox")), "bin/busybox")
        for name, text in (("passwd", b"root:x:0:0:root:/root:/bin/sh\n"), ("group", b"root:x:0:\n")):
            file = tarfile.TarInfo(f"etc/{name}")
            file.size, file.mode = len(text), 0o644
            tar.addfile(file, io.BytesIO(text))
    return buffer.getvalue()


class Shape:
    """What was seen at a path: of which kinds it was, how often it was there, and how often it could have been."""

    def __init__(self):
        self.kinds, self.seen, self.chances = set(), 0, 0

    def summary(self):
        return "|".join(sorted(self.kinds)), "always" if self.seen == self.chances else "sometimes"


def look(value, name, path, shapes):
    """Adds a value and all in it to the shapes of an answer."""
    shape = shapes.setdefault(path, Shape())
    shape.seen += 1
    if isinstance(value, dict):
        if any(f"GET {name} {path}".endswith((f".{end}", f" {end}")) or f"GET {name} {path}" == end for end in MAPS):
            shape.kinds.add("map")
            for inner in value.values():
                look(inner, name, path + "{}", shapes)
            return
        shape.kinds.add("object")
        for member, inner in value.items():
            look(inner, name, f"{path}.{member}", shapes)
    elif isinstance(value, list):
        shape.kinds.add("array")
        for inner in value:
            look(inner, name, path + "[]", shapes)
    else:
        words = {bool: "bool", int: "number", float: "number", str: "string", type(None): "null"}
        shape.kinds.add(words[type(value)])


def count(value, path, shapes):
    """Counts how often each member could have been there: once for every object that can have it."""
    if isinstance(value, dict):
        is_map = "map" in shapes[path].kinds
        if not is_map:
            for known in shapes:
                if known.startswith(path + ".") and re.fullmatch(r"\.[^.\[{]+", known[len(path):]):
                    shapes[known].chances += 1
        for member, inner in value.items():
            count(inner, path + "{}" if is_map else f"{path}.{member}", shapes)
    elif isinstance(value, list):
        for inner in value:
            count(inner, path + "[]", shapes)


def ranges(versions):
    """24-30,32 of a sorted list of versions."""
    found = []
    for version in versions:
        if found and found[-1][1] == version - 1:
            found[-1][1] = version
        else:
            found.append([version, version])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def lines(name, versions):
    """The record of one GET, from its shapes by version."""
    yield f"GET {name}"
    for path in sorted({path for shapes in versions.values() for path in shapes}):
        groups = {}
        for version, shapes in sorted(versions.items()):
            if path in shapes:
                groups.setdefault(shapes[path].summary(), []).append(version)
        for (kinds, presence), group in groups.items():
            yield f"{path or '.'} {kinds} {ranges(group)} {presence}"


def questions(path):
    for line in open(path):
        if line.strip() and not line.startswith("#"):
            verb, target, *rest = line.rstrip("\n").split(" ", 2)
            yield verb, target, rest[0] if rest else ""


def record(daemon, asked):
    """The shapes of each GET, by version."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        waiting = [(name, version, pool.submit(daemon.answers, version, target))
                   for name, target in asked for version in VERSIONS]
    documents = {}
    for name, version, answers in waiting:
        documents.setdefault(name, {}).setdefault(version, []).extend(answers.result())
    found = {}
    for name, versions in documents.items():
        for version, values in versions.items():
            shapes = found.setdefault(name, {})[version] = {}
            for value in values:
                look(value, name, "", shapes)
            for value in values:
                count(value, "", shapes)
            # The elements of lists and maps, and the answer itself, are there as often as they are.
            for path, shape in shapes.items():
                if not path or path.endswith(("[]", "{}")):
                    shape.chances = shape.seen
    return found


def main():
    address, fixtures = sys.argv[1:]
    plan = list(questions(f"{fixtures}/questions.txt"))
    daemon = Daemon(address)
    server = json.loads(daemon.ask("GET", "/version")[1])
    try:
        for verb, target, rest in plan:
            if verb == "POST":
                daemon.post(target, rest)
            elif verb == "UNTIL":
                daemon.until(target, rest)
        found = record(daemon, [(target, rest) for verb, target, rest in plan if verb == "GET"])
    finally:
        for verb, target, _ in plan:
            if made := re.match(r"/containers/create\?name=(.*)", target):
                daemon.ask("DELETE", f"/containers/{made[1]}?force=1&v=1")
        for tag in ("1", "plain"):
            daemon.ask("DELETE", f"/images/shapes:{tag}")
    with open(f"{fixtures}/shapes.txt", "w") as file:
        print(f"# The shapes in which dockerd {server['Version']} answered on Linux {server['KernelVersion']}.\n# Written by "
              "scripts/record-shapes: a path, the kinds of its values, the versions (1.x) of the API, and whether every object "
              "has it.", file=file)
        for name, versions in found.items():
            print("\n".join(lines(name, versions)), file=file)


main()
