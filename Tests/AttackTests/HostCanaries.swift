import Glibc
import TestSupport

/// Files of the host that no container may read or change.
final class HostCanaries {
    /// What the secrets say: whoever says it has read one.
    let token: String
    /// The directory with a tree of places like those of a root file system, a secret in each.
    var path: String { directory.path }
    private let directory: TemporaryDirectory
    private let names: [String]
    private var before: [String] = []

    /// Makes them. A place that ends in a slash is a directory with a secret in it.
    init(places: [String]) throws {
        directory = try TemporaryDirectory("sereno-canary")
        chmod(directory.path, 0o755)
        var generator = SystemRandomNumberGenerator()
        token = "canary-\(generator.next() as UInt64)"
        var names = ["secret"]
        for place in places where !place.isEmpty {
            let parts = place.split(separator: "/")
            let folder = place.hasSuffix("/") ? place : parts.dropLast().joined(separator: "/")
            try TestFiles.makeDirectories(directory.child(folder))
            names.append(place.hasSuffix("/") ? place + "secret" : place)
        }
        for name in names { try TestFiles.write(token + "\n", to: directory.child(name)) }
        self.names = names
        before = try state()
    }

    /// What became of them; empty when nothing did.
    func touched() throws -> [String] {
        let now = try state()
        defer { before = now }
        return now == before ? [] : now.filter { !before.contains($0) } + before.filter { !now.contains($0) }
    }

    /// Everything that tells of an access, the time of the last reading too: a new file's is set by the first (relatime).
    private func state() throws -> [String] {
        var lines = try names.map { try Self.line(directory.child($0)) }
        lines.append(try Command.run(["find", directory.path]).output)
        for path in ["/etc/passwd", "/etc/shadow", "/etc/hosts", "/etc/resolv.conf", "/etc/hostname"]
        where TestFiles.exists(path) {
            lines.append(try Self.line(path, withAccess: false))
        }
        for path in ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/tty", "/dev/console", "/dev/shm", "/"]
        {
            lines.append("\(path) \(try TestFiles.mode(of: path))")
        }
        for path in ["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe"] where TestFiles.exists(path) {
            lines.append("\(path) \(try TestFiles.read(path))")
        }
        return lines
    }

    private static func line(_ path: String, withAccess: Bool = true) throws -> String {
        var info = stat()
        guard lstat(path, &info) == 0 else { return path + " is gone" }
        let access = withAccess ? " read \(info.st_atim.tv_sec).\(info.st_atim.tv_nsec)" : ""
        return "\(path) mode \(info.st_mode) owner \(info.st_uid):\(info.st_gid) size \(info.st_size) "
            + "changed \(info.st_ctim.tv_sec).\(info.st_ctim.tv_nsec)" + access
    }
}
