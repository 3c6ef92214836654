import Glibc
import Linux
import Synchronization

extension SystemdUnderTest {
    /// The process that boots the machine and cleans up after it. It lives as long as somebody holds the other end of its
    /// standard input, so that a test that is killed leaves nothing behind either.
    final class Guardian: Sendable {
        /// The machine's control group on this host.
        let group: String
        private let process: pid_t
        private let orders: Mutex<SharedDescriptor?>

        /// Guards what lives in a directory. `inside` is the script that becomes process 1 there, $0 the directory.
        init(_ directory: String, inside: String = SystemdUnderTest.inside) throws {
            // Close-on-exec, or every other child of the test would keep the machine alive.
            let pipe = try PipeEnds()
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_adddup2(&actions, pipe.reading.rawValue, 0)
            posix_spawn_file_actions_addopen(&actions, 1, directory + "/console", O_WRONLY | O_APPEND, 0)
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
            var attributes = posix_spawnattr_t()
            posix_spawnattr_init(&attributes)
            defer { posix_spawnattr_destroy(&attributes) }
            // Its own session: what ends the test's process group must not end the cleaner.
            posix_spawnattr_setflags(&attributes, Int16(0x80))
            let mounts = try TestFiles.read("/proc/mounts").split(separator: "\n")
            let words = mounts.map { $0.split(separator: " ").map(String.init) }
            let tree = words.first { $0.count > 2 && $0[2] == "cgroup2" }?[1]
            guard let tree else { throw TestFailure("no cgroup2 file system is mounted on this host") }
            var made: pid_t = 0
            let arguments = ["/bin/bash", "-c", Self.script, directory, tree, inside]
            let copies = arguments.map { strdup($0) }
            defer { copies.forEach { free($0) } }
            let environment = (["PATH=/usr/sbin:/usr/bin:/sbin:/bin"] + TestRun.mark).map { strdup($0) }
            defer { environment.forEach { free($0) } }
            let code = posix_spawn(&made, "/bin/bash", &actions, &attributes, copies + [nil], environment + [nil])
            guard code == 0 else { throw TestFailure("spawn", "/bin/bash", code) }
            process = made
            group = tree + "/sereno-test.\(made)"
            TestRun.note(group: "sereno-test.\(made)")
            orders = Mutex(pipe.writing)
        }

        /// Gives it an order.
        func order(_ word: String) throws {
            let line = Array((word + "\n").utf8)
            let sent = orders.withLock { $0.map { Glibc.write($0.rawValue, line, line.count) } }
            if sent != line.count { throw TestFailure("write", "the guardian's orders") }
        }

        /// Ends the machine and waits until nothing of it is left.
        func end() {
            orders.withLock { $0 = nil }
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        }

        /// The guardian. $0 is the directory, $1 where cgroup2 is mounted, $2 what runs inside.
        private static let script = #"""
            trap '' INT TERM HUP
            directory=$0 tree=$1 inside=$2 group=$1/sereno-test.$$

            empty() { # kills what is in a control group and removes it
                local tries=0
                while [ -d "$1" ] && [ $tries -lt 500 ]; do
                    { echo 1 >"$1/cgroup.kill"; } 2>/dev/null
                    find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
                    tries=$((tries + 1))
                    [ ! -d "$1" ] || sleep 0.02
                done
            }

            machine() { # one boot, from its start to its end
                mkdir "$group" || return
                # The control group before its namespace, and nothing that stays outside joins it: cgroup2 gives controllers only
                # to groups without processes of their own.
                env --default-signal=INT,TERM,HUP unshare --mount --uts --ipc --net --pid --fork --kill-child bash -c \
                    'echo 0 >"$1/cgroup.procs" && exec unshare --cgroup bash -c "$2" "$0"' \
                    "$directory" "$group" "$inside" </dev/null &
                local child=$! leader=
                while [ -z "$leader" ] && kill -0 $child 2>/dev/null; do
                    read -r leader _ <"/proc/$child/task/$child/children"
                done 2>/dev/null
                echo "up $leader" >>"$directory/state"
                wait $child
                local code=$?
                empty "$group"
                echo "down $code" >>"$directory/state"
            }

            for stale in "$tree"/sereno-test.*; do
                [ -d "/proc/${stale##*.}" ] || empty "$stale"
            done
            while read -r order; do
                [ "$order" != boot ] || machine </dev/null &
            done
            # Nobody holds the orders any more.
            leader=$(sed -n 's/^up //p' "$directory/state" | tail -n 1)
            [ -z "$(jobs -r)" ] || [ -z "$leader" ] || kill -KILL "$leader" 2>/dev/null
            empty "$group"
            wait
            rm -rf --one-file-system "$directory"
            """#
    }
}
