/// Names and contents as a disk shows them.
package struct DiskImage: Sendable {
    package var directories: Set<String> = [""]
    package var names: [String: Int] = [:]
    package var contents: [Int: [UInt8]] = [:]

    /// An empty disk.
    package init() {}

    /// Carries out a step.
    package mutating func apply(_ step: DiskStep) {
        switch step {
        case .makeDirectory(let path): directories.insert(path)
        case .makeFile(let path, let inode): names[path] = inode
        case .write(let inode, let offset, let bytes):
            var content = contents[inode] ?? []
            if content.count < offset { content += [UInt8](repeating: 0, count: offset - content.count) }
            content.replaceSubrange(offset..<min(content.count, offset + bytes.count), with: bytes)
            contents[inode] = content
        case .truncate(let inode, let length):
            contents[inode] = Array((contents[inode] ?? []).prefix(length))
        case .rename(let old, let new): move(old, new)
        case .remove(let path):
            names[path] = nil
            directories.remove(path)
        case .sync, .syncDirectory: break
        }
    }

    private mutating func move(_ old: String, _ new: String) {
        if let inode = names.removeValue(forKey: old) { names[new] = inode }
        guard directories.contains(old) else { return }
        for directory in directories where directory == old || directory.hasPrefix(old + "/") {
            directories.remove(directory)
            directories.insert(new + directory.dropFirst(old.count))
        }
        for (name, inode) in names where name.hasPrefix(old + "/") {
            names[name] = nil
            names[new + name.dropFirst(old.count)] = inode
        }
    }

    /// What stands directly below a directory, sorted.
    package func entries(of path: String) -> [String] {
        (Array(directories) + Array(names.keys)).filter {
            $0.hasPrefix(path + "/") && !$0.dropFirst(path.count + 1).contains("/")
        }.map { String($0.dropFirst(path.count + 1)) }.sorted()
    }

    /// Forgets the contents that no name has.
    package mutating func collect() {
        let used = Set(names.values)
        contents = contents.filter { used.contains($0.key) }
    }
}

/// One step that changes something on a disk. Files have numbers, so that a rename moves the file and not the name.
package enum DiskStep: Sendable {
    case makeDirectory(String)
    case makeFile(String, inode: Int)
    case write(inode: Int, offset: Int, [UInt8])
    case truncate(inode: Int, length: Int)
    case rename(String, String)
    case remove(String)
    case sync(inode: Int)
    case syncDirectory(String)

    /// Whether `later` makes this step one that no power cut takes back.
    package func isMadeDurable(by later: DiskStep) -> Bool {
        switch (self, later) {
        case (.write(let inode, _, _), .sync(let synced)), (.truncate(let inode, _), .sync(let synced)):
            inode == synced
        case (.makeDirectory(let path), .syncDirectory(let synced)),
            (.makeFile(let path, _), .syncDirectory(let synced)), (.remove(let path), .syncDirectory(let synced)),
            (.rename(_, let path), .syncDirectory(let synced)):
            DiskStep.parent(of: path) == synced
        case (.sync, _), (.syncDirectory, _): true
        case (_, _): false
        }
    }

    /// The directory that a path is in.
    package static func parent(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }
}
