import Generator
import Linux
import Model
import Streaming

/// Facts of this machine: the places of programs, and the version of systemd.
enum HostInit {
    /// The absolute path of a program in `PATH`; nil when it is not there.
    static func program(_ name: String, environment: [String: String]) -> String? {
        for directory in (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(byte: ":") {
            let path = "\(directory)/\(name)"
            if path.hasPrefix("/"), HostFile.isExecutable(path) { return path }
        }
        return nil
    }

    /// This program's own path.
    static func ownProgram() -> String { HostFile.realPath("/proc/self/exe") ?? "/usr/bin/sereno" }

    /// The major version of this machine's systemd, from `sereno-systemd version`; nil when there is none.
    static func systemdVersion() -> Int? {
        guard let program = Programs.find("sereno-systemd"), let answer = Programs.output(program, ["version"]) else {
            return nil
        }
        return Int(answer.prefix { $0.isNumber })
    }
}
