"""How each figure is taken. Rounds are interleaved: every round measures each peer once, in an order that rotates."""

import os
import signal
import statistics
import subprocess
import sys
import time

from machine import NOTHING, count_lines, eventually, now, patience, since, stamps, wall


class Figure:
    """A row of the table: samples per peer, and the budget that the design gives."""

    def __init__(self, title, unit, budget=None, more_is_better=False):
        self.title, self.unit, self.budget, self.more_is_better = title, unit, budget, more_is_better
        self.samples, self.notes = {}, {}

    def add(self, peer, value):
        self.samples.setdefault(peer, []).append(value)

    def median(self, peer):
        return statistics.median(self.samples[peer]) if self.samples.get(peer) else None


def attempt(peers, peer, figures, step):
    """Does a step for a peer; one that fails is left out of these figures, and its cells say so. sereno comes first in
    `peers`, and its failure is the run's."""
    try:
        return step()
    except (RuntimeError, OSError) as error:
        if peer is peers[0]:
            raise
        print(f"# {peer.name}: {error}", file=sys.stderr, flush=True)
        for figure in figures:
            figure.notes[peer] = "failed"
        if peer in peers:
            peers.remove(peer)
        return None


def turn_of(peers, number):
    """The peers in the order of a round; a copy, from which some may be left out on the way."""
    turn = number % len(peers)
    return peers[turn:] + peers[:turn]


def interleaved(peers, rounds, figure, measure):
    """Measures each peer once a round; the first round warms up and does not count."""
    peers = list(peers)
    for number in range(rounds + 1):
        for peer in turn_of(peers, number):
            value = attempt(peers, peer, [figure], lambda: measure(peer, number))
            if number and value is not None:
                figure.add(peer, value)


def restart(peers, settings):
    """SIGKILL of a service's process from the host -> first instruction of its next run, without the policy's delay.

    One service per round, all up for more than the ten seconds after which Docker's delay starts over."""
    figure = Figure("exit -> first instruction of the next run, beyond the policy's delay", "ms", 3)
    rounds = settings.rounds
    services, peers = {}, list(peers)
    paths = {peer: [f"{peer.place.out}/r{index}-{i}" for i in range(rounds)] for index, peer in enumerate(peers)}

    def begin(peer, index):
        services[peer] = []
        services[peer] = peer.start_services(f"r{index}-", rounds, "probe", "stamp", f"{{out}}/r{index}-{{i}}")
        eventually(lambda: all(stamps(path) for path in paths[peer]), f"{peer.name}: all services up")

    def kill(peer, i):
        path = paths[peer][i]
        pid = peer.service_pid(services[peer][i], stamps(path)[-1][1])
        seen = len(stamps(path))
        time.sleep(0.05)
        start = now()
        os.kill(pid, signal.SIGKILL)
        after = eventually(lambda: stamps(path)[seen:], f"{peer.name}: {path} again")
        return (after[0][0] - start) / 1e6 - peer.delay

    try:
        for index, peer in enumerate(list(peers)):
            attempt(peers, peer, [figure], lambda: begin(peer, index))
        time.sleep(11)
        for i in range(rounds):
            for peer in turn_of(peers, i):
                value = attempt(peers, peer, [figure], lambda: kill(peer, i))
                if value is not None:
                    figure.add(peer, value)
        listing = list_containers([peer for peer in peers if peer.contains], settings)
    finally:
        for peer, names in services.items():
            attempt([None], peer, [], lambda: peer.stop_services(names))
    return [figure, listing]


def list_containers(engines, settings):
    figure = Figure(f"`ps` with {settings.rounds} containers running", "ms", 6)
    interleaved(engines, settings.rounds, figure, lambda peer, _: wall(*peer.words("ps"), env=peer.env))
    return figure


def containers(engines, figures, *words):
    """One container of each engine, and the engines that could make it."""
    engines, names = list(engines), {}
    for peer in list(engines):
        names[peer] = attempt(engines, peer, figures, lambda: peer.container(*words))
    return engines, names


def whole_commands(engines, settings):
    """`start -a` and `run --rm` of `true`, from spawning the command to its end."""
    attached = Figure("`start -a` of `true`, whole command, no network", "ms", 15)
    fresh = Figure("`run --rm` of `true`, whole command, no network", "ms")
    engines, names = containers(engines, [attached, fresh], "true", "true")
    interleaved(engines, settings.rounds, attached,
                lambda peer, _: wall(*peer.words("start", "-a", names[peer]), env=peer.env))
    interleaved(engines, settings.rounds, fresh,
                lambda peer, _: wall(*peer.words("run", "--rm", "--network", "none", peer.image, "true"), env=peer.env))
    for peer in list(engines):
        attempt(engines, peer, [], lambda: peer.remove(names[peer]))
    return [attached, fresh]


