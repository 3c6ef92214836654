internal import Archive
internal import FoundationEssentials
internal import Glibc
internal import Linux
internal import Model

/// The answer on the result descriptor.
struct Answer: Encodable {
    var error: Failure?
    /// `sha256:` and 64 digits.
    var diffID: String?
    var size: Int64?
    var tarSize: Int64?
    var entries: Int64?
    var stat: Stat?
    var changes: [OverlayChange]?

    struct Failure: Encodable {
        var operation: String
        var path: String
        var reason: String
        var kind: String
        var errno: Int32?
    }

    struct Stat: Encodable {
        var name: String
        var size: Int64
        var mode: UInt32
        var mtime: String
        var linkTarget: String
    }
}

/// One run of the program.
enum Request {
    static func run(_ arguments: [String]) -> Int32 {
        var output: Int32 = 1
        var answer = Answer()
        do throws(ArchiveError) {
            let options = try Options(arguments)
            if let number = try options.number("--result-fd") { output = Int32(clamping: number) }
            try perform(options, &answer)
        } catch {
            answer = Answer(error: Answer.Failure(error, verb: arguments.first ?? ""))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(answer) else { return 70 }
        let bytes = Array(data) + [0x0A]
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return 74 }
            done += count
        }
        return answer.error == nil ? 0 : 1
    }

    private static func perform(_ options: Options, _ answer: inout Answer) throws(ArchiveError) {
        let input = BorrowedDescriptor(rawValue: 0)
        let output = BorrowedDescriptor(rawValue: 1)
        switch options.verb {
        case "unpack-layer": try unpackLayer(options, input, &answer)
        case "unpack": try unpack(options, input, &answer)
        case "pack":
            let path = try options.required("--path")
            var packer = try Packer(root: try enter(options), style: .merged, to: output)
            try packer.pack(path: Array(path.utf8))
        case "pack-root", "pack-layer":
            let style: PackStyle = options.verb == "pack-layer" ? .layer : .merged
            var packer = try Packer(root: try enter(options), style: style, to: output)
            try packer.packAll()
        case "pack-list":
            let path = try options.required("--list")
            guard let data = try? Data(contentsOf: URL(filePath: path)),
                let files = try? JSONDecoder().decode([ListedFile].self, from: data)
            else { throw .damaged(path: path, reason: "not a list of files") }
            try ListPacker.write(files, to: output)
        case "stat":
            let path = try options.required("--path")
            let status = try enter(options).status(of: path)
            let nanoseconds = status.modifiedSeconds * 1_000_000_000 + status.modifiedNanoseconds
            answer.stat = Answer.Stat(
                name: status.name, size: status.size, mode: status.mode,
                mtime: WallTime(nanoseconds: nanoseconds).rfc3339Nano, linkTarget: status.linkTarget)
        case "changes":
            var finder = OverlayChanges()
            answer.changes = try finder.find(upper: try options.required("--upper"), lowers: options.all("--lower"))
        default: throw .usage("unknown verb \(options.verb)")
        }
    }

    private static func limits(_ options: Options) throws(ArchiveError) -> UnpackLimits {
        var limits = UnpackLimits()
        if let bytes = try options.number("--max-bytes") { limits.totalBytes = bytes }
        if let entries = try options.number("--max-entries") { limits.entries = entries }
        return limits
    }

    private static func unpackLayer(
        _ options: Options, _ input: BorrowedDescriptor, _ answer: inout Answer
    ) throws(ArchiveError) {
        var keep: BorrowedDescriptor?
        if let path = options.optional("--blob") {
            let number = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard number >= 0 else { throw .system(operation: "create", path: path, errno: errno) }
            keep = BorrowedDescriptor(rawValue: number)
        }
        let limits = try limits(options)
        let root = try enter(try options.required("--into"))
        var unpacker = Unpacker(root: root, style: .layer, limits: limits)
        let result = try unpacker.run(from: input, keep: keep)
        // One call for the whole layer: it is complete on disk before it gets its name.
        try synchronize("/")
        if let keep, fsync(keep.rawValue) != 0 { throw .system(operation: "fsync", path: "layer", errno: errno) }
        answer.fill(result)
    }

    private static func unpack(
        _ options: Options, _ input: BorrowedDescriptor, _ answer: inout Answer
    ) throws(ArchiveError) {
        let path = try options.required("--path")
        var owner: [UInt32?] = [nil, nil]
        if let text = options.optional("--owner") {
            owner = text.split(separator: ":").map { UInt32($0) }
            guard owner.count == 2, owner[0] != nil, owner[1] != nil else { throw .usage("--owner needs USER:GROUP") }
        }
        let style: UnpackStyle =
            options.has("--plain")
            ? .plain
            : .container(
                noOverwriteDirNonDir: options.has("--no-overwrite-dir-non-dir"), user: owner[0], group: owner[1])
        let limits = try limits(options)
        let root = try enter(options).subdirectory(path)
        var unpacker = Unpacker(root: root, style: style, limits: limits)
        answer.fill(try unpacker.run(from: input))
    }

    /// Enters the root, with what else the container has mounted in it.
    private static func enter(_ options: Options) throws(ArchiveError) -> RootDirectory {
        let root = try options.required("--root")
        let sources = options.all("--bind-source")
        let targets = options.all("--bind-target")
        let accesses = options.all("--bind-access")
        guard sources.count == targets.count, sources.count == accesses.count else {
            throw .usage("each --bind-source needs a --bind-target and a --bind-access")
        }
        do throws(LinuxError) {
            if !sources.isEmpty { try PrivateMounts.enter() }
            for (index, source) in sources.enumerated() {
                try PrivateMounts.bind(source, over: targets[index], in: root, readOnly: accesses[index] == "ro")
            }
        } catch {
            throw .system(operation: error.call, path: error.object, errno: error.code)
        }
        return try enter(root)
    }

    /// Makes a directory this process's root: whatever goes wrong later happens inside.
    private static func enter(_ path: String) throws(ArchiveError) -> RootDirectory {
        guard chroot(path) == 0, chdir("/") == 0 else {
            if errno == ENOENT { throw .notFound(path: path) }
            throw .system(operation: "chroot", path: path, errno: errno)
        }
        return try RootDirectory(path: "/")
    }

    private static func synchronize(_ path: String) throws(ArchiveError) {
        let number = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw .system(operation: "open", path: path, errno: errno) }
        defer { close(number) }
        guard FileSystem.synchronize(BorrowedDescriptor(rawValue: number)) else {
            throw .system(operation: "syncfs", path: path, errno: errno)
        }
    }
}

