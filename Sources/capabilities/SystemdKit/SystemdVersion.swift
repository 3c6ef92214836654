internal import Linux

/// A version of systemd.
public struct SystemdVersion: Hashable, Sendable {
    /// As systemd writes it, such as `252.39-1~deb12u1`.
    public let text: String
    /// The release, such as 252; 0 when the text does not begin with one.
    public let major: Int

    /// Reads systemd's own text; words before the number (`systemd 252`, `v254-rc1`) are passed over.
    public init(parsing text: String) {
        self.text = text
        let start = text.drop { !$0.isASCII || !$0.isNumber }
        major = Int(start.prefix { $0.isASCII && $0.isNumber }) ?? 0
    }

    /// The version that is installed, running or not: its shared library carries it in the file name. `nil` when there is none.
    public static func installed() -> SystemdVersion? {
        let prefix = "libsystemd-shared-"
        for directory in [
            "/usr/lib/systemd", "/lib/systemd", "/usr/lib/x86_64-linux-gnu/systemd", "/usr/lib64/systemd",
        ] {
            for name in (try? HostFile.list(directory)) ?? [] where name.hasPrefix(prefix) && name.hasSuffix(".so") {
                return SystemdVersion(parsing: String(name.dropFirst(prefix.count).dropLast(3)))
            }
        }
        return nil
    }
}