def terminate(engines, settings):
    """TERM to an attached `start` -> the command is gone; its exit code has to be the container's."""
    figure = Figure("TERM to `start -a` -> command gone with the true code", "ms", 8)
    engines, names = containers(engines, [figure], "trap", "probe", "trap", "7")
    wrong, lost = dict.fromkeys(engines, 0), dict.fromkeys(engines, 0)

    def measure(peer, _):
        with patience(f"{peer.name}: start -a"), subprocess.Popen(
            peer.words("start", "-a", names[peer]), stdin=NOTHING, stdout=subprocess.PIPE, stderr=NOTHING, env=peer.env
        ) as command:
            command.stdout.readline()
            time.sleep(0.05)
            start = now()
            command.send_signal(signal.SIGTERM)
            code = command.wait()
            took = since(start)
        wrong[peer] += code != 7
        running = ("inspect", "-f", "{{.State.Running}}", names[peer])
        try:
            eventually(lambda: peer.ask(*running) == "false", "the container has ended", 2)
        except RuntimeError:
            lost[peer] += 1  # the command went away without having passed the signal on
            peer.ask("kill", names[peer])
            peer.ask("wait", names[peer])
        return took

    interleaved(engines, settings.rounds, figure, measure)
    for peer in list(engines):
        said = [("wrong code", wrong[peer]), ("signal lost", lost[peer])]
        told = ", ".join(f"{what} {n} of {settings.rounds + 1}" for what, n in said if n)
        figure.notes[peer] = figure.notes.get(peer) or told
        attempt(engines, peer, [], lambda: peer.remove(names[peer]))
    return [figure]


def memory(peers, settings):
    """PSS of the supervising processes, idle and for each of 1, 10, 100 sleeping services."""
    idle = Figure("supervisor memory (PSS), idle", "MB", 12)
    each = {n: Figure(f"more per container, at {n}", "KB", 18 if n == 100 else None) for n in settings.counts}

    def settled(peer):
        os.sync()
        time.sleep(6)  # sereno lets go of code five seconds after its last answer
        readings = []
        for _ in range(5):
            time.sleep(0.5)
            readings.append(peer.memory())
        return statistics.median(readings)

    def measure(peer, index):
        services = [] if peer.contains else peer.start_services(f"m{index}-0-", 0, "probe", "pause")
        base = settled(peer)
        idle.add(peer, base * 1024 / 1e6)
        for n in settings.counts:
            if peer.contains:
                services += peer.start_services(f"m{index}-{n}-", n - len(services), "probe", "pause")
            else:
                peer.stop_services(services)
                services = peer.start_services(f"m{index}-{n}-", n, "probe", "pause")
                time.sleep(7)  # runsvdir looks for new services every five seconds
            each[n].add(peer, (settled(peer) - base) * 1.024 / n)
        peer.stop_services(services)

    peers = list(peers)
    for index, peer in enumerate(list(peers)):
        attempt(peers, peer, [idle, *each.values()], lambda: measure(peer, index))
    return [idle, *each.values()]


def logs(engines, settings):
    """A flood of lines of 100 bytes, from `start` until `wait` has answered; then all of it read back and counted.

    A peer that has used up its time after three rounds or more takes no part in further ones."""
    lines = settings.log_megabytes * 10_000
    size = settings.log_megabytes
    rate = Figure(f"log throughput, {size} MB in 100-byte lines", "MB/s", 150, more_is_better=True)
    lost = Figure("lines lost", f"of {lines}", 0)
    back = Figure(f"reading {size} MB of log back", "ms", 5.0 * size)

    def measure(peer):
        name = peer.container("flood", "probe", "flood", str(lines))
        start = now()
        peer.ask("start", name)
        peer.ask("wait", name)
        rate.add(peer, size / (since(start) / 1e3))
        found, took = count_lines(*peer.words("logs", name), env=peer.env)
        lost.add(peer, lines - found)
        back.add(peer, took)
        peer.remove(name)

    sereno, engines, used = engines[0], list(engines), dict.fromkeys(engines, 0)
    for number in range(settings.log_rounds):
        for peer in turn_of(engines, number):
            start = now()
            attempt(engines, peer, [rate, lost, back], lambda: measure(peer))
            used[peer] += since(start) / 1e3
            if peer in engines and peer is not sereno and number >= 2 and used[peer] > settings.log_seconds:
                engines.remove(peer)
                for figure in (rate, lost, back):
                    figure.notes[peer] = f"n={number + 1}"
    return [rate, lost, back]


def units(engines, settings):
    """systemd units of many containers by one call; podman has one container a call, so its calls are added up."""
    figure = Figure("systemd units of 1,000 containers", "ms", 200)
    engines, names = [peer for peer in engines if peer.generates], {}
    for peer in engines:
        made = 1000 if peer.generates_all else 10
        names[peer] = [peer.container(f"unit{i}", "true", options=["--restart=always"]) for i in range(made)]
        if not peer.generates_all:
            figure.notes[peer] = f"{made} calls, times {1000 // made}"

    def measure(peer, _):
        if peer.generates_all:
            return wall(*peer.words("generate", "systemd"), env=peer.env)
        calls = [wall(*peer.words("generate", "systemd", name), env=peer.env) for name in names[peer]]
        return sum(calls) * 1000 / len(calls)

    interleaved(engines, settings.rounds, figure, measure)
    for peer in engines:
        peer.remove(*names[peer])
    return [figure]
