/// Where sereno answers otherwise than Docker, on purpose: the one list, from which docs/differences.md and the table in the
/// README are written.
enum Difference: String, CaseIterable {
    case startAttached, failedStart, failedBootStart, signalsThatAreNoStop, terminatingSignals, onFailureStopped
    case crashIsNoStop, handover, exitWhileAway, pendingRestart, monotonic, killDuringBackoff, pauseDuringStop
    case cutRestart, hangUp, missingProgramOfExec, startOrder, stopOrder, logFormat, consolePath
    case profileAtCreate, logOptionsAtCreate, requestBounds, recoveryTwice, execBounds, labels, terminalOfExec,
        nameServerAtCreate
    case cgroupNamespace
    case untoldSizes, tagCharacters, hostGateway, repeatedVariable, foreignPlatform
    case copyNoise
    case imageVolume

    /// The situation, Docker's answer, sereno's answer, and why.
    var row: (situation: String, docker: String, sereno: String, why: String) {
        switch self {
        case .startAttached:
            (
                "`start -a` gets TERM or INT", "the client exits 0 at once",
                "waits, shows all output, returns the container's code",
                "An init system that supervises the client must learn how the container really ended."
            )
        case .failedStart:
            (
                "a start inside an automatic restart fails", "gives up for ever, even with `always`",
                "retried with the same backoff; counts against `on-failure:max`",
                "What was missing (a mount, an address) is often there a second later (moby issues 28211, 39559)."
            )
        case .failedBootStart:
            (
                "a boot-time start fails", "logged, never retried", "the same retry",
                "At boot more is missing than at any other time."
            )
        case .signalsThatAreNoStop:
            (
                "`kill -s HUP` (or USR1, WINCH ...)",
                "marks the container as stopped by the user, so that no policy restarts it",
                "does not; only `stop` and the signals KILL, TERM, INT, QUIT and the container's own stop signal do",
                "A reload is no wish to have the container down (moby issues 11065, 41302, 47792)."
            )
        case .terminatingSignals:
            (
                "`kill -s TERM` with another `--stop-signal`",
                "`on-failure` and `always` restart, `unless-stopped` does not",
                "a user's stop under every policy", "One rule for all policies: a user's stop sticks."
            )
        case .onFailureStopped:
            (
                "an `on-failure` container was stopped by the user, and the supervisor restarts",
                "may start again", "stays stopped", "A user's stop sticks."
            )
        case .crashIsNoStop:
            (
                "the supervisor is killed with -9, `unless-stopped`", "the container is left down",
                "the container lives on; where it could not, it is started again",
                "A crash of the supervisor is not a user's stop."
            )
        case .handover:
            (
                "the engine is replaced or dies while its containers live (Docker: live-restore)",
                "counts as a daemon start: an `always` container that a user stopped is started, and delays begin anew",
                "nothing is decided anew: stopped stays stopped, counts and delays go on",
                "An upgrade must not be seen by any container."
            )
        case .exitWhileAway:
            (
                "a container ends while the engine is away", "started at once, uncounted",
                "restarted with its delay and counted, as if the engine had been there",
                "The same end has the same consequence."
            )
        case .pendingRestart:
            (
                "the supervisor ends while the last restart that `on-failure:max` allows waits for its delay",
                "the restart is lost", "it is made", "It had been decided."
            )
        case .monotonic:
            (
                "how long a run lasted", "wall clock", "monotonic clock",
                "A clock that is set must not change a decision (moby issue 52153)."
            )
        case .killDuringBackoff:
            (
                "`kill` with a signal that is no stop, while a restart waits",
                "accepted, and ends the restarts", "refused with 409: there is no process to signal",
                "See the row on HUP."
            )
        case .pauseDuringStop:
            (
                "`pause` of a container that is being stopped", "frozen until KILL", "refused with 409",
                "A frozen process cannot end in good order."
            )
        case .cutRestart:
            (
                "`stop` overtakes a `restart` under way", "the container may come up again", "it stays down",
                "The later command counts."
            )
        case .hangUp:
            (
                "SIGHUP to the supervisor, `systemctl reload`", "reads its configuration file again",
                "replaces the engine by the program that is installed now, under running containers",
                "There is no configuration file; an upgrade is what a running supervisor is reloaded for."
            )
        case .missingProgramOfExec:
            (
                "`exec` of a program that is not there", "exit code 126", "exit code 127",
                "As `run` and every shell say it; 126 is a program that is there and cannot be executed."
            )
        case .startOrder:
            (
                "the supervisor starts what it finds down",
                "all at once, linked ones first; compose's `depends_on` is not looked at",
                "in the order they need each other (joined namespaces, links, `depends_on`), at most 50 a second after the first ten",
                "A service that starts before its database fails, and a machine that boots is slowed down by its own containers."
            )
        case .stopOrder:
            (
                "an ordered shutdown", "stops all at once",
                "stops whoever is needed by others after them, within the same time",
                "The last requests are still answered."
            )
        case .logFormat:
            (
                "the log of a container that names no driver", "`json-file`, in Docker's JSON",
                "shown as `json-file`; the file is in the CRI text format",
                "The CRI format keeps bytes that are no UTF-8, and is read by every shipper; SDKs read logs back only where "
                    + "they see a name that they know. `--log-driver json-file` writes Docker's JSON."
            )
        case .consolePath:
            (
                "`tty` in a container with a terminal", "`/dev/pts/0`", "`/dev/console`, the same terminal",
                "The supervisor holds the terminal, so that it outlives the engine."
            )
        case .logOptionsAtCreate:
            (
                "a log option whose value cannot be read (`max-size=abc`)", "`create` takes it, and each start fails",
                "`create` refuses it, in the words of Docker's start",
                "A container that can never start is better not made."
            )
        case .profileAtCreate:
            (
                "a seccomp profile that is wrong, or larger than a kernel takes",
                "the container is made, its start fails",
                "refused when the container is made",
                "A filter is compiled once, where nobody waits for it, and a start finds it ready."
            )
        case .requestBounds:
            (
                "a request of many megabytes, or with a text above 128 KiB", "taken",
                "refused with 413 or 400: see api-bounds.md", "One request must not hold up or fill up the supervisor."
            )
        case .recoveryTwice:
            (
                "a container whose record ends the engine at its start", "dockerd does not come up",
                "set aside after the second time and reported; everybody else is served",
                "One container must not take the others along: store.md tells how it comes back."
            )
        case .execBounds:
            (
                "`exec` without end: thousands that do not end, or that are created and never started", "taken",
                "refused with 409 or 503: see api-bounds.md",
                "Containers and the checks of their health need places in the supervisor too."
            )
        case .labels:
            (
                "SELinux labels (`label=…`, `:z`, `:Z`) under a `dockerd --selinux-enabled`", "set",
                "accepted and not used, as by a dockerd without that option, which is how dockerd comes; `info` warns of it",
                "SELinux is not built yet: isolation.md."
            )
        case .terminalOfExec:
            (
                "`POST /exec/ID/start` with `Tty` for a process that has no terminal", "its standard error is lost",
                "both streams come, raw", "A client that asks for the raw stream asks for all of it."
            )
        case .nameServerAtCreate:
            (
                "`Dns` names no IP address", "`create` takes it, and each start fails",
                "`create` refuses it, in the words of Docker's start",
                "A container that can never start is better not made."
            )
        case .cgroupNamespace:
            (
                "the control group namespace of a container that names none, on a host with cgroups v1", "the host's",
                "its own, and `CgroupnsMode` says `private`",
                "A container has no business with the names of the host's groups, on any host."
            )
        case .untoldSizes:
            (
                "`cp` of a file of /proc or /sys, which tell no sizes", "an empty file, or zeros after the content",
                "the content, up to 16 MiB, or an error; in a tree, one that cannot be read is left out",
                "A copy that says it went well has what was there."
            )
        case .tagCharacters:
            (
                "a name in an archive with Unicode tag characters (U+E0000 to U+E007F) and else only ASCII", "taken",
                "refused", "The library that reads archives drops them without a word."
            )
        case .hostGateway:
            (
                "`--add-host NAME:host-gateway`", "the address of the bridge",
                "the host's own address on its network; elsewhere the name is left out, with a warning",
                "Bridges are not built yet, and a name that leads nowhere is worse than none."
            )
        case .repeatedVariable:
            (
                "`-e A=1 -e A=2`", "the last counts, and `inspect` shows both", "the last counts, and is there alone",
                "What is shown is what the container has."
            )
        case .foreignPlatform:
            (
                "`--platform` of another architecture, and an image made for it",
                "the container is made; an emulator of the host runs it, or its start fails", "`create` refuses it",
                "A container that can never start is better not made, and no emulator is asked for."
            )
        case .copyNoise:
            (
                "`cp` of a file to a place that is refused",
                "the client also logs twice that its archive was not read to the end", "the refusal alone",
                "One fault is told once."
            )
        case .imageVolume:
            (
                "an image wants a volume (`VOLUME`) and nothing is mounted there", "an anonymous volume",
                "a directory of the container, which goes with it; `create` warns of it",
                "Volumes are not built yet."
            )
        }
    }

