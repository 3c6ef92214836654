import Lifecycle
import Model
import Restart

/// What a real dockerd (20.10.24) answered, cell by cell: starts / status / exit code / restart count, 4.5 s after the
/// start or 3.5 s after the event.
enum Reference {
    static let policies: [(name: String, policy: RestartPolicy)] = [
        ("no", .no), ("on-failure", .onFailure(maximumRetryCount: nil)),
        ("on-failure:2", .onFailure(maximumRetryCount: 2)), ("always", .always), ("unless-stopped", .unlessStopped),
    ]

    /// One line per event, one column per policy, in the order of `policies`.
    static let runs = """
        | exits 0 | 1 / exited / 0 / 0 | 1 / exited / 0 / 0 | 1 / exited / 0 / 0 | 5 / running / 0 / 4 | 5 / running / 0 / 4 |
        | exits 3 | 1 / exited / 3 / 0 | 5 / restarting / 3 / 5 | 3 / exited / 3 / 2 | 5 / running / 0 / 4 | 5 / running / 0 / 4 |
        | exits 143 | 1 / exited / 143 / 0 | 5 / restarting / 143 / 5 | 3 / exited / 143 / 2 | 5 / running / 0 / 4 | 5 / running / 0 / 4 |
        | SIGKILL from the host | 1 / exited / 137 / 0 | 2 / running / 0 / 1 | 2 / running / 0 / 1 | 2 / running / 0 / 1 | 2 / running / 0 / 1 |
        | kill (KILL) | 1 / exited / 137 / 0 | 1 / exited / 137 / 0 | 1 / exited / 137 / 0 | 1 / exited / 137 / 0 | 1 / exited / 137 / 0 |
        | kill -s TERM, trap exits 0 | 1 / exited / 0 / 0 | 1 / exited / 0 / 0 | 1 / exited / 0 / 0 | 1 / exited / 0 / 0 | 1 / exited / 0 / 0 |
        | kill -s TERM, trap exits 7 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 |
        | kill -s INT, trap exits 7 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 |
        | kill -s INT, --stop-signal=INT, trap exits 7 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 |
        | kill -s USR1, trap exits 7 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 |
        | exec kill -TERM 1, trap exits 7 | 1 / exited / 7 / 0 | 2 / running / 0 / 1 | 2 / running / 0 / 1 | 2 / running / 0 / 1 | 2 / running / 0 / 1 |
        | stop, trap exits 0 | 1 / exited / 0 / 0 | 1 / exited / 0 / 0 | 1 / exited / 0 / 0 | 1 / exited / 0 / 0 | 1 / exited / 0 / 0 |
        | stop, trap exits 7 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 | 1 / exited / 7 / 0 |
        | stop -t 1, ignores TERM | 1 / exited / 137 / 0 | 1 / exited / 137 / 0 | 1 / exited / 137 / 0 | 1 / exited / 137 / 0 | 1 / exited / 137 / 0 |
        | restart, trap exits 7 | 2 / running / 0 / 0 | 2 / running / 0 / 0 | 2 / running / 0 / 0 | 2 / running / 0 / 0 | 2 / running / 0 / 0 |
        | host KILL twice (1.5 s apart) | 1 / exited / 137 / 0 | 3 / running / 0 / 2 | 3 / running / 0 / 2 | 3 / running / 0 / 2 | 3 / running / 0 / 2 |
        | host KILL, then stop, then start | 2 / running / 0 / 0 | 3 / running / 0 / 0 | 3 / running / 0 / 0 | 3 / running / 0 / 0 | 3 / running / 0 / 0 |
        | host KILL, then restart | 2 / running / 0 / 0 | 3 / running / 0 / 0 | 3 / running / 0 / 0 | 3 / running / 0 / 0 | 3 / running / 0 / 0 |
        | OOM (memory=20m, touches 100m) | 1 / exited / 137 / 0 / OOM | 5 / running / 0 / 4 / OOM | 3 / exited / 137 / 2 / OOM | 5 / running / 0 / 4 / OOM | 4 / restarting / 137 / 4 / OOM |
        | kill -s TERM, --stop-signal=INT, trap exits 7 | 1 / exited / 7 / 0 | 2 / running / 0 / 1 | 2 / running / 0 / 1 | 2 / running / 0 / 1 | 1 / exited / 7 / 0 |
        | kill -s USR1 caught, process lives on; then host KILL | 1 / exited / 137 / 0 | 1 / exited / 137 / 0 | 1 / exited / 137 / 0 | 1 / exited / 137 / 0 | 1 / exited / 137 / 0 |
        """

