import Glibc
import TestSupport

/// Files for targets that read files, in memory where the host has a place for it.
final class FuzzDirectory: Sendable {
    static let shared = FuzzDirectory()

    let path: String

    private init() {
        path = TestRun.inMemory("sereno-fuzz-\(getpid())")
        try? TestFiles.makeDirectories(path)
        atexit { TestFiles.removeTree(FuzzDirectory.shared.path) }
    }

    /// Writes a file and gives its path.
    func write(_ bytes: [UInt8], _ name: String) throws -> String {
        let file = path + "/" + name
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw TestFailure("open", file) }
        defer { close(descriptor) }
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw TestFailure("write", file) }
        return file
    }

    /// An empty directory of its own.
    func directory(_ name: String) throws -> String {
        let made = path + "/" + name
        TestFiles.removeTree(made)
        try TestFiles.makeDirectories(made)
        return made
    }
}
