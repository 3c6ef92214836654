import Model

/// What `--security-opt` says, parsed.
struct SecurityOptions: Hashable {
    /// Which system call filter.
    enum Seccomp: Hashable {
        case standard
        case unconfined
        /// A profile in Docker's format.
        case custom(String)
    }

    var noNewPrivileges = false
    var seccomp = Seccomp.standard
    /// Whether masked and read-only paths are left open.
    var openSystemPaths = false
    /// The AppArmor profile that was named, `unconfined` among them; `nil` is the standard one.
    var appArmor: String?

    init(_ options: [String]) throws(IsolationError) {
        for option in options {
            let parts = option.cut(atFirstOf: "=", ":")
            let name = parts.map { String($0.before) } ?? option
            let value = parts.map { String($0.after) } ?? ""
            switch name {
            case "no-new-privileges":
                guard parts == nil || value == "true" || value == "false" else {
                    throw .invalid("invalid --security-opt 2: \"\(option)\"")
                }
                noNewPrivileges = value != "false"
            case "seccomp":
                seccomp = value == "unconfined" ? .unconfined : value == "builtin" ? .standard : .custom(value)
            case "systempaths" where value == "unconfined":
                openSystemPaths = true
            case "apparmor":
                appArmor = try Self.profileName(value, option)
            case "label", "writable-cgroups":
                // Labels are not used, as by a dockerd without --selinux-enabled.
                continue
            default:
                throw .invalid("invalid --security-opt 2: \"\(option)\"")
            }
        }
    }

    /// The kernel reads it up to the first zero or newline; a name is bounded as a path is.
    private static func profileName(_ name: String, _ option: String) throws(IsolationError) -> String? {
        if name.isEmpty { return nil }
        guard name.utf8.count <= 4096, name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw .invalid("invalid --security-opt 2: \"\(option)\"")
        }
        return name
    }
}
