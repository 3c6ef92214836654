public import Linux
public import Model

/// How an archive is unpacked into a container.
public struct CopyInOptions: Hashable, Sendable {
    /// Refuse to replace a directory by something else, and the reverse.
    public var noOverwriteDirNonDir = false
    /// Owner of everything unpacked; `nil` takes the archive's numbers.
    public var owner: Owner?

    /// User and group numbers.
    public struct Owner: Hashable, Sendable {
        /// User number.
        public var user: UInt32
        /// Group number.
        public var group: UInt32

        /// An owner by numbers.
        public init(user: UInt32, group: UInt32) {
            self.user = user
            self.group = group
        }
    }

    /// The archive's own owners, anything replaced by anything.
    public init() {}
}

/// The file system of a container, reached only through the archive program, which first leaves all of the host's mounts for it,
/// so that no link inside leads out.
public struct ContainerFilesystem: Sendable {
    private enum Source {
        /// The merged directory on the host, and what a running container would have bound in it, parents before children.
        case directory(String, [Bind])
        /// What a process of the container sees.
        case process(ProcessMounts)
    }

    private let source: Source
    /// The merged directory on the host; empty for what a process sees.
    public let root: String
    /// The program that enters it.
    public let tool: ArchiveTool

    /// A path of the host inside a container.
    public struct Bind: Hashable, Sendable {
        /// On the host.
        public var source: String
        /// In the container.
        public var target: String
        /// Whether nothing can be written there.
        public var readOnly: Bool

        /// A bind by its paths.
        public init(source: String, target: String, readOnly: Bool) {
            self.source = source
            self.target = target
            self.readOnly = readOnly
        }
    }

    /// A container's file system by the path of its merged directory.
    public init(root: String, binds: [Bind] = [], tool: ArchiveTool) {
        self.root = root
        source = .directory(root, binds)
        self.tool = tool
    }

    /// The file system of a running container, as its process sees it.
    public init(of process: ProcessMounts, tool: ArchiveTool) {
        root = ""
        source = .process(process)
        self.tool = tool
    }

    private var place: [String] {
        switch source {
        case .directory(let path, let binds):
            ["--root", path]
                + binds.flatMap {
                    [
                        "--bind-source", $0.source, "--bind-target", $0.target, "--bind-access",
                        $0.readOnly ? "ro" : "rw",
                    ]
                }
        // A child's further descriptors begin at 4.
        case .process: ["--mounts-fd", "4", "--root-fd", "5"]
        }
    }

    private var descriptors: [BorrowedDescriptor] {
        switch source {
        case .directory: []
        case .process(let seen): [seen.mounts, seen.root].map { BorrowedDescriptor(rawValue: $0.rawValue) }
        }
    }

    private static func words(_ path: PathBytes) -> [String] {
        path.isText ? ["--path", path.text] : ["--path-bytes", path.hexadecimal]
    }

    /// What is at a path. A last symbolic link is not followed unless the path ends in `/` or `/.`.
    ///
    /// Errors: `pathNotFound`.
    public func stat(_ path: PathBytes) throws(ImageError) -> PathStat {
        let report = try tool.run(["stat"] + place + Self.words(path), operation: "stat", descriptors: descriptors)
        guard let stat = report.stat else { throw .tool(operation: "stat", reason: "no answer") }
        return stat.description
    }

    /// Writes a tar of a path, its entries named by the path's last element as `docker cp` expects.
    public func copyOut(_ path: PathBytes, to output: BorrowedDescriptor) throws(ImageError) {
        _ = try tool.run(
            ["pack"] + place + Self.words(path), operation: "copy", output: output, descriptors: descriptors)
    }

    /// Unpacks a tar (plain or compressed) into an existing directory.
    ///
    /// Errors: `pathNotFound`, `notADirectory`, `archive` for a damaged one. What was unpacked before stays.
    public func copyIn(
        _ path: PathBytes, from input: BorrowedDescriptor, options: CopyInOptions = .init()
    ) throws(ImageError) {
        var arguments = ["unpack"] + place + Self.words(path)
        if options.noOverwriteDirNonDir { arguments.append("--no-overwrite-dir-non-dir") }
        if let owner = options.owner { arguments += ["--owner", "\(owner.user):\(owner.group)"] }
        _ = try tool.run(arguments, operation: "copy", input: input, descriptors: descriptors)
    }

    /// Writes a tar of the whole file system.
    public func export(to output: BorrowedDescriptor) throws(ImageError) {
        _ = try tool.run(["pack-root"] + place, operation: "export", output: output, descriptors: descriptors)
    }

    /// What an overlay's upper directory changes in its lower directories, top one first; sorted by path.
    public static func changes(
        upper: String, lowers: [String], tool: ArchiveTool
    ) throws(ImageError) -> [PathChange] {
        let arguments = ["changes", "--upper", upper] + lowers.flatMap { ["--lower", $0] }
        return try tool.run(arguments, operation: "diff").changes ?? []
    }
}
