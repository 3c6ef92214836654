import Glibc
import TestSupport
import Testing

private let hasRunc = ["/usr/bin/runc", "/usr/sbin/runc", "/usr/local/bin/runc", "/usr/local/sbin/runc"]
    .contains { TestFiles.exists($0) }

/// The same probes inside a container of sereno's own and inside one that runc made of the same options. What differs is printed
/// and has to be in `KnownDifference.all`, each with its reason.
@Suite(
    "A container allows what runc's allows of the same options, and nothing else", .serialized,
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper") && hasRunc))
struct RuncComparisonTests {
    static let probes = ["operations", "network", "devices", "identity", "paths"].map { "probe-" + $0 }

    @Test(
        "The first process meets the same surroundings",
        arguments: [
            "", "--privileged", "--cap-drop ALL", "--cap-drop ALL --security-opt no-new-privileges",
            "--cap-add SYS_ADMIN", "--cap-add SYS_PTRACE", "--cap-add ALL", "--security-opt no-new-privileges",
            "--security-opt seccomp=unconfined", "--security-opt systempaths=unconfined", "--read-only",
            "--user 1000", "--user 1000 --cap-add NET_RAW --read-only", "--user 1000 --privileged", "--init",
            "--pid host --ipc host --uts host", "--network host", "--cgroupns host",
            "--ulimit nofile=100:200 --ulimit core=0 --oom-score-adj 300 --pids-limit 50",
        ])
    func surroundings(_ options: String) throws {
        try compare(options) { supervisor, runtime in
            try report(supervisor, Self.probes, runtime, options)
        } atLeast: {
            329
        }
    }

    @Test(
        "A process that joins meets the same surroundings",
        arguments: [
            ("", ""), ("", "--user 1000"), ("--cap-drop ALL", ""), ("--cap-add SYS_ADMIN", ""),
            ("--privileged", ""), ("--security-opt no-new-privileges", ""), ("--user 1000", ""),
            ("--user 1000", "--user 0"), ("--read-only", ""), ("", "--privileged"), ("--cap-drop ALL", "--privileged"),
            ("--user 1000", "--privileged"), ("--security-opt no-new-privileges", "--privileged"),
        ])
    func joining(_ options: String, _ execOptions: String) throws {
        try compare(options) { supervisor, runtime in
            try joinedReport(supervisor, runtime, options, execOptions)
        } atLeast: {
            329
        }
    }

    #if arch(x86_64)
        @Test(
            "The filter gives the same verdict on every system call by each entrance",
            arguments: [
                "", "--privileged", "--cap-drop ALL", "--cap-add SYS_ADMIN", "--cap-add SYS_PTRACE", "--cap-add ALL",
                "--cap-add SYS_TIME --cap-add SYS_CHROOT --cap-add BPF --cap-add PERFMON --cap-add SYSLOG",
                "--cap-add SYS_BOOT --cap-add SYS_MODULE --cap-add SYS_PACCT --cap-add SYS_RAWIO",
                "--cap-add SYS_NICE --cap-add SYS_TTY_CONFIG --cap-add DAC_READ_SEARCH",
                "--security-opt no-new-privileges", "--security-opt seccomp=unconfined", "--user 1000",
            ])
        func systemCalls(_ options: String) throws {
            try compare(options) { supervisor, runtime in
                try report(supervisor, ["syscalls"], runtime, options)
            } atLeast: {
                4000
            }
        }
    #endif

    @Test("The comparison sees a difference where there is one")
    func sees() throws {
        let supervisor = try SupervisorUnderTest()
        let confined = try report(supervisor, Self.probes, "native", "")
        let open = try report(supervisor, Self.probes, "runc", "--privileged")
        let seen = confined.differences(from: open)
        for probe in [
            "status CapEff", "status Seccomp", "mountTmpfs", "mount /sys flags", "write /proc/sys/kernel/core_pattern",
            "open c mem read", "interface flags", "unshareUser",
        ] {
            #expect(seen[probe] != nil, "\(probe)")
        }
    }

    private func compare(
        _ options: String, _ report: (SupervisorUnderTest, String) throws -> ProbeReport, atLeast: () -> Int
    ) throws {
        let supervisor = try SupervisorUnderTest()
        var differences: [String: ProbeReport.Difference] = [:]
        // What other programs of the host do meanwhile is a difference too, but not twice the same.
        for round in 0..<3 {
            let native = try report(supervisor, "native")
            let runc = try report(supervisor, "runc")
            #expect(native.answers.count >= atLeast())
            let found = native.differences(from: runc).filter { probe, difference in
                !KnownDifference.all.contains { $0.covers(probe, difference) }
            }
            differences = round == 0 ? found : differences.filter { found[$0.key] == $0.value }
            if differences.isEmpty { return }
        }
        let lines = differences.sorted { $0.key < $1.key }.map { "\($0): sereno \($1.sereno), runc \($1.runc)" }
        Issue.record(
            Comment(rawValue: "\(lines.count) differences with '\(options)':\n" + lines.joined(separator: "\n")))
    }

    private func report(
        _ supervisor: SupervisorUnderTest, _ programs: [String], _ runtime: String, _ options: String
    ) throws -> ProbeReport {
        let (container, script) = try setting(programs, runtime, options)
        return ProbeReport(try expect(supervisor.run("sereno", ["run", "--rm"] + container + script)).output)
    }

    private func joinedReport(
        _ supervisor: SupervisorUnderTest, _ runtime: String, _ options: String, _ execOptions: String
    ) throws -> ProbeReport {
        let (container, script) = try setting(Self.probes, runtime, options)
        let name = "joined-" + runtime
        try expect(
            supervisor.run("sereno", ["run", "-d", "--name", name] + container + ["sleep", "100000"]))
        defer { _ = try? supervisor.sereno("rm", "-f", name) }
        // runc does not know a container yet when its first process has been started.
        guard eventually(timeout: 30, { (try? supervisor.sereno("exec", name, "true").succeeded) ?? false }) else {
            throw TestFailure("\(name) cannot be joined")
        }
        let words = execOptions.split(separator: " ").map(String.init)
        return ProbeReport(
            try expect(supervisor.run("sereno", ["exec"] + words + [name] + script)).output)
    }

    /// The options with the image, and the command that runs the probes.
    private func setting(
        _ programs: [String], _ runtime: String, _ options: String
    ) throws -> (container: [String], script: [String]) {
        let built = try programs.map { try AttackProgram($0) }
        var words = options.split(separator: " ").map(String.init)
        if !words.contains("--network") { words += ["--network", "none"] }
        let namespaces = try TestFiles.list("/proc/self/ns").map {
            try Command.run(["readlink", "/proc/self/ns/" + $0]).output.trimmingNewline
        }
        let script = built.map { $0.path + " || exit" }.joined(separator: "; ")
        return (
            ["--runtime", runtime, "-e", "HOST_NAMESPACES=" + namespaces.joined(separator: " ")] + words
                + ["-v", (built.first?.directory ?? "") + ":/attack:ro", "busybox"],
            ["sh", "-c", script]
        )
    }
}
