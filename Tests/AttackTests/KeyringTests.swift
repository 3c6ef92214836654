import Glibc
import TestSupport
import Testing

/// Keys of one container are nobody else's: not the host's and not another container's, also where the filter lets
/// keyctl(2) through.
@Suite("Keys stay in their container", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct KeyringTests {
    /// Who may call keyctl(2) at all.
    private static let callers: [[String]] = [
        ["--security-opt", "seccomp=unconfined"], ["--privileged"],
        ["--security-opt", "seccomp=unconfined", "--security-opt", "no-new-privileges", "--user", "1000:1000"],
        ["--security-opt", "seccomp=unconfined", "--pid", "host", "--ipc", "host", "--uts", "host"],
    ]

    private static func fields(_ line: String) -> (serial: String, permissions: String, name: String) {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        let parts = (words.last ?? "").split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        return (words.first ?? "", parts.count > 3 ? parts[3] : "", (parts.last ?? "").trimmingNewline)
    }

    @Test(
        "The session keyring of a process inside is not the host's, and only who has it may use it", arguments: callers)
    func isOwn(options: [String]) throws {
        let supervisor = try SupervisorUnderTest()
        let attack = try AttackProgram("keyring")
        let outside = Self.fields(try expect(Command.run([attack.directory + "/keyring", "describe"])).output)
        try expect(
            supervisor.run(
                "sereno", ["run", "-d", "--name", "box"] + options + attack.options + ["busybox", "sleep", "1000"]))
        let first = Self.fields(
            try expect(
                supervisor.run(
                    "sereno", ["run", "--rm"] + options + attack.options + ["busybox", attack.path, "describe"])
            ).output)
        let second = Self.fields(try expect(supervisor.sereno("exec", "box", attack.path, "describe")).output)
        #expect(first.serial != outside.serial)
        #expect(second.serial != outside.serial)
        #expect(second.serial != first.serial)
        // Nothing for the same user, who is also the user of every other container, nor for its group and others.
        #expect(first.permissions == "3f000000")
        #expect(second.permissions == "3f000000")
    }

    @Test("A key added in one container is found in no other and not on the host", arguments: callers)
    func keyIsNotFound(options: [String]) throws {
        let attack = try AttackProgram("keyring")
        // A service has a keyring of its own from its service manager; here it is the one that containers must not have.
        let supervisor = try SupervisorUnderTest(inside: { _ in
            [attack.directory + "/keyring", "under", "service-\(getpid())"]
        })
        let name = "sereno-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try expect(
            supervisor.run(
                "sereno",
                ["run", "-d", "--name", "box"] + options + attack.options + ["busybox", attack.path, "linger", name]))
        #expect(eventually(timeout: 30) { (try? supervisor.sereno("logs", "box").output.contains("added")) ?? false })
        let ring = Self.fields(
            try supervisor.sereno("logs", "box").output.split(separator: "\n").first.map(String.init) ?? "")
        let outside = try Command.run([attack.directory + "/keyring", "find", name])
        #expect(!outside.output.contains("found"))
        for words in [["find", name], ["join", ring.name, name]] {
            let other = try supervisor.run(
                "sereno", ["run", "--rm"] + options + attack.options + ["busybox", attack.path] + words)
            #expect(!other.output.isEmpty)
            #expect(!other.output.contains("found"), "\(words): \(other.output)")
        }
        let joined = try Command.run([attack.directory + "/keyring", "join", ring.name, name])
        #expect(!joined.output.contains("found"), "\(joined.output)")
        // What runs in a container beside its first process stays apart from the others as well.
        try expect(supervisor.sereno("exec", "box", attack.path, "add", name + "-exec"))
        let other = try supervisor.run(
            "sereno", ["run", "--rm"] + options + attack.options + ["busybox", attack.path, "find", name + "-exec"])
        #expect(!other.output.contains("found"), "\(other.output)")
    }
}
