"""Takes every figure, prints the table, and writes it as a page when asked to. Started by scripts/bench."""

import os
import shutil
import signal
import sys

import figures
from machine import Workplace
from peers import installed

MACHINE = "2 cores, noisy virtual machine"


class Settings:
    """How much to measure, from the environment."""

    def __init__(self):
        number = lambda name, usual: int(os.environ.get(name, usual))
        self.rounds = number("BENCH_ROUNDS", 20)
        self.log_megabytes = number("BENCH_LOG_MB", 200)
        self.log_rounds = number("BENCH_LOG_ROUNDS", self.rounds)
        self.log_seconds = number("BENCH_LOG_SECONDS", 90)
        self.counts = [int(word) for word in os.environ.get("BENCH_COUNTS", "1,10,100").split(",")]
        self.peers = [word for word in os.environ.get("BENCH_PEERS", "").split(",") if word]


def written(value):
    """A number with as many digits as it deserves."""
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.1f}"


def verdict(figure, sereno):
    value = figure.median(sereno)
    if figure.budget is None or value is None:
        return "", ""
    met = value >= figure.budget if figure.more_is_better else value <= figure.budget
    return f"{written(figure.budget)}", "met" if met else "**missed**"


def cell(figure, peer, sereno):
    """The peer's median and how many times sereno is better."""
    value, own = figure.median(peer), figure.median(sereno)
    note = figure.notes.get(peer)
    if value is None:
        return note or "–"
    text = written(value) + (f" ({note})" if note else "")
    if own is None or own <= 0 or value <= 0:
        return text
    ratio = own / value if figure.more_is_better else value / own
    return f"{text} · {ratio:.2g}×" if ratio < 100 else f"{text} · {ratio:.0f}×"


def table(rows, peers):
    """The rows as a table of Markdown."""
    sereno, others = peers[0], peers[1:]
    head = ["figure", "unit", "sereno", "p10 to p90", "budget", "", *[peer.name for peer in others]]
    lines = [head, ["---"] * len(head)]
    for figure in rows:
        samples = sorted(figure.samples.get(sereno, []))
        n = len(samples)
        spread = f"{written(samples[n // 10])} to {written(samples[min(n - 1, n * 9 // 10)])}, n={n}" if n > 1 else ""
        note = figure.notes.get(sereno)
        own = written(figure.median(sereno)) + (f" ({note})" if note else "")
        lines.append([figure.title, figure.unit, own, spread, *verdict(figure, sereno),
                      *[cell(figure, peer, sereno) for peer in others]])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def page(text, missing):
    return f"""# Figures

Written by `scripts/bench --write docs/figures.md`, which takes every figure of sereno and of each peer that is
installed in the same run, in rounds that are interleaved. Machine: {MACHINE}. Compare within the table;
absolute values move with the machine. Values are medians; after a peer's value stands how many times better sereno is
in it. Peers of plain processes (runit, supervisord) isolate nothing: they are the floor of what restarting costs.

{text}
{"".join(f"{chr(10)}{line}." for line in missing)}
"""


def measure(peers, settings):
    """Every row of the table. Memory comes first, while sereno's supervisor is fresh."""
    engines = [peer for peer in peers if peer.contains]
    steps = [
        (figures.memory, peers), (figures.restart, peers), (figures.whole_commands, engines),
        (figures.terminate, engines), (figures.logs, engines), (figures.units, engines),
    ]
    groups = {}
    for step, among in steps:
        print(f"# measuring: {step.__name__.replace('_', ' ')}", file=sys.stderr, flush=True)
        groups[step] = step(among, settings)
    restart, listing = groups[figures.restart]
    return [restart, *groups[figures.whole_commands], *groups[figures.terminate], *groups[figures.memory],
            *groups[figures.logs], listing, *groups[figures.units]]


def only_programs(_folder, names):
    """What is not copied of a folder of build results."""
    return [name for name in names if name not in ("sereno", "serenod", "sereno-keeper", "sereno-archive", "sereno-systemd")]


def main():
    if len(sys.argv) not in (1, 3) or (len(sys.argv) == 3 and sys.argv[1] != "--write"):
        sys.exit("usage: scripts/bench [--write FILE]")
    # A signal ends us through the same clean-up as an error does.
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    settings, place, peers = Settings(), Workplace(), []
    try:
        # Copies: another supervisor of the same files would share their pages and so take its part of the memory.
        programs, before = (
            shutil.copytree(source, f"{place.home}/{name}", ignore=only_programs) if source else None
            for source, name in ((os.environ["BENCH_PROGRAMS"], "programs"), (os.environ.get("BENCH_BEFORE"), "programs-before"))
        )
        peers, missing = installed(place, programs, before, settings.peers)
        for peer in list(peers):
            try:
                peer.prepare()
            except (RuntimeError, OSError) as error:
                if peer is peers[0]:
                    raise
                missing.append(f"{peer.name}: takes no part: {error}")
                peer.close()
                peers.remove(peer)
        text = table(measure(peers, settings), peers)
        print("\n".join([text, *missing]), flush=True)
    finally:
        for peer in peers:
            peer.close()
        place.remove()
    if len(sys.argv) == 3:
        with open(sys.argv[2], "w") as file:
            file.write(page(text, missing))


main()
