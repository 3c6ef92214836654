import Generator
import Glibc
import Streaming

/// What this machine has: programs by name, and its systemd.
enum HostInit {
    /// The absolute path of a program in `PATH`.
    static func program(_ name: String, environment: [String: String]) -> String? {
        for directory in (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
            let path = "\(directory)/\(name)"
            if path.hasPrefix("/"), access(path, X_OK) == 0 { return path }
        }
        return nil
    }

    /// This program's own path.
    static func ownProgram() -> String {
        guard let buffer = realpath("/proc/self/exe", nil) else { return "/usr/bin/sereno" }
        defer { free(buffer) }
        return String(cString: buffer)
    }

    /// The major version of systemd here, as `sereno-systemd version` finds it; nil when there is none.
    static func systemdVersion() -> Int? {
        guard let program = Programs.find("sereno-systemd"), let answer = Programs.output(program, ["version"]) else {
            return nil
        }
        return Int(answer.prefix { $0.isNumber })
    }
}