    /// Status/exit code/restart count/starts before and 6 s after: an ordered end of dockerd, the same with live-restore,
    /// kill -9, the same with live-restore.
    static let supervisorRestarts = """
        | running | no | running/0/0/1 | exited/7/0/1 | running/0/0/1 (same process) | exited/7/0/1 | running/0/0/1 (same process) |
        | ignoresTERM | no | running/0/0/1 | exited/137/0/1 | running/0/0/1 (same process) | exited/137/0/1 | running/0/0/1 (same process) |
        | hostkilled1 | no | exited/137/0/1 | exited/137/0/1 | exited/137/0/1 | exited/137/0/1 | exited/137/0/1 |
        | exited0 | no | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 |
        | stopped | no | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 |
        | killed | no | exited/137/0/1 | exited/137/0/1 | exited/137/0/1 | exited/137/0/1 | exited/137/0/1 |
        | created | no | created/0/0/0 | created/0/0/0 | created/0/0/0 | created/0/0/0 | created/0/0/0 |
        | exitsWhileDown | no | running/0/0/1 | exited/137/0/1 | exited/3/0/1 | exited/3/0/1 | exited/3/0/1 |
        | running | on-failure | running/0/0/1 | running/0/0/2 | running/0/0/1 (same process) | running/0/0/2 | running/0/0/1 (same process) |
        | ignoresTERM | on-failure | running/0/0/1 | running/0/0/2 | running/0/0/1 (same process) | running/0/0/2 | running/0/0/1 (same process) |
        | hostkilled1 | on-failure | running/0/1/2 | exited/0/1/2 | running/0/1/2 (same process) | exited/0/1/2 | running/0/1/2 (same process) |
        | exited0 | on-failure | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 |
        | stopped | on-failure | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 |
        | killed | on-failure | exited/137/0/1 | running/0/0/2 | running/0/0/2 | running/0/0/2 | running/0/0/2 |
        | created | on-failure | created/0/0/0 | created/0/0/0 | created/0/0/0 | created/0/0/0 | created/0/0/0 |
        | exitsWhileDown | on-failure | running/0/0/1 | restarting/3/6/7 | restarting/3/6/7 | restarting/3/6/7 | restarting/3/6/7 |
        | running | always | running/0/0/1 | running/0/0/2 | running/0/0/1 (same process) | running/0/0/2 | running/0/0/1 (same process) |
        | ignoresTERM | always | running/0/0/1 | running/0/0/2 | running/0/0/1 (same process) | running/0/0/2 | running/0/0/1 (same process) |
        | hostkilled1 | always | running/0/1/2 | running/0/0/3 | running/0/1/2 (same process) | running/0/0/3 | running/0/1/2 (same process) |
        | exited0 | always | running/0/0/1 | running/0/0/2 | running/0/0/1 (same process) | running/0/0/2 | running/0/0/1 (same process) |
        | stopped | always | exited/0/0/1 | running/0/0/2 | running/0/0/2 | running/0/0/2 | running/0/0/2 |
        | killed | always | exited/137/0/1 | running/0/0/2 | running/0/0/2 | running/0/0/2 | running/0/0/2 |
        | created | always | created/0/0/0 | created/0/0/0 | created/0/0/0 | created/0/0/0 | created/0/0/0 |
        | exitsWhileDown | always | running/0/0/1 | restarting/3/6/7 | restarting/3/6/7 | restarting/3/6/7 | restarting/3/6/7 |
        | running | unless-stopped | running/0/0/1 | running/0/0/2 | running/0/0/1 (same process) | exited/7/0/1 | running/0/0/1 (same process) |
        | ignoresTERM | unless-stopped | running/0/0/1 | running/0/0/2 | running/0/0/1 (same process) | exited/137/0/1 | running/0/0/1 (same process) |
        | hostkilled1 | unless-stopped | running/0/1/2 | running/0/0/3 | running/0/1/2 (same process) | exited/0/1/2 | running/0/1/2 (same process) |
        | exited0 | unless-stopped | running/0/0/1 | running/0/0/2 | running/0/0/1 (same process) | exited/0/0/1 | running/0/0/1 (same process) |
        | stopped | unless-stopped | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 | exited/0/0/1 |
        | killed | unless-stopped | exited/137/0/1 | exited/137/0/1 | exited/137/0/1 | exited/137/0/1 | exited/137/0/1 |
        | created | unless-stopped | created/0/0/0 | created/0/0/0 | created/0/0/0 | created/0/0/0 | created/0/0/0 |
        | exitsWhileDown | unless-stopped | running/0/0/1 | restarting/3/6/7 | restarting/3/6/7 | restarting/3/6/7 | restarting/3/6/7 |
        """

    static func cells(_ table: String) -> [[String]] {
        table.split(separator: "\n").map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map { cell in
                var text = cell
                while text.first == " " { text.removeFirst() }
                while text.last == " " { text.removeLast() }
                return String(text)
            }
        }
    }
}
