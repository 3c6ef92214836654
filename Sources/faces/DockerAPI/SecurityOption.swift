internal import Model

/// The words of `--security-opt`.
enum SecurityOption {
    /// Checks the grammar of one option, with dockerd's error texts.
    static func check(_ option: String) throws(RequestError) {
        if ["no-new-privileges", "disable"].contains(option) { return }
        guard let (name, value) = option.cut(atFirstOf: "=", ":") else {
            throw .invalid("invalid --security-opt 1: \"\(option)\"")
        }
        switch name {
        case "label", "apparmor", "seccomp": return
        // No `systempaths`: clients send the lists of paths that it stands for.
        case "writable-cgroups" where value == "true" || value == "false": return
        case "no-new-privileges" where ["true", "false", "1", "0", "t", "f"].contains(value.lowercased()): return
        default: throw .invalid("invalid --security-opt 2: \"\(option)\"")
        }
    }
}

/// The names of capabilities (capabilities(7), Linux 6.x).
enum CapabilityOption {
    static let known: Set<String> = [
        "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN",
        "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE",
        "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST",
        "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT",
        "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME",
        "SYS_TTY_CONFIG", "SYSLOG", "WAKE_ALARM",
    ]

    /// The capabilities of a field in dockerd's form: upper case with `CAP_`, or `ALL`.
    static func names(_ fields: RequestFields, _ field: String) throws(RequestError) -> [String] {
        var names: [String] = []
        for typed in try fields.argumentList(field) ?? [] {
            let upper = typed.uppercased()
            if upper == "ALL" {
                names.append(upper)
                continue
            }
            let bare = upper.hasPrefix(bytes: "CAP_") ? String(upper.dropFirst(4)) : upper
            guard known.contains(bare) else {
                throw .invalid("invalid \(field): unknown capability: \"CAP_\(bare)\"")
            }
            names.append("CAP_\(bare)")
        }
        return names
    }
}