extension Answer {
    mutating func fill(_ result: UnpackResult) {
        diffID = "sha256:" + result.digest
        size = result.fileBytes
        tarSize = result.tarBytes
        entries = result.entries
    }
}

extension Answer.Failure {
    init(_ error: ArchiveError, verb: String) {
        self.init(operation: verb, path: "", reason: "", kind: "archive")
        switch error {
        case .damaged(let path, let reason):
            self.path = path
            self.reason = reason
        case .truncated(let path):
            self.path = path
            reason = "unexpected EOF"
            kind = "truncated"
        case .escape(let path):
            self.path = path
            reason = "the entry leads out of the root"
        case .bound(let name, let limit, let path):
            self.path = path
            reason = "more than \(limit) \(name)"
            kind = "bound"
        case .notFound(let path):
            self.path = path
            reason = "no such file or directory"
            kind = "not-found"
        case .notADirectory(let path):
            self.path = path
            reason = "not a directory"
            kind = "not-a-directory"
        case .conflict(let path, let message):
            self.path = path
            reason = message
            kind = "conflict"
        case .system(let operation, let path, let code):
            self.operation = operation
            self.path = path
            reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
            kind = "system"
            errno = code
        case .usage(let message):
            reason = message
            kind = "usage"
        }
    }
}
