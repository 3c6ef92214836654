import APIClient
import Flags
import JSONFormat
import Model

/// The values of `--device HOST[:CONTAINER][:PERMISSIONS]`, and of the rates and weights per device.
enum DeviceOption {
    /// Parses one device into the Engine API's form.
    static func parse(_ text: String) throws(ExitFailure) -> JSON {
        let parts = text.split(byte: ":", omittingEmptySubsequences: false).map(String.init)
        guard let host = parts.first, !host.isEmpty, parts.count <= 3 else {
            throw ExitFailure("bad format for path: \(text)")
        }
        var container = host
        var permissions = "rwm"
        if parts.count == 3 {
            container = parts[1]
            permissions = parts[2]
        } else if parts.count == 2 {
            if isPermissions(parts[1]) { permissions = parts[1] } else { container = parts[1] }
        }
        guard container.hasPrefix(bytes: "/") else { throw ExitFailure("\(container) is not an absolute path") }
        guard isPermissions(permissions) else { throw ExitFailure("bad mode specified: \(permissions)") }
        return [
            "PathOnHost": .string(host), "PathInContainer": .string(container),
            "CgroupPermissions": .string(permissions),
        ]
    }

    private static func isPermissions(_ text: String) -> Bool {
        !text.isEmpty && Set(text).count == text.count && text.allSatisfy { "rwm".contains($0) }
    }

    /// Parses `PATH:RATE`; the rate is in bytes or operations per second.
    static func rate(_ text: String, isBytes: Bool) throws(ExitFailure) -> JSON {
        let (path, value) = try split(text)
        let rate = isBytes ? try? ByteSize.parse(value, .binary) : Int64(value)
        guard let rate, rate >= 0 else {
            throw ExitFailure(
                "invalid rate for device: \(text). The correct format is <device-path>:<number>"
                    + (isBytes
                        ? "[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb"
                        : ". Number must be a positive integer"))
        }
        return ["Path": .string(path), "Rate": .integer(rate)]
    }

    /// Parses `PATH:WEIGHT`; the weight is 0 or 10 to 1000.
    static func weight(_ text: String) throws(ExitFailure) -> JSON {
        let (path, value) = try split(text)
        guard let weight = UInt16(value), weight == 0 || (10...1000).contains(weight) else {
            throw ExitFailure("invalid weight for device: \(text)")
        }
        return ["Path": .string(path), "Weight": .integer(weight)]
    }

    private static func split(_ text: String) throws(ExitFailure) -> (String, String) {
        let parts = text.split(byte: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty else { throw ExitFailure("bad format: \(text)") }
        guard parts[0].hasPrefix(bytes: "/dev/") else { throw ExitFailure("bad format for device path: \(text)") }
        return (parts[0], parts[1])
    }
}
