internal import Model

/// The value of `--ulimit`: `NAME=SOFT[:HARD]`.
package enum UlimitOption: Hashable {
    case limit(name: String, soft: Int64, hard: Int64)
    case refused(String)

    /// The names of limits that the option accepts.
    package static let names: Set<String> = [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio",
        "rttime", "sigpending", "stack",
    ]

    /// The reason for a refusal, in Docker's words; `nil` for a good value.
    package var refusal: String? {
        switch self {
        case .limit: nil
        case .refused(let text): text
        }
    }

    /// Parses one limit; -1 is no limit.
    package static func parse(_ text: String) -> UlimitOption {
        let parts = text.split(byte: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return .refused("invalid ulimit argument: \(text)") }
        let name = String(parts[0])
        guard names.contains(name) else { return .refused("invalid ulimit type: \(name)") }
        let values = parts[1].split(byte: ":", omittingEmptySubsequences: false)
        guard values.count <= 2 else {
            return .refused("too many limit values - \(parts[1]), can only have up to two, `soft[:hard]`")
        }
        guard let soft = Int64(values[0]) else { return unreadable(values[0]) }
        guard values.count == 2 else { return .limit(name: name, soft: soft, hard: soft) }
        guard let hard = Int64(values[1]) else { return unreadable(values[1]) }
        if hard != -1, soft == -1 {
            return .refused(
                "ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: \(hard)")
        }
        if hard != -1, soft > hard {
            return .refused("ulimit soft limit must be less than or equal to hard limit: \(soft) > \(hard)")
        }
        return .limit(name: name, soft: soft, hard: hard)
    }

    private static func unreadable(_ text: Substring) -> UlimitOption {
        .refused("strconv.ParseInt: parsing \(quoted(text)): invalid syntax")
    }
}