    static func table() -> String {
        var text = "| situation | Docker | sereno |\n|---|---|---|\n"
        for difference in allCases {
            let row = difference.row
            text += "| \(row.situation) | \(row.docker) | \(row.sereno) |\n"
        }
        return text
    }

    static func document() -> String {
        var text = """
            # Where sereno differs from Docker, on purpose

            Everything else is as a real dockerd was measured to do it. This page is written by the tests from the same list that
            the tests allow differences by: a difference that is not here fails them.

            | situation | Docker | sereno | why |
            |---|---|---|---|

            """
        for difference in allCases {
            let row = difference.row
            text += "| \(row.situation) | \(row.docker) | \(row.sereno) | \(row.why) |\n"
        }
        return text
    }

    /// Cells of ``Reference/runs`` that differ: event, policy, sereno's cell.
    static let runs: [(event: String, policies: [String], cell: String, because: Difference)] = {
        let restarting = ["on-failure", "on-failure:2", "always", "unless-stopped"]
        return [
            ("kill -s USR1, trap exits 7", restarting, "2 / running / 0 / 1", .signalsThatAreNoStop),
            (
                "kill -s USR1 caught, process lives on; then host KILL", restarting, "2 / running / 0 / 1",
                .signalsThatAreNoStop
            ),
            (
                "kill -s TERM, --stop-signal=INT, trap exits 7", ["on-failure", "on-failure:2", "always"],
                "1 / exited / 7 / 0", .terminatingSignals
            ),
        ]
    }()

