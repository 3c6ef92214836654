import FoundationEssentials
import Glibc
import Linux
import TestSupport

@testable import Archive

/// One run of sereno-archive on bytes.
struct ArchiveRun {
    struct Answer: Decodable {
        struct Failure: Decodable {
            var operation: String
            var path: String
            var reason: String
            var kind: String
        }
        struct Stat: Decodable, Equatable {
            var name: String
            var size: Int64
            var mode: UInt32
            var linkTarget: String
        }
        struct Change: Decodable, Equatable {
            var path: String
            var kind: Int
        }
        var error: Failure?
        var diffID: String?
        var size: Int64?
        var entries: Int64?
        var stat: Stat?
        var changes: [Change]?
    }

    let answer: Answer
    let exitCode: Int32?
    let output: [UInt8]

    init(_ arguments: [String], input: [UInt8] = []) throws {
        let directory = try TemporaryDirectory("sereno-archive")
        let inputFile = try Self.file(directory.child("in"), input)
        let outputFile = try Self.file(directory.child("out"), [])
        defer {
            close(inputFile)
            close(outputFile)
        }
        let ended = try ChildProcess.run(
            path: try BuiltProgram.path("sereno-archive"), arguments: arguments + ["--result-fd", "3"],
            input: BorrowedDescriptor(rawValue: inputFile), output: BorrowedDescriptor(rawValue: outputFile))
        exitCode = ended.exitCode
        output = try TestFiles.readBytes(directory.child("out"))
        answer = try JSONDecoder().decode(Answer.self, from: Data(ended.result))
    }

    static func file(_ path: String, _ bytes: [UInt8]) throws -> Int32 {
        let number = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw TestFailure("open", path) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(number, $0.baseAddress, $0.count) }
            guard count > 0 else { throw TestFailure("write", path) }
            rest = rest.dropFirst(count)
        }
        lseek(number, 0, SEEK_SET)
        return number
    }
}

/// A directory with a root to unpack into and things beside it that must never change.
final class Arena {
    let directory: TemporaryDirectory
    var root: String { directory.child("root") }
    private let before: String

    init() throws {
        directory = try TemporaryDirectory("sereno-arena")
        try TestFiles.makeDirectories(directory.child("root"))
        try TestFiles.makeDirectories(directory.child("outside"))
        try TestFiles.write("secret", to: directory.child("outside/secret"))
        try TestFiles.write("secret", to: directory.child("secret"))
        before = try Self.picture(directory.path)
    }

    /// Whether everything beside the root is as it was.
    func outsideIsUntouched() throws -> Bool { try Self.picture(directory.path) == before }

    private static func picture(_ path: String) throws -> String {
        let find =
            "cd '\(path)' && find . -path ./root -prune -o -printf '%p %y %m %U %G %n %s %T@ %l\\n' | grep -v '^. d' | sort"
        return try Command.run(["sh", "-c", find]).output
    }

    /// Unpacks in this process, so that openat2 alone, without chroot, keeps the archive inside.
    func unpackHere(_ bytes: [UInt8], style: UnpackStyle) throws -> UnpackResult {
        let file = try ArchiveRun.file(directory.child("root") + ".tar", bytes)
        defer {
            close(file)
            unlink(directory.child("root") + ".tar")
        }
        var unpacker = Unpacker(root: try RootDirectory(path: root), style: style)
        return try unpacker.run(from: BorrowedDescriptor(rawValue: file))
    }

    func status(_ name: String) -> stat? {
        var status = stat()
        return lstat(root + "/" + name, &status) == 0 ? status : nil
    }
}

extension stat {
    var type: mode_t { st_mode & S_IFMT }
    var isZeroDevice: Bool { type == S_IFCHR && st_rdev == 0 }
}
