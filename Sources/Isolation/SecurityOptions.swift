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

    init(_ options: [String]) throws(IsolationError) {
        for option in options {
            let separator = option.firstIndex(where: { $0 == "=" || $0 == ":" })
            let name = separator.map { String(option[..<$0]) } ?? option
            let value = separator.map { String(option[option.index(after: $0)...]) } ?? ""
            switch name {
            case "no-new-privileges":
                guard separator == nil || value == "true" || value == "false" else {
                    throw .invalid("invalid --security-opt 2: \"\(option)\"")
                }
                noNewPrivileges = value != "false"
            case "seccomp":
                seccomp = value == "unconfined" ? .unconfined : value == "builtin" ? .standard : .custom(value)
            case "systempaths" where value == "unconfined":
                openSystemPaths = true
            case "apparmor", "label", "writable-cgroups":
                // Neither AppArmor nor SELinux is used; Docker as well ignores them on a host without.
                continue
            default:
                throw .invalid("invalid --security-opt 2: \"\(option)\"")
            }
        }
    }
}