    /// Cells of ``Reference/supervisorRestarts`` that differ: case, policy, columns (0 ordered, 1 and 3 handover,
    /// 2 crash), sereno's cell.
    static let supervisorRestarts:
        [(situation: String, policy: String, columns: [Int], cell: String, because: Difference)] = [
            ("killed", "on-failure", [0, 1, 2, 3], "exited/137/0/1", .onFailureStopped),
            ("stopped", "always", [1, 3], "exited/0/0/1", .handover),
            ("killed", "always", [1, 3], "exited/137/0/1", .handover),
            ("exitsWhileDown", "on-failure", [1, 3], "restarting/3/6/6", .exitWhileAway),
            ("exitsWhileDown", "always", [1, 3], "restarting/3/6/6", .exitWhileAway),
            ("exitsWhileDown", "unless-stopped", [1, 3], "restarting/3/6/6", .exitWhileAway),
            ("running", "unless-stopped", [2], "running/0/0/2", .crashIsNoStop),
            ("ignoresTERM", "unless-stopped", [2], "running/0/0/2", .crashIsNoStop),
            ("hostkilled1", "unless-stopped", [2], "running/0/0/3", .crashIsNoStop),
            ("exited0", "unless-stopped", [2], "running/0/0/2", .crashIsNoStop),
            // The new dockerd stopped the survivor in good order first; with sereno nobody saw its end, and 255 is a failure.
            ("hostkilled1", "on-failure", [2], "running/0/0/3", .crashIsNoStop),
        ]
}
