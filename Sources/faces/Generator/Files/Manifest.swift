public import Model
public import UnitFiles

/// A list of the files that the generator has written in a directory, with the hash of each. Other files in the
/// directory are never replaced or removed.
///
/// Each file has one line: `file SYSTEM SHA256 NAME`. While a set is being replaced a file has two lines: one for its
/// old contents and one for its new ones. So a machine that stops in the middle leaves only files that are still known.
public struct Manifest: Hashable, Sendable {
    /// One line of a manifest.
    public struct Entry: Hashable, Sendable {
        /// The init system that reads the file.
        public var system: InitSystem
        /// SHA-256 of the file's contents, in hexadecimal.
        public var hash: String
        /// The file's name in the directory.
        public var name: String

        /// An entry for a file.
        public init(system: InitSystem, hash: String, name: String) {
            self.system = system
            self.hash = hash
            self.name = name
        }
    }

    /// The name of the manifest in its directory. Its dot and its ending keep every init system from reading it.
    public static let fileName = ".sereno-generated.manifest"

    private static let firstLine = "sereno generate manifest 1"

    /// The entries, ordered by name.
    public private(set) var entries: [Entry]

    /// A manifest of some entries; of equal entries one is kept.
    public init(_ entries: [Entry] = []) {
        self.entries = Set(entries).sorted { ($0.name, $0.hash) < ($1.name, $1.hash) }
    }

    /// Parses a manifest.
    public init(parsing bytes: ByteString) throws(ManifestError) {
        let lines = String(decoding: bytes.bytes, as: UTF8.self).split(byte: "\n")
        guard let first = lines.first, first == Self.firstLine else { throw .unreadable(line: 1) }
        var entries: [Entry] = []
        for (index, line) in lines.enumerated().dropFirst() {
            let words = line.split(byte: " ", maxSplits: 3)
            guard words.count == 4, words[0] == "file", let system = InitSystem(rawValue: String(words[1])),
                words[2].utf8.count == 64, !words[3].contains("/"), words[3] != ".", words[3] != ".."
            else { throw .unreadable(line: index + 1) }
            entries.append(Entry(system: system, hash: String(words[2]), name: String(words[3])))
        }
        self.init(entries)
    }

    /// The manifest as it is written.
    public var encoded: ByteString {
        var text = Self.firstLine + "\n"
        for entry in entries { text += "file \(entry.system.rawValue) \(entry.hash) \(entry.name)\n" }
        return ByteString(text)
    }

    /// The names of all files, in order and each once.
    public var names: [String] { Set(entries.map(\.name)).sorted() }

    /// The entries of a file.
    func entries(of name: String) -> [Entry] { entries.filter { $0.name == name } }
}

/// The state of a directory: its manifest, and those files that the manifest or a new set names.
public struct FoundDirectory: Hashable, Sendable {
    /// The manifest; an empty one when there is none.
    public var manifest: Manifest
    /// Contents of files by name; files that do not exist are missing.
    public var contents: [String: ByteString]

    /// A directory's state.
    public init(manifest: Manifest = Manifest(), contents: [String: ByteString] = [:]) {
        self.manifest = manifest
        self.contents = contents
    }
}

/// The reason why files of a directory are not replaced.
public enum ManifestError: ReadableError, Hashable, Sendable {
    /// The manifest itself cannot be read.
    case unreadable(line: Int)
    /// A file of this name exists and is not the generator's.
    case foreign(String)
    /// A file of the generator was edited since.
    case edited(String)
    /// A file of the generator is for another init system.
    case otherSystem(String, InitSystem)
}

extension ManifestError {
    /// A sentence: what happened, to what, and what to do.
    public var message: String {
        switch self {
        case .unreadable(let line):
            "\(Manifest.fileName) is damaged at line \(line), so nobody knows which files are sereno's; "
                + "remove it and the files that it should name"
        case .foreign(let name): "\(name) is there and was not written by sereno; move it away first"
        case .edited(let name):
            "\(name) was edited since sereno wrote it; move the changes elsewhere (a drop-in), or say --force"
        case .otherSystem(let name, let system):
            "\(name) is a file for \(system.rawValue) already; use another directory or another --prefix"
        }
    }
}
