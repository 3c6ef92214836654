public import Model
public import UnitFiles

/// Which files of a directory the generator has written, with the hash of what it wrote: nothing else in there is ever replaced or
/// removed.
///
/// One line a file: `file SYSTEM SHA256 NAME`. While a set is being replaced a file has two lines, one for what it was and one for
/// what it becomes; so a machine that stops in the middle leaves files that are still known.
public struct Manifest: Hashable, Sendable {
    /// One file.
    public struct Entry: Hashable, Sendable {
        /// The init system that reads it.
        public var system: InitSystem
        /// SHA-256 of its contents, in hexadecimal.
        public var hash: String
        /// Its name in the directory.
        public var name: String

        /// An entry.
        public init(system: InitSystem, hash: String, name: String) {
            self.system = system
            self.hash = hash
            self.name = name
        }
    }

    /// The name of the manifest in its directory. Its dot and its ending keep every init system from reading it.
    public static let fileName = ".sereno-generated.manifest"

    private static let firstLine = "sereno generate manifest 1"

    /// The files, ordered by name.
    public private(set) var entries: [Entry]

    /// A manifest of some files.
    public init(_ entries: [Entry] = []) {
        self.entries = Set(entries).sorted { ($0.name, $0.hash) < ($1.name, $1.hash) }
    }

    /// Reads a manifest.
    public init(parsing bytes: ByteString) throws(ManifestError) {
        let lines = String(decoding: bytes.bytes, as: UTF8.self).split(separator: "\n")
        guard let first = lines.first, first == Self.firstLine else { throw .unreadable(line: 1) }
        var entries: [Entry] = []
        for (index, line) in lines.enumerated().dropFirst() {
            let words = line.split(separator: " ", maxSplits: 3)
            guard words.count == 4, words[0] == "file", let system = InitSystem(rawValue: String(words[1])),
                words[2].utf8.count == 64, !words[3].contains("/"), words[3] != ".", words[3] != ".."
            else { throw .unreadable(line: index + 1) }
            entries.append(Entry(system: system, hash: String(words[2]), name: String(words[3])))
        }
        self.init(entries)
    }

    /// The file.
    public var encoded: ByteString {
        var text = Self.firstLine + "\n"
        for entry in entries { text += "file \(entry.system.rawValue) \(entry.hash) \(entry.name)\n" }
        return ByteString(text)
    }

    /// The names of all files, each once, ordered.
    public var names: [String] { Set(entries.map(\.name)).sorted() }

    /// What it says of a file.
    func entries(of name: String) -> [Entry] { entries.filter { $0.name == name } }
}

/// A directory as it was found: the manifest in it, and those files that the manifest or a new set names.
public struct FoundDirectory: Hashable, Sendable {
    /// The manifest; an empty one when there is none.
    public var manifest: Manifest
    /// Contents by name; what is missing is not there.
    public var contents: [String: ByteString]

    /// A directory.
    public init(manifest: Manifest = Manifest(), contents: [String: ByteString] = [:]) {
        self.manifest = manifest
        self.contents = contents
    }
}

/// Why files of a directory are not replaced.
public enum ManifestError: Error, Hashable, Sendable {
    /// The manifest itself cannot be read.
    case unreadable(line: Int)
    /// A file of this name is there, and the generator has not written it.
    case foreign(String)
    /// The generator has written it, and somebody has edited it since.
    case edited(String)
    /// The file is one for another init system.
    case otherSystem(String, InitSystem)
}

extension ManifestError: CustomStringConvertible {
    /// What happened, to what, and what to do.
    public var description: String {
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
