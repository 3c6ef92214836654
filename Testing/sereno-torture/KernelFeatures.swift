import APIClient
import ArgumentParser
import CSeccomp
import Glibc
import TestSupport

/// Kernels that lack something, made by seccomp filters.
struct KernelFeatures: Torture {
    static let name = "kernel-features"
    static let summary = "a supervisor on kernels that lack a system call: it works, or says what is missing"

    private static let lacking: [[String]] = [
        ["openat2"], ["close_range"], ["pidfd_getfd"], ["pidfd-info"], ["renameat2"], ["mount_setattr"],
        ["open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "mount_setattr"], ["epoll_pwait2"], ["statx"],
        ["splice", "tee"], ["memfd_create"], ["pidfd_send_signal"], ["pidfd_open"], ["clone3"], ["seccomp"],
        ["faccessat2"], ["copy_file_range"],
    ]

    static func run(_ scale: Scale, _ report: Report) throws {
        for calls in scale.of([["openat2"], ["close_range"]], lacking) { try attempt(calls, report) }
        try withoutCloneIntoCgroup(report)
    }

    private static func attempt(_ calls: [String], _ report: Report) throws {
        let name = "without " + calls.joined(separator: ", ")
        let torture = try BuiltProgram.path("sereno-torture")
        do {
            let supervisor = try SupervisorUnderTest(inside: { _ in [torture, "without"] + calls + ["--"] })
            if let refusal = try use(supervisor, report, name) {
                report.figure(name, "refuses containers: \(refusal)")
                report.require(calls.contains { refusal.contains($0) }, "\(name): \(refusal) does not name it")
            } else {
                report.figure(name, "works")
            }
        } catch let failure as TestFailure {
            let lines = failure.description.split(separator: "\n")
            let said = lines.first { line in calls.contains { line.contains($0) } }
            report.figure(name, said.map { "does not start: \($0)" } ?? "does not start")
            report.require(said != nil, "\(name): \(failure.description) does not name it")
        }
    }

    /// The kernel before 5.7, and control groups of version 1.
    private static func withoutCloneIntoCgroup(_ report: Report) throws {
        let supervisor = try SupervisorUnderTest()
        let tracer = try Tracer(supervisor.keeperProcess, .keeper, .clonesIntoCgroups, error: EINVAL)
        let refusal = try use(supervisor, report, "without CLONE_INTO_CGROUP", kills: false)
        let outcome = tracer.finish()
        report.figure("without CLONE_INTO_CGROUP", refusal ?? "works (\(outcome.counted) clones)")
        report.require(refusal == nil, "without CLONE_INTO_CGROUP: \(refusal ?? "")")
        report.require(outcome.counted > 0, "no clone into a control group was made")
    }

    /// Has a container run, visited, stopped and taken over; the reason when the first start is refused.
    private static func use(
        _ supervisor: SupervisorUnderTest, _ report: Report, _ name: String, kills: Bool = true
    ) throws -> String? {
        let client = try TortureClient(supervisor)
        try client.create("guest", ["sh", "-c", "trap 'exit 5' TERM; echo up; while :; do sleep 0.05; done"])
        do throws(ClientError) {
            _ = try EngineClient(address: try EngineAddress(parsing: supervisor.host)).perform(
                Request(.post, "/containers/guest/start"))
        } catch {
            if case .refused(_, let message) = error { return message }
            return "\(error)"
        }
        func check(_ holds: Bool, _ what: String) { report.require(holds, "\(name): \(what)") }
        check(eventually { (try? client.output(of: "guest")) == Array("up\n".utf8) }, "the output is not in the log")
        try client.execute("guest", "touch /visited")
        let process = try client.process(of: "guest")
        if kills {
            try supervisor.killEngine()
            check(try client.process(of: "guest") == process, "the container did not outlive the engine")
        }
        try client.stop("guest", timeout: 5)
        let code = try client.inspect("guest")["State"]?["ExitCode"]?.integer
        check(code == 5, "its code is \(code.map { "\($0)" } ?? "none") and not 5")
        try client.remove("guest")
        check(ProcessFigures.children(of: supervisor.keeperProcess).count == 1, "processes are left")
        return nil
    }
}

/// Runs a program on a kernel that lacks these system calls.
struct Without: ParsableCommand {
    static let configuration = CommandConfiguration(shouldDisplay: false)

    /// PIDFD_GET_INFO of ioctl_pidfd(2) in its first size; later ones differ in bits 16 to 29.
    private static let pidfdInfo: (value: UInt64, mask: UInt64) = (0xC000_FF0B, 0xC000_FFFF)
    /// SCMP_ACT_ALLOW and SCMP_ACT_ERRNO of seccomp.h, which are macros.
    private static let allow: UInt32 = 0x7FFF_0000
    private static let refuse: UInt32 = 0x0005_0000

    @Argument(
        parsing: .captureForPassthrough,
        help: "System calls (pidfd-info is PIDFD_GET_INFO), two dashes, the program and its arguments.")
    var words: [String] = []

    func run() throws {
        guard let dashes = words.firstIndex(of: "--"), dashes + 1 < words.count else {
            throw ValidationError("no program")
        }
        let (calls, program) = (words[..<dashes], Array(words[(dashes + 1)...]))
        guard let filter = seccomp_init(Self.allow) else { throw TestFailure("seccomp_init", "filter") }
        seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0)
        for call in calls {
            let result: Int32
            if call == "pidfd-info" {
                var compare = scmp_arg_cmp(
                    arg: 1, op: SCMP_CMP_MASKED_EQ, datum_a: Self.pidfdInfo.mask, datum_b: Self.pidfdInfo.value)
                result = seccomp_rule_add_array(
                    filter, Self.refuse | UInt32(ENOTTY), seccomp_syscall_resolve_name("ioctl"), 1, &compare)
            } else {
                result = seccomp_rule_add_array(
                    filter, Self.refuse | UInt32(ENOSYS), seccomp_syscall_resolve_name(call), 0, nil)
            }
            guard result == 0 else { throw TestFailure("seccomp_rule_add", call, -result) }
        }
        let loaded = seccomp_load(filter)
        guard loaded == 0 else { throw TestFailure("seccomp_load", "filter", -loaded) }
        var arguments: [UnsafeMutablePointer<CChar>?] = program.map { strdup($0) }
        arguments.append(nil)
        execv(program[0], &arguments)
        throw TestFailure("execve", program[0])
    }
}
