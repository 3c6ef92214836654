import Linux
import Model

/// The AppArmor profile of containers: Docker's `docker-default`, under a name of our own, loaded into the kernel when the supervisor
/// starts and again should it be missing.
public enum AppArmorProfile {
    /// What a container has that names no other.
    public static let standardName = "sereno-default"

    /// A host as far as profiles are concerned; a value, so that a profile can be made for any host in tests.
    struct Surroundings: Hashable {
        /// Under which profile the supervisor itself is.
        var ownProfile = "unconfined"
        /// Which of the parser's own files there are, below /etc/apparmor.d.
        var files: Set<String> = []

        static let known = ["abi/3.0", "tunables/global", "abstractions/base"]

        static func current() -> Surroundings {
            var found = Surroundings()
            found.files = Set(known.filter { HostFile.exists("/etc/apparmor.d/" + $0) })
            // `NAME (mode)` and a newline, or a name alone.
            let label = ((try? HostFile.read("/proc/self/attr/current")) ?? "").split(byte: "\n").first ?? ""
            let name = (label.lastIndex(ofByte: "(").map { label[..<$0] } ?? label).trimmedOfBlanks
            if !name.isEmpty { found.ownProfile = String(name) }
            return found
        }
    }

    /// What a process enters at execve(2): the option's, else none for a privileged container, else the standard one. `nil` on a
    /// host without AppArmor, where Docker as well ignores the option.
    static func name(for security: SecurityOptions, privileged: Bool, _ host: HostFacts) -> String? {
        guard host.hasAppArmor else { return nil }
        return security.appArmor ?? (privileged ? "unconfined" : standardName)
    }

    /// The profile as apparmor_parser(8) reads it.
    static func text(_ surroundings: Surroundings) -> String {
        var lines: [String] = []
        // From ABI 4.0 on `network` no longer covers Unix sockets.
        if surroundings.files.contains("abi/3.0") { lines.append("abi <abi/3.0>,") }
        lines.append(
            surroundings.files.contains("tunables/global") ? "#include <tunables/global>" : "@{PROC}=/proc/")
        lines.append("")
        lines.append("profile \"\(standardName)\" flags=(attach_disconnected,mediate_deleted) {")
        if surroundings.files.contains("abstractions/base") { lines.append("  #include <abstractions/base>") }
        lines += granted.map { "  " + $0 + "," }
        let peers = ["unconfined", "runc", "crun", surroundings.ownProfile]
        for (index, peer) in peers.enumerated() where !peers[..<index].contains(peer) {
            lines.append("  signal (receive) peer=\"\(peer)\",")
        }
        lines.append("  signal (send,receive) peer=\"\(standardName)\",")
        lines += denied.map { "  deny " + $0 + "," }
        lines.append("  ptrace (trace,tracedby,read,readby) peer=\"\(standardName)\",")
        return lines.joined(separator: "\n") + "\n}\n"
    }

    private static let granted = ["network", "capability", "file", "umount"]

    /// As in docker-default; the patterns take all of /proc but /proc/NUMBER and /proc/sys, and of that all but kernel/shm*.
    private static let denied = [
        "network alg",
        "@{PROC}/* w",
        "@{PROC}/{[^1-9/],[^1-9/][^0-9/],[^1-9s/][^0-9y/][^0-9s/],[^1-9/][^0-9/][^0-9/][^0-9/]*}/** w",
        "@{PROC}/sys/[^k]** w",
        "@{PROC}/sys/kernel/{?,??,[^s][^h][^m]**} w",
        "@{PROC}/sysrq-trigger rwklx",
        "@{PROC}/kcore rwklx",
        "mount",
        "/sys/[^f]*/** wklx", "/sys/f[^s]*/** wklx", "/sys/fs/[^c]*/** wklx", "/sys/fs/c[^g]*/** wklx",
        "/sys/fs/cg[^r]*/** wklx",
        "/sys/firmware/** rwklx",
        "/sys/devices/virtual/powercap/** rwklx",
        "/sys/kernel/security/** rwklx",
    ]

    /// Whether a list of loaded profiles, `NAME (mode)` a line, has one of this name.
    static func lists(_ profiles: String, _ name: String) -> Bool {
        profiles.split(byte: "\n").contains { $0.hasPrefix(bytes: name + " (") }
    }

    /// Loads the standard profile unless it is; needs a host with AppArmor and its parser.
    public static func load() throws(IsolationError) {
        if let loaded = try? HostFile.read("/sys/kernel/security/apparmor/profiles"), lists(loaded, standardName) {
            return
        }
        let failure = "AppArmor enabled on system but the \(standardName) profile could not be loaded: "
        guard let parser = HostFile.program("apparmor_parser") else {
            throw .unsupported(failure + "apparmor_parser is not installed")
        }
        let file = try onHost { () throws(LinuxError) in
            try MemoryFile.holding(text(.current()), name: standardName)
        }
        let result: ChildProcessResult
        do {
            result = try ChildProcess.run(
                path: parser, arguments: ["-Kr"], environment: [ProcessEnvironment.path],
                input: file.descriptor.borrowed, limit: parserLimit)
        } catch {
            throw .unsupported(failure + "apparmor_parser cannot be run")
        }
        guard result.exitCode == 0 else {
            throw .unsupported(failure + String(decoding: result.standardError, as: UTF8.self))
        }
    }

    /// The parser compiles for a fraction of a second.
    private static let parserLimit = Nanoseconds.seconds(30)

    /// Loads the standard profile for a container that is to have it: something may have unloaded it since the supervisor started.
    static func load(for spec: ContainerSpec, host: HostFacts) throws(IsolationError) {
        guard host.hasAppArmor else { return }
        let wanted = name(for: try SecurityOptions(spec.security.options), privileged: spec.security.privileged, host)
        if wanted == standardName { try load() }
    }
}
