import Model

/// Kernel parameters of a container: only those that belong to a namespace it has of its own.
enum Sysctls {
    private static let ipcNames: Set<String> = [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
        "kernel.shmmni", "kernel.shm_rmid_forced",
    ]

    /// Paths below procfs with their values, by name; Docker's errors for those that may not be set.
    static func files(
        _ sysctls: TextMap, _ modes: NamespaceModes
    ) throws(IsolationError) -> [(path: String, value: String)] {
        var files: [(path: String, value: String)] = []
        var names: Set<String> = []
        for (name, value) in sysctls {
            guard let parts = components(of: name), value.utf8.count <= valueLimit, !value.utf8.contains(0) else {
                throw .invalid("invalid sysctl \(quoted(name)): it is no name of a kernel parameter")
            }
            let dotted = parts.joined(separator: ".")
            names.insert(dotted)
            if ipcNames.contains(dotted) || dotted.hasPrefix(bytes: "fs.mqueue.") {
                guard modes.ipc != .host else {
                    throw .invalid("sysctl \(quoted(name)) is not allowed in the hosts ipc namespace")
                }
            } else if dotted.hasPrefix(bytes: "net.") {
                guard modes.network != .host else {
                    throw .invalid("sysctl \(quoted(name)) not allowed in host network namespace")
                }
            } else if dotted == "kernel.domainname" {
                guard modes.uts != .host else {
                    throw .invalid("sysctl \(quoted(name)) is not allowed in the hosts uts namespace")
                }
            } else {
                throw .invalid("sysctl \(quoted(name)) is not in a separate kernel namespace")
            }
            files.append(("sys/" + parts.joined(separator: "/"), value))
        }
        guard modes.network == .own else { return files }
        let defaults = unprivileged.filter { !names.contains($0.name) }
        return defaults.map { ("sys/" + $0.name.replacing(".", with: "/"), $0.value) } + files
    }

    /// Docker's defaults in a network namespace of the container's own: an ordinary user may listen on any port, and ping (moby,
    /// daemon/oci_linux.go `WithSysctls`).
    private static let unprivileged = [
        (name: "net.ipv4.ip_unprivileged_port_start", value: "0"),
        (name: "net.ipv4.ping_group_range", value: "0 2147483647"),
    ]

    /// The longest name and the longest value in bytes.
    static let nameLimit = 255
    static let valueLimit = 4096

    /// The parts of a name by the grammar of sysctl(8): the first separator, a dot or a slash, separates the parts, and the other
    /// one stands in a part for the first (`net.ipv4.conf.eth0/1.forwarding` and `net/ipv4/conf/eth0.1/forwarding` are the
    /// same). `nil` for what can be no name: a part that is empty, `.` or `..`, or that has another character than
    /// letters, digits and `_-.:@+`.
    static func components(of name: String) -> [String]? {
        let bytes = Array(name.utf8)
        guard bytes.count <= nameLimit, let separator = bytes.first(where: { $0 == dot || $0 == slash }) else {
            return nil
        }
        let parts = bytes.split(separator: separator, omittingEmptySubsequences: false).map { part in
            part.map { $0 == dot || $0 == slash ? dot : $0 }
        }
        for part in parts {
            guard !part.isEmpty, part != [dot], part != [dot, dot], part.allSatisfy(isAllowed), isWord(part[0]) else {
                return nil
            }
        }
        return parts.map { String(decoding: $0, as: UTF8.self) }
    }

    private static let dot = UInt8(ascii: ".")
    private static let slash = UInt8(ascii: "/")

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool { isWord(byte) || "-.:@+".utf8.contains(byte) }

    /// As Go's %q has it, as far as a name on its way into a sentence needs.
    private static func quoted(_ name: String) -> String {
        let shown = name.unicodeScalars.prefix(nameLimit).map { scalar in
            scalar.value < 0x20 || scalar.value == 0x7F
                ? "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16) : String(scalar)
        }
        return "\"" + shown.joined() + "\""
    }
}
