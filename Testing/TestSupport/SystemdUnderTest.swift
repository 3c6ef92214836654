import Glibc
import Synchronization

/// A machine for a test: this host's own systemd as process 1 of fresh namespaces, with a control group tree, network, `/run`,
/// `/tmp`, `/dev`, `/var` and `/etc/systemd/system` of its own, and changes to `/etc` kept apart. The rest of the host is there to read. What is
/// on its disk (`/etc`, `/var`) outlives a reboot; all of it is gone when the test lets go of it, even when the test's process is killed.
///
/// It is up in about 0.3 s. Of this host's own units nothing runs but the journal, and D-Bus when something asks for it.
/// Control group controllers are there only where the host has them in its cgroup2 tree.
public final class SystemdUnderTest: Sendable {
    /// A directory that host and machine share, at the same path in both. Its files outlive a reboot.
    public let shared: String
    private let directory: String
    private let guardian: Guardian
    private let boots = Mutex(0)
    private let leader = Mutex<Int32>(0)

    /// Boots one with these unit files in `/etc/systemd/system`, and waits until everything it wants has been started.
    /// Throws with the reason, its console and what to do, when this host cannot.
    public init(units: [String: String] = [:]) throws {
        try Self.demandHost()
        var template = Array("\(TestRun.directory)/sereno-systemd.XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw TestFailure("mkdtemp", "sereno-systemd") }
        directory = String(cString: made)
        shared = directory + "/shared"
        chmod(directory, 0o755)
        for name in ["disk/etc", "disk/work", "disk/units", "mount", "shared"] {
            try TestFiles.makeDirectories(directory + "/" + name)
        }
        for name in ["cache", "lib", "log/journal", "spool", "tmp"] {
            try TestFiles.makeDirectories(directory + "/disk/var/" + name)
        }
        symlink("/run", directory + "/disk/var/run")
        symlink(BuiltProgram.directory, directory + "/programs")
        var identity = SystemRandomNumberGenerator()
        let digits = String(identity.next(), radix: 16) + String(identity.next(), radix: 16)
        try TestFiles.write(
            String(repeating: "a", count: 32 - digits.count) + digits + "\n", to: directory + "/disk/etc/machine-id")
        for (name, text) in units { try TestFiles.write(text, to: directory + "/disk/units/" + name) }
        try TestFiles.write("", to: directory + "/console")
        try TestFiles.write("", to: directory + "/state")
        guardian = try Guardian(directory)
        try boot()
    }

    deinit { guardian.end() }

    /// Why this host cannot boot one, in words that say what to do.
    private static func demandHost() throws {
        guard geteuid() == 0 else {
            throw TestFailure("booting a systemd in namespaces needs root: run the tests as root")
        }
        for program in ["/lib/systemd/systemd", "/usr/bin/nsenter", "/usr/bin/unshare"]
        where access(program, X_OK) != 0 {
            throw TestFailure("\(program) is missing: run scripts/setup, which installs what the tests need")
        }
        guard try TestFiles.read("/proc/mounts").split(separator: "\n").contains(where: { $0.contains(" cgroup2 ") })
        else { throw TestFailure("no cgroup2 file system is mounted on this host, and systemd needs one to boot") }
    }

    // MARK: Its life

    /// The process number of its systemd on this host.
    public var process: Int32 { leader.withLock { $0 } }

    /// What it wrote on its console, and how its boots went.
    public var console: String {
        ["console", "state"].map { (try? TestFiles.read(directory + "/" + $0)) ?? "" }.joined(separator: "--- boots\n")
    }

    /// An orderly reboot; returns when everything wanted has been started again.
    public func reboot() throws {
        // The answer may be lost with the machine.
        _ = try run("systemctl", "reboot")
        try awaitEnd("reboot", timeout: 120)
        try boot()
    }

    /// The power fails and comes back: every process is killed at once.
    public func powerCut() throws {
        kill(process, SIGKILL)
        try awaitEnd("power cut", timeout: 30)
        try boot()
    }

    private func state(_ word: String) -> [Substring] {
        let lines = ((try? TestFiles.read(directory + "/state")) ?? "").split(separator: "\n")
        return lines.filter { $0.hasPrefix(word + " ") }.map { $0.dropFirst(word.count + 1) }
    }

    private func awaitEnd(_ what: String, timeout: Double) throws {
        let number = boots.withLock { $0 }
        if !eventually(timeout: timeout, { state("down").count >= number }) {
            throw TestFailure("the machine did not go down for a \(what):\n\(console)")
        }
    }

    private func boot() throws {
        let number = boots.withLock {
            $0 += 1
            return $0
        }
        try guardian.order("boot")
        let reached = eventually(timeout: 60) {
            guard state("down").count < number else { return true }
            guard let last = state("up").last, state("up").count == number, let process = Int32(last) else {
                return false
            }
            leader.withLock { $0 = process }
            return TestFiles.exists("/proc/\(process)/root/run/systemd/private")
        }
        guard reached, state("down").count < number else {
            throw TestFailure("this host does not boot a systemd in namespaces:\n\(console)")
        }
        // 1 means that some unit failed, which is for the test to judge.
        let settled = try run("systemctl", "is-system-running", "--wait", timeout: 120)
        guard ["running\n", "degraded\n"].contains(settled.output) else {
            throw TestFailure("systemd came up as \(settled.output)\(settled.error)\(console)")
        }
    }

    // MARK: Work inside

    /// Runs a program inside to its end; the package's own programs are in its PATH. `nsenter` failing has code 1 and says so.
    @discardableResult
    public func run(_ arguments: String..., input: String = "", timeout: Double = 60) throws -> Command {
        try run(arguments, input: input, timeout: timeout)
    }

    /// The same with a list.
    @discardableResult
    public func run(_ arguments: [String], input: String = "", timeout: Double = 60) throws -> Command {
        try start(arguments, input: input).wait(timeout: timeout)
    }

    /// The same in the background.
    public func start(_ arguments: [String], input: String = "") throws -> BackgroundCommand {
        try BackgroundCommand(
            ["/bin/bash", "-c", Self.visit, guardian.group, String(process)] + arguments,
            environment: [
                "PATH=\(BuiltProgram.directory):/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME=/root", "LANG=C.UTF-8", "SYSTEMD_PAGER=", "SYSTEMD_COLORS=0",
            ], input: input)
    }

    /// Runs a shell script inside; what it prints, when it succeeded.
    @discardableResult
    public func shell(_ script: String, timeout: Double = 60) throws -> String {
        try expect(run("/bin/bash", "-c", script, timeout: timeout)).output
    }

    /// Writes a file inside, with its directories. Follow unit files by ``reload()``.
    public func write(_ text: String, to path: String, mode: String = "0644") throws {
        try expect(
            run("/bin/bash", "-c", "mkdir -p \"${0%/*}\" && cat >\"$0\" && chmod $1 \"$0\"", path, mode, input: text))
    }

    /// Reads a file inside.
    public func read(_ path: String) throws -> String { try expect(run("cat", path)).output }

    /// `systemctl` with these arguments, when it succeeded: what it printed.
    @discardableResult
    public func systemctl(_ arguments: String..., timeout: Double = 60) throws -> String {
        let done = try run(["systemctl"] + arguments, timeout: timeout)
        guard done.succeeded else {
            let unit = arguments.last ?? ""
            let told = try run("journalctl", "--no-pager", "-n", "60", "-o", "cat").output
            throw TestFailure(
                "systemctl \(arguments.joined(separator: " ")): \(done.error)\(done.output)\(done.timedOut ? "timed out\n" : "")"
                    + "the journal, as \(unit) may be in it:\n\(told)")
        }
        return done.output
    }

    /// Installs a unit file in `/etc/systemd/system` and has systemd read it.
    public func install(_ name: String, _ text: String) throws {
        try write(text, to: "/etc/systemd/system/" + name)
        try systemctl("daemon-reload")
    }

    /// A property of a unit as `systemctl show` tells it.
    public func property(_ name: String, of unit: String) throws -> String {
        try systemctl("show", "--value", "-p", name, unit).trimmingNewline
    }

    /// The messages of a unit in the journal, one a line.
    public func journal(of unit: String) throws -> String {
        try run("journalctl", "--sync")
        return try expect(run("journalctl", "--no-pager", "-o", "cat", "-u", unit)).output
    }

    /// The processes of a control group inside (`/system.slice/x.service`) and all below it, as the machine numbers them.
    public func processes(in group: String) throws -> [Int32] {
        try shell("find '/sys/fs/cgroup\(group)' -name cgroup.procs -exec cat {} + 2>/dev/null || true")
            .split(separator: "\n").compactMap { Int32($0) }
    }
}
