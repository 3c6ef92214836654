public import Model
public import UnitFiles

/// The steps that make a directory hold a set, in order. Each manifest is made durable before the next step.
public struct ManifestPlan: Hashable, Sendable {
    /// A file to write whole.
    public struct Write: Hashable, Sendable {
        /// The file's name.
        public var name: String
        /// The file's contents.
        public var contents: ByteString
    }

    /// The manifest during the change; it names the old files and the new ones.
    public var during: Manifest
    /// Files to write, ordered by name.
    public var writes: [Write]
    /// Files to remove, ordered by name.
    public var removes: [String]
    /// The manifest after the change; it names the new files only.
    public var after: Manifest

    /// Whether the directory needs no change.
    public var isEmpty: Bool { writes.isEmpty && removes.isEmpty && during == after }
}

extension Manifest {
    /// The plan that makes a directory hold a set. With `whole`, other files of the same init system are removed. With
    /// `force`, edited files are replaced too; files of others never are.
    public static func plan(
        _ found: FoundDirectory, replacing set: GeneratedSet, whole: Bool, force: Bool = false
    ) throws(ManifestError) -> ManifestPlan {
        var writes: [ManifestPlan.Write] = []
        var next: [Entry] = []
        for file in set.files {
            next.append(Entry(system: file.system, hash: hash(file.contents), name: file.name))
            if let present = found.contents[file.name] {
                try check(file.name, present, of: file.system, found.manifest, force: force || present == file.contents)
                if present == file.contents { continue }
            }
            writes.append(ManifestPlan.Write(name: file.name, contents: file.contents))
        }
        let names = Set(set.files.map(\.name))
        let systems = Set(set.files.map(\.system))
        var removes: [String] = []
        for name in found.manifest.names where !names.contains(name) {
            let entries = found.manifest.entries(of: name)
            guard whole, let system = entries.first?.system, systems.contains(system) else {
                next += entries
                continue
            }
            guard let present = found.contents[name] else { continue }
            try check(name, present, of: system, found.manifest, force: force)
            removes.append(name)
        }
        return ManifestPlan(
            during: Manifest(found.manifest.entries + next), writes: writes.sorted { $0.name < $1.name },
            removes: removes, after: Manifest(next))
    }

    /// The plan that removes all files of an init system. With `force`, edited files are removed too.
    public static func removal(
        _ found: FoundDirectory, of system: InitSystem, force: Bool = false
    ) throws(ManifestError) -> ManifestPlan {
        var removes: [String] = []
        var rest: [Entry] = []
        for name in found.manifest.names {
            let entries = found.manifest.entries(of: name)
            guard entries.first?.system == system else {
                rest += entries
                continue
            }
            guard let present = found.contents[name] else { continue }
            try check(name, present, of: system, found.manifest, force: force)
            removes.append(name)
        }
        return ManifestPlan(during: found.manifest, writes: [], removes: removes, after: Manifest(rest))
    }

    private static func check(
        _ name: String, _ present: ByteString, of system: InitSystem, _ manifest: Manifest, force: Bool
    ) throws(ManifestError) {
        let entries = manifest.entries(of: name)
        guard let first = entries.first else { throw .foreign(name) }
        guard first.system == system else { throw .otherSystem(name, first.system) }
        guard force || entries.contains(where: { $0.hash == hash(present) }) else { throw .edited(name) }
    }

    /// The hash of a file's contents in an entry.
    public static func hash(_ contents: ByteString) -> String { SHA256.hexadecimal(of: contents.bytes) }

    /// The differences between a directory and the set that would be generated now: unified diffs, each with a line of
    /// explanation. Empty when there is none. With `whole`, files that would no longer be generated count too.
    public static func compare(_ found: FoundDirectory, with set: GeneratedSet, whole: Bool) -> ByteString {
        var text: [UInt8] = []
        for file in set.files {
            let present = found.contents[file.name]
            guard present != file.contents else { continue }
            text += Array("\(file.name): \(explanation(present, file, found.manifest))\n".utf8)
            text += UnifiedDiff.between(present, file.contents, oldName: file.name, newName: file.name).bytes
        }
        guard whole else { return ByteString(text) }
        let names = Set(set.files.map(\.name))
        let systems = Set(set.files.map(\.system))
        for name in found.manifest.names where !names.contains(name) {
            guard let present = found.contents[name], let system = found.manifest.entries(of: name).first?.system,
                systems.contains(system)
            else { continue }
            text += Array("\(name): would not be generated any more\n".utf8)
            text += UnifiedDiff.between(present, nil, oldName: name, newName: name).bytes
        }
        return ByteString(text)
    }

    private static func explanation(_ present: ByteString?, _ file: GeneratedFile, _ manifest: Manifest) -> String {
        guard let present else { return "is missing" }
        let entries = manifest.entries(of: file.name)
        guard !entries.isEmpty else { return "was not written by sereno" }
        if !entries.contains(where: { $0.hash == hash(present) }) { return "was edited" }
        let lines = String(decoding: present.bytes, as: UTF8.self).split(byte: "\n", maxSplits: 8)
        return lines.contains { $0.hasSuffix(Header.mark + file.source) }
            ? "another version of the generator wrote it" : "what it was generated from has changed"
    }
}
