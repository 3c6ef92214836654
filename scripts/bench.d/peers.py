"""sereno and its peers, each behind the same few words. A peer that is not installed is `None`."""

import os
import shutil
import signal
import subprocess

from machine import NOTHING, die_with_parent, end, eventually, listener, processes, proportional_set_size, run


class Engine:
    """A supervisor of containers that is driven by a command with Docker's words."""

    contains = True
    generates = False  # whether it writes units for systemd
    generates_all = False  # and those of all containers by one call

    def __init__(self, name, place, command, env, delay):
        self.name, self.place, self.command = name, place, command
        self.env = {**os.environ, **env}
        self.delay = delay  # ms that the policy itself waits before a restart
        self.image = f"{name}-bench-{os.getpid()}:latest"
        self.made = set()
        self.child = None

    def words(self, *words):
        return [*self.command, *words]

    def ask(self, *words):
        return run(*self.words(*words), env=self.env)

    def prepare(self):
        self.ask("import", self.place.image, self.image)

    def container(self, name, *words, run_now=False, options=()):
        """Makes a container without a network, and starts it when asked to."""
        full = f"bench-{os.getpid()}-{name}"
        self.made.add(full)
        verb = ["run", "-d"] if run_now else ["create"]
        self.ask(*verb, "--name", full, "--network", "none", *options, self.image, *words)
        return full

    def remove(self, *names):
        for i in range(0, len(names), 20):
            self.ask("rm", "-f", *names[i : i + 20])
        self.made -= set(names)

    def pid(self, name):
        return int(self.ask("inspect", "-f", "{{.State.Pid}}", name))

    # Services that are always to be up

    def start_services(self, folder, count, *words):
        """Services of which number i runs `words` with {i} put in; {out} is a folder that both sides see."""
        return [
            self.container(
                f"{folder}{i}",
                *[word.format(i=i, out="/out") for word in words],
                run_now=True,
                options=["--restart=always", "-v", f"{self.place.out}:/out"],
            )
            for i in range(count)
        ]

    def service_pid(self, service, _stamped):
        return self.pid(service)

    def stop_services(self, services):
        self.remove(*services)

    def memory(self):
        return proportional_set_size(self.supervisors())

    def close(self):
        try:
            self.remove(*sorted(self.made))
            self.ask("rmi", self.image)
        except RuntimeError as error:
            print(f"# {self.name}: {error}", flush=True)
        end(self.child)


class Sereno(Engine):
    """The programs under measurement, with a private supervisor."""

    generates = True
    generates_all = True

    def __init__(self, place, programs, name="sereno"):
        self.home = place.folder(name)
        address = f"unix://{self.home}/sock"
        super().__init__(name, place, [f"{programs}/sereno"], {"DOCKER_HOST": address}, delay=100)
        self.log = open(f"{self.home}/log", "w")
        self.child = subprocess.Popen(
            self.words("daemon", "--data-root", f"{self.home}/data", "--exec-root", f"{self.home}/run", "-H", address),
            stdin=NOTHING, stdout=self.log, stderr=self.log, preexec_fn=die_with_parent,
        )
        eventually(lambda: answers(self), "sereno answers", 20, 0.05)

    def supervisors(self):
        """The keeper and the engine below it, not the containers."""
        return [self.child.pid] + [
            pid for pid, parent, words in processes()
            if parent == self.child.pid and os.path.basename(words[0]) == "serenod"
        ]


class Docker(Engine):
    """A dockerd: one that runs already, or a private one without a network of its own."""

    def __init__(self, place, address):
        home = place.folder("docker")
        own = address is None
        address = address or f"unix://{home}/sock"
        super().__init__("docker", place, ["docker"], {"DOCKER_HOST": address}, delay=100)
        if own:
            log = open(f"{home}/log", "w")
            self.child = subprocess.Popen(
                ["unshare", "-n", "dockerd", "--data-root", f"{home}/data", "--exec-root", f"{home}/run",
                 "--pidfile", f"{home}/pid", "-H", address, "--bridge=none", "--iptables=false",
                 "--ip6tables=false", "--exec-opt", "native.cgroupdriver=cgroupfs"],
                stdin=NOTHING, stdout=log, stderr=log, preexec_fn=die_with_parent,
            )
        eventually(lambda: answers(self), "dockerd answers", 30, 0.1)
        self.name = "dockerd " + self.ask("version", "-f", "{{.Server.Version}}")
        self.daemon = listener(address.removeprefix("unix://")) if address.startswith("unix://") else 0

    def supervisors(self):
        """dockerd, its containerd, and the shims of our containers."""
        table = list(processes())
        words = next((words for pid, _, words in table if pid == self.daemon), [])
        found = [self.daemon]
        if "--containerd" in words:
            found.append(listener(words[words.index("--containerd") + 1]))
        else:
            found += [pid for pid, parent, w in table if parent == self.daemon and "containerd" in w[0]]
        ours = set(self.ask("ps", "-q", "--no-trunc", "-f", f"name=bench-{os.getpid()}-").split())
        return found + [pid for pid, _, w in table if "containerd-shim" in w[0] and ours & set(w)]


