import TestSupport
import Testing

/// The C library is imported by the floor that puts Linux into Swift. Who stands above asks that floor, which has typed errors
/// and owned descriptors, instead of `errno` and numbers.
@Suite struct CLibraryTests {
    private static func isAllowed(_ file: Tree.File) -> Bool {
        file.path.hasPrefix(Floor.cLibraryFolder + "/") || Floor.cLibraryFiles[file.path] != nil
    }

    private static func sources() throws -> [Tree.File] { try Tree.files(below: "Sources", endings: [".swift"]) }

    private static func importsIt(_ file: Tree.File) -> Bool { !Floor.cLibraries.isDisjoint(with: file.imports) }

    @Test func onlyTheFloorOfLinuxImportsIt() throws {
        let files = try Self.sources()
        #expect(files.count > 500)
        for file in files where !Self.isAllowed(file) {
            #expect(
                !Self.importsIt(file), "\(file.path) imports the C library: ask Linux, or add to it what is missing")
        }
        #expect(files.contains { $0.path.hasPrefix(Floor.cLibraryFolder + "/") && Self.importsIt($0) })
    }

    @Test func everyExceptionIsStillNeeded() throws {
        let importing = Set(try Self.sources().filter(Self.importsIt).map(\.path))
        for (path, reason) in Floor.cLibraryFiles {
            #expect(importing.contains(path), "\(path) does not import the C library any more")
            #expect(!reason.isEmpty, "\(path) has no reason")
        }
    }

    /// The modules of the C boundary hand on what their headers include: that is no way around.
    @Test func nobodyAboveNamesItsNumbers() throws {
        let number = try Regex(Self.numbers)
        for file in try Self.sources() where !Self.isAllowed(file) {
            for line in file.code {
                #expect(line.text.firstMatch(of: number) == nil, "\(file.path):\(line.number): \(line.text)")
            }
        }
    }

    private static let numbers =
        #"\bO_(?:RDONLY|WRONLY|RDWR|CREAT|EXCL|TRUNC|APPEND|CLOEXEC|NOFOLLOW|NONBLOCK|DIRECTORY|PATH)\b"#
        + #"|\bS_I[A-Z]{3,4}\b|\bAT_[A-Z_]+\b|\bPOLL(?:IN|OUT|HUP|ERR)\b|\b(?:AF|SOCK|MSG|SHUT|RLIMIT|SIG)_[A-Z]+\b"#
        + #"|(?:^|[^\w.])errno(?: [!=]=|[),])"#
        + #"|\bE(?:2BIG|ACCES|AGAIN|EXIST|INTR|INVAL|IO|ISDIR|LOOP|NOENT|NOMEM|NOTDIR|PERM|PIPE)\b"#

    @Test func theCheckKnowsAnImportAndANumber() throws {
        for text in [
            "import Glibc", "internal import Glibc", "@preconcurrency public import Musl", "import func Darwin.open",
        ] {
            #expect(Self.importsIt(Tree.File(path: "Sources/x/y.swift", text: text)), "\(text)")
        }
        for text in ["import Linux", "// import Glibc", "import CLinux"] {
            #expect(!Self.importsIt(Tree.File(path: "Sources/x/y.swift", text: text)), "\(text)")
        }
        let number = try Regex(Self.numbers)
        for line in [
            "guard errno == EINTR else {", "open(path, O_RDONLY)", "if errno != 0 {", "status.st_mode & S_IFMT",
            "-ENOENT",
        ] {
            #expect(line.firstMatch(of: number) != nil, "\(line)")
        }
        for line in [
            ".system(operation: a, path: b, errno: error.code)", "errno = code", "case errno(Int32)",
            "Errno.noSuchFile",
        ] {
            #expect(line.firstMatch(of: number) == nil, "\(line)")
        }
    }
}
