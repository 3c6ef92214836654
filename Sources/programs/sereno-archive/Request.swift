internal import Archive
internal import Confinement
internal import FoundationEssentials
internal import Linux
internal import Model

/// One run of the program.
enum Request {
    static func run(_ arguments: [String]) -> Int32 {
        var output = BorrowedDescriptor.standardOutput
        var answer = ArchiveAnswer()
        do throws(ArchiveError) {
            let options = try Options(arguments)
            if let number = try options.number("--result-fd") {
                output = BorrowedDescriptor(rawValue: Int32(clamping: number))
            }
            try perform(options, &answer)
        } catch {
            answer = ArchiveAnswer(error: .init(error, verb: arguments.first ?? ""))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(answer) else { return 70 }
        do throws(LinuxError) { try output.writeAll(Array(data) + [0x0A]) } catch { return 74 }
        return answer.error == nil ? 0 : 1
    }

    /// Whether a verb writes a tar, and reads none.
    static func writesArchives(_ verb: String) -> Bool {
        ["pack", "pack-root", "pack-layer", "pack-list"].contains(verb)
    }

    /// Each verb opens what it needs of the host, leaves the host, gives up its rights, and only then reads what others wrote.
    private static func perform(_ options: Options, _ answer: inout ArchiveAnswer) throws(ArchiveError) {
        let input = BorrowedDescriptor.standardInput
        let output = BorrowedDescriptor.standardOutput
        switch options.verb {
        case "unpack-layer": try unpackLayer(options, input, &answer)
        case "unpack": try unpack(options, input, &answer)
        case "pack":
            let path = try options.path()
            var packer = try Packer(root: try read(options), style: .merged, to: output)
            try packer.pack(path: path.bytes)
        case "pack-root":
            var packer = try Packer(root: try read(options), style: .merged, to: output)
            try packer.packAll()
        case "pack-layer":
            try Place(options).enter(readOnly: true)
            let marks = try startMarks()
            try confine(.archiveReader)
            var packer = try Packer(root: try RootDirectory(path: "/"), style: .layer, to: output, marks: marks)
            try packer.packAll()
        case "pack-list": try packList(options, output)
        case "stat":
            let path = try options.path()
            let status = try read(options).status(of: path)
            let nanoseconds = status.modifiedSeconds.multipliedReportingOverflow(by: 1_000_000_000)
            let modified = nanoseconds.partialValue.addingReportingOverflow(status.modifiedNanoseconds)
            answer.stat = .init(
                PathStat(
                    name: status.name, size: status.size, mode: status.mode,
                    modified: WallTime(
                        nanoseconds: nanoseconds.overflow || modified.overflow ? 0 : modified.partialValue),
                    linkTarget: status.linkTarget))
        case "changes":
            let upper = try Place.detached(try options.required("--upper"))
            var lowers: [SharedDescriptor] = []
            for path in options.all("--lower") {
                lowers.append(SharedDescriptor(takingOwnershipOf: try Place.detached(path).release()))
            }
            try Place.directory(try options.required("--upper")).enter(readOnly: true)
            let marks = try startMarks()
            try confine(.archiveReader)
            var finder = OverlayChanges(upper: upper, lowers: lowers, marks: marks)
            answer.changes = try finder.find()
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
        _ options: Options, _ input: BorrowedDescriptor, _ answer: inout ArchiveAnswer
    ) throws(ArchiveError) {
        var keep: SharedDescriptor?
        if let path = options.optional("--blob") {
            keep = try ArchiveError.attempt("create", path) { () throws(LinuxError) in
                let options: OpenOptions = [.writeOnly, .create, .exclusive, .noFollow]
                return SharedDescriptor(sharing: try OwnedDescriptor(opening: path, options, mode: 0o600))
            }
        }
        defer { withExtendedLifetime(keep) {} }
        let limits = try limits(options)
        try Place.directory(try options.required("--into")).enter(readOnly: false)
        let marks = try startMarks()
        try confine(.archiveWriter(fileBytes: UInt64(clamping: limits.totalBytes)))
        var unpacker = Unpacker(root: try RootDirectory(path: "/"), style: .layer, limits: limits, marks: marks)
        let result = try unpacker.run(from: input, keep: keep?.borrowed)
        // One call for the whole layer: it is complete on disk before it gets its name.
        try synchronize("/")
        try ArchiveError.attempt("fsync", "layer") { () throws(LinuxError) in try keep?.borrowed.synchronize() }
        answer.fill(result)
    }

    private static func unpack(
        _ options: Options, _ input: BorrowedDescriptor, _ answer: inout ArchiveAnswer
    ) throws(ArchiveError) {
        let path = try options.path()
        var owner: [UInt32?] = [nil, nil]
        if let text = options.optional("--owner") {
            owner = text.split(byte: ":").map { UInt32($0) }
            guard owner.count == 2, owner[0] != nil, owner[1] != nil else { throw .usage("--owner needs USER:GROUP") }
        }
        let style: UnpackStyle =
            options.has("--plain")
            ? .plain
            : .container(
                noOverwriteDirNonDir: options.has("--no-overwrite-dir-non-dir"), user: owner[0], group: owner[1])
        let limits = try limits(options)
        try Place(options).enter(readOnly: false)
        try confine(.archiveWriter(fileBytes: UInt64(clamping: limits.totalBytes)))
        let root = try RootDirectory(path: "/").subdirectory(path)
        var unpacker = Unpacker(root: root, style: style, limits: limits)
        answer.fill(try unpacker.run(from: input))
    }

    /// The list, and the compressed files in it, are below the root that is entered.
    private static func packList(_ options: Options, _ output: BorrowedDescriptor) throws(ArchiveError) {
        let root = try options.required("--root")
        let path = try options.required("--list")
        guard let data = try? Data(contentsOf: URL(filePath: path)),
            var files = try? JSONDecoder().decode([ListedFile].self, from: data)
        else { throw .damaged(path: path, reason: "not a list of files") }
        for index in files.indices {
            guard let outer = files[index].compressed else { continue }
            guard outer.utf8.starts(with: (root + "/").utf8) else { throw .escape(path: outer) }
            files[index].compressed = String(decoding: outer.utf8.dropFirst(root.utf8.count), as: UTF8.self)
        }
        _ = try read(options)
        try ListPacker.write(files, to: output)
    }

    /// Leaves the host for a root that is only read.
    private static func read(_ options: Options) throws(ArchiveError) -> RootDirectory {
        try Place(options).enter(readOnly: true)
        try confine(.archiveReader)
        return try RootDirectory(path: "/")
    }

    private static func startMarks() throws(ArchiveError) -> OpaqueMarkProcess {
        do throws(LinuxError) { return try OpaqueMarkProcess() } catch { throw ArchiveError(error) }
    }

    private static func confine(_ rights: Confinement) throws(ArchiveError) {
        do throws(LinuxError) { try rights.enter() } catch { throw ArchiveError(error) }
    }

    private static func synchronize(_ path: String) throws(ArchiveError) {
        try ArchiveError.attempt("syncfs", path) { () throws(LinuxError) in
            let root = try OwnedDescriptor(opening: path, .directory)
            try root.borrowed.synchronizeFileSystem()
        }
    }
}

extension ArchiveAnswer {
    mutating func fill(_ result: UnpackResult) {
        diffID = "sha256:" + result.digest
        size = result.fileBytes
        tarSize = result.tarBytes
        entries = result.entries
    }
}

extension ArchiveAnswer.Failure {
    init(_ error: ArchiveError, verb: String) {
        self.init(operation: verb)
        switch error {
        case .damaged(let path, let reason):
            self.path = path
            self.reason = reason
        case .truncated(let path):
            self.path = path
            reason = "unexpected EOF"
            kind = .truncated
        case .escape(let path):
            self.path = path
            reason = "the entry leads out of the root"
        case .bound(let name, let limit, let path):
            self.path = path
            reason = "more than \(limit) \(name)"
            kind = .bound
        case .notFound(let path):
            self.path = path
            reason = "no such file or directory"
            kind = .notFound
        case .notADirectory(let path):
            self.path = path
            reason = "not a directory"
            kind = .notADirectory
        case .conflict(let path, let message):
            self.path = path
            reason = message
            kind = .conflict
        case .system(let operation, let path, let code):
            self.operation = operation
            self.path = path
            reason = LinuxError.text(code)
            kind = .system
            errno = code
        case .usage(let message):
            reason = message
            kind = .usage
        }
    }
}