class Podman(Engine):
    """podman with its state in a folder of ours."""

    generates = True

    def __init__(self, place):
        self.home = place.folder("podman")
        with open(f"{self.home}/containers.conf", "w") as file:
            # Its own defaults may be above what this machine's root is allowed.
            file.write('[containers]\ndefault_ulimits = ["nofile=1024:4096", "nproc=4096:4096"]\n')
        command = ["podman", "--root", f"{self.home}/root", "--runroot", f"{self.home}/run",
                   "--cgroup-manager=cgroupfs", "--events-backend=file"]
        super().__init__("podman", place, command, {"CONTAINERS_CONF": f"{self.home}/containers.conf"}, delay=0)
        self.name = "podman " + self.ask("version", "-f", "{{.Client.Version}}")

    def prepare(self):
        super().prepare()
        trial = ["run", "--rm", "--network", "none", self.image, "true"]
        try:
            self.ask(*trial)
        except RuntimeError:
            # crun before 1.9 refuses hosts that mix versions of cgroups.
            self.command += ["--runtime", "runc"]
            self.name += " with runc"
            self.ask(*trial)

    def supervisors(self):
        return [pid for pid, _, words in processes()
                if words[0].endswith("conmon") and any(self.home in word for word in words)]


class Plain:
    """A supervisor of plain processes, without isolation: the floor of what restarting costs."""

    contains = False
    delay = 0

    def __init__(self, name, place):
        self.name, self.place = name, place
        self.child = None

    def start_services(self, folder, count, *words):
        home = f"{self.place.home}/{self.name}-{folder}"
        shutil.rmtree(home, ignore_errors=True)
        os.makedirs(home)
        for i in range(count):
            self.add(home, i, [self.place.probe, *[w.format(i=i, out=self.place.out) for w in words[1:]]])
        self.child = subprocess.Popen(self.start(home), stdin=NOTHING, stdout=NOTHING, stderr=NOTHING,
                                      preexec_fn=die_with_parent)
        return list(range(count))

    def service_pid(self, _service, stamped):
        return stamped

    def stop_services(self, _services):
        end(self.child, self.stop_signal)

    def prepare(self):
        pass

    def close(self):
        end(self.child, self.stop_signal)

    def memory(self):
        return proportional_set_size(
            [self.child.pid] + [p for p, parent, w in processes() if parent == self.child.pid and w[0] in self.parts])


class Runit(Plain):
    parts = ("runsv",)
    stop_signal = signal.SIGHUP  # runsvdir(8): end every runsv and its service

    def add(self, home, i, words):
        os.makedirs(f"{home}/s{i}")
        with open(f"{home}/s{i}/run", "w") as file:
            file.write("#!/bin/sh\nexec " + " ".join(words) + "\n")
        os.chmod(f"{home}/s{i}/run", 0o755)

    def start(self, home):
        return ["runsvdir", home]


class S6(Runit):
    parts = ("s6-supervise",)
    stop_signal = signal.SIGTERM  # s6-svscan(8): bring every service down and end

    def start(self, home):
        return ["s6-svscan", home]


class Supervisord(Plain):
    parts = ()
    stop_signal = signal.SIGTERM

    def add(self, home, i, words):
        with open(f"{home}/services", "a") as file:
            file.write(f"[program:s{i}]\ncommand={' '.join(words)}\nautorestart=true\n"
                       f"stdout_logfile={home}/out{i}\nstderr_logfile={home}/err{i}\n")

    def start(self, home):
        with open(f"{home}/services", "a+") as file:
            file.seek(0)
            services = file.read()
        with open(f"{home}/conf", "w") as file:
            file.write(f"[supervisord]\nnodaemon=true\nlogfile={home}/log\npidfile={home}/pid\n" + services)
        return ["supervisord", "-c", f"{home}/conf"]


def answers(engine):
    """Whether a daemon takes requests."""
    try:
        engine.ask("version")
        return True
    except RuntimeError:
        return False


def installed(place, programs, before, wanted):
    """sereno, its other build where there is one, then the peers that are there, and the names of those that are not."""
    there, missing = [Sereno(place, programs)], []
    if before:
        there.append(Sereno(place, before, "before"))
    makers = {
        "docker": (["docker"], lambda: Docker(place, os.environ.get("BENCH_DOCKER_HOST"))),
        "podman": (["podman"], lambda: Podman(place)),
        "runit": (["runsvdir", "runsv"], lambda: Runit("runit", place)),
        "s6": (["s6-svscan", "s6-supervise"], lambda: S6("s6", place)),
        "supervisord": (["supervisord"], lambda: Supervisord("supervisord", place)),
    }
    if "BENCH_DOCKER_HOST" not in os.environ:
        makers["docker"][0].append("dockerd")
    for name, (programs_needed, make) in makers.items():
        if wanted and name not in wanted:
            continue
        if not all(shutil.which(program) for program in programs_needed):
            missing.append(name + ": not installed")
            continue
        try:
            there.append(make())
        except (RuntimeError, OSError) as error:
            missing.append(f"{name}: did not start: {error}")
    return there, missing
