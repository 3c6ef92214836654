import Glibc
import TestSupport

/// Containers that race with every process that is put into them.
struct HostileLaunch: Torture {
    static let name = "hostile-launch"
    static let summary = "containers that race with whatever is launched into them: nothing of the host is opened"

    /// Every combination of no capabilities, SYS_PTRACE and no_new_privs; and the one that may most, without a filter.
    private static let rights: [[String]] = {
        let choices = [["--cap-add", "SYS_PTRACE"], ["--cap-drop", "ALL"], ["--security-opt", "no-new-privileges"]]
        let combinations = (0..<8).map { number in
            choices.indices.filter { number >> $0 & 1 == 1 }.flatMap { choices[$0] }
        }
        return combinations + [["--cap-add", "SYS_PTRACE", "--security-opt", "seccomp=unconfined"]]
    }()

    /// One way into a container.
    private enum Way: String, CaseIterable {
        case exec, health, joined
        case copy = "cp"
        case runtime = "exec by runc"
    }

    /// All of them, or those that TORTURE_WAYS names, with commas between: several runs share a long race among processors.
    private static var ways: [Way] {
        guard let named = getenv("TORTURE_WAYS").map({ String(cString: $0) }) else { return Way.allCases }
        return Way.allCases.filter { named.split(separator: ",").contains(Substring($0.rawValue)) }
    }

    static func run(_ scale: Scale, _ report: Report) throws {
        let supervisor = try SupervisorUnderTest()
        for way in ways {
            var seen = 0
            var opened: [String] = []
            var openedOfRuntime: [String] = []
            for rights in scale.of(Array(rights.prefix(2)), rights) {
                let output = try race(supervisor, way, rights, count: scale.of(10, 500))
                let lines = output.split(separator: "\n").map(String.init)
                let found = lines.filter { $0.hasPrefix("opened") && !isOwn($0, way) }
                if way == .runtime && rights.contains("SYS_PTRACE") {
                    openedOfRuntime += found
                } else {
                    opened += found
                }
                seen += lines.last.flatMap { Int($0.drop { !$0.isNumber }) } ?? 0
            }
            report.figure("\(way.rawValue): processes seen", seen)
            report.none("\(way.rawValue): openings", opened)
            if way == .runtime {
                // Whoever may trace everybody sees what an OCI runtime has open while it enters; who started the runtime cannot
                // close that for it.
                report.figure("\(way.rawValue), with SYS_PTRACE: openings", openedOfRuntime.count)
            }
            // A copy is made by a process that no container sees. A race that is lost nearly always shows nothing.
            report.require(way == .copy || seen > scale.of(0, 1000), "\(way.rawValue): hardly anything was raced with")
        }
    }

    /// Another container's own root directory and program are what its processes have: whoever shares its PID namespace with it
    /// may see them. The host's own busybox has another path.
    private static func isOwn(_ line: String, _ way: Way) -> Bool {
        switch way {
        case .joined: ["/root: /", "/cwd: /", "/exe: /bin/busybox"].contains { line.hasSuffix($0) }
        case .exec, .health, .copy, .runtime: false
        }
    }

    private static func race(
        _ supervisor: SupervisorUnderTest, _ way: Way, _ rights: [String], count: Int
    ) throws -> String {
        let here = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
        let directory = try CProgram.directory(
            holding: "racer", source: "/" + here + "/Tests/AttackTests/Programs/racer.c")
        // On a busy machine, too, the racer is there when something comes.
        var options = ["run", "-d", "--name", "racer", "--network", "none", "-v", directory + ":/attack:ro"] + rights
        options += ["--cpu-shares", "262144"]
        if way == .health { options += ["--health-cmd", "/bin/true", "--health-interval", "50ms"] }
        if way == .runtime { options += ["--runtime", "runc"] }
        try expect(supervisor.run("sereno", options + ["busybox", "/attack/racer"]))
        defer { _ = try? supervisor.sereno("rm", "-f", "racer") }
        guard try eventually({ try supervisor.sereno("logs", "racer").output.hasPrefix("ready") }) else {
            throw TestFailure("the racer does not start")
        }
        switch way {
        case .exec, .runtime:
            for _ in 0..<count { try expect(supervisor.sereno("exec", "racer", "/bin/true")) }
        case .health: usleep(UInt32(count) * 100_000)
        case .joined:
            for _ in 0..<count {
                try expect(
                    supervisor.sereno(
                        "run", "--rm", "--network", "none", "--pid", "container:racer", "busybox", "/bin/true"))
            }
        case .copy:
            for _ in 0..<count { _ = try expect(supervisor.sereno("cp", "racer:/etc/passwd", "-")) }
        }
        try expect(supervisor.sereno("stop", "-t", "10", "racer"))
        return try expect(supervisor.sereno("logs", "racer")).output
    }
}
