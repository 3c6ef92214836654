import Linux
import Synchronization

@testable import Store

/// A disk in memory that knows what a power cut may leave: it keeps the list of all steps, and can be rebuilt as
/// it may look after a cut at any place in that list.
final class SimulatedDisk: StoreFileSystem {
    /// One step that changes something. Files have numbers, so that a rename moves the file and not the name.
    enum Step {
        case makeDirectory(String)
        case makeFile(String, inode: Int)
        case write(inode: Int, offset: Int, [UInt8])
        case truncate(inode: Int, length: Int)
        case rename(String, String)
        case remove(String)
        case sync(inode: Int)
        case syncDirectory(String)
    }

    /// Names and contents.
    struct Image {
        var directories: Set<String> = [""]
        var names: [String: Int] = [:]
        var contents: [Int: [UInt8]] = [:]

        mutating func apply(_ step: Step) {
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
    }

    private struct Contents {
        var image = Image()
        var steps: [Step] = []
        var lastInode = 0
        /// After how many more steps one or all fail, and with which error.
        var failure: (after: Int, code: Int32, once: Bool)?
    }

    private let contents: Mutex<Contents>

    init(_ image: Image = Image()) {
        let highest = image.names.values.max() ?? 0
        contents = Mutex(Contents(image: image, lastInode: highest))
    }

    var steps: [Step] { contents.withLock { $0.steps } }
    var image: Image { contents.withLock { $0.image } }

    /// Lets `count` more steps succeed, then the next one fail or all; `nil` lets all succeed again.
    func fail(after count: Int?, code: Int32 = 28, once: Bool = false) {
        contents.withLock { $0.failure = count.map { ($0, code, once) } }
    }

    /// Whether the failure asked for has not happened yet.
    var isFailurePending: Bool { contents.withLock { ($0.failure?.after ?? 0) > 0 } }

    private func change<Value>(
        _ operation: FileError.Operation, _ path: String, _ body: (inout Image, inout Int) -> (Step?, Value)
    ) throws(FileError) -> Value {
        let (value, code): (Value?, Int32) = contents.withLock { contents in
            if let failure = contents.failure {
                guard failure.after > 0 else {
                    if failure.once { contents.failure = nil }
                    return (nil, failure.code)
                }
                contents.failure?.after -= 1
            }
            let (step, value) = body(&contents.image, &contents.lastInode)
            guard let step else { return (nil, 2) }
            contents.steps.append(step)
            contents.image.apply(step)
            return (value, 0)
        }
        guard let value else { throw FileError(operation, path, code: code) }
        return value
    }

    func makeDirectory(_ path: String) throws(FileError) {
        try change(.makeDirectory, path) { _, _ in (.makeDirectory(path), ()) }
    }

    func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let inode = try fileNumber(path)
        try change(.truncate, path) { _, _ in (.truncate(inode: inode, length: 0), ()) }
        do throws(FileError) {
            try change(.write, path) { _, _ in (.write(inode: inode, offset: 0, bytes), ()) }
        } catch {
            try? remove(path)
            throw error
        }
    }

    private func fileNumber(_ path: String) throws(FileError) -> Int {
        if let inode = image.names[path] { return inode }
        return try change(.open, path) { _, last in
            last += 1
            return (.makeFile(path, inode: last), last)
        }
    }

    func append(_ bytes: [UInt8], to path: String) throws(FileError) -> Int64 {
        let inode = try fileNumber(path)
        return try change(.write, path) { image, _ in
            let length = image.contents[inode]?.count ?? 0
            return (.write(inode: inode, offset: length, bytes), Int64(length))
        }
    }

    func truncate(_ path: String, to length: Int64) throws(FileError) {
        try change(.truncate, path) { image, _ in
            (image.names[path].map { .truncate(inode: $0, length: Int(length)) }, ())
        }
    }

    func sync(_ path: String) throws(FileError) {
        try change(.sync, path) { image, _ in (image.names[path].map { .sync(inode: $0) }, ()) }
    }

    func syncDirectory(_ path: String) throws(FileError) {
        try change(.sync, path) { image, _ in
            (image.directories.contains(path) ? .syncDirectory(path) : nil, ())
        }
    }

    func syncAll(files: [String], directories: [String]) -> [FileError?] {
        func error(_ body: () throws(FileError) -> Void) -> FileError? {
            do throws(FileError) {
                try body()
                return nil
            } catch {
                return error
            }
        }
        return files.map { path in error { () throws(FileError) in try sync(path) } }
            + directories.map { path in error { () throws(FileError) in try syncDirectory(path) } }
    }

    func rename(_ old: String, to new: String) throws(FileError) {
        try change(.rename, old) { image, _ in
            (image.names[old] != nil || image.directories.contains(old) ? .rename(old, new) : nil, ())
        }
    }

    func remove(_ path: String) throws(FileError) {
        if image.names[path] == nil { return }
        try change(.remove, path) { _, _ in (.remove(path), ()) }
    }

    func removeTree(_ path: String) throws(FileError) {
        let image = image
        for name in image.names.keys.sorted() where name.hasPrefix(path + "/") { try remove(name) }
        for directory in image.directories.sorted().reversed()
        where directory == path || directory.hasPrefix(path + "/") {
            try change(.remove, directory) { _, _ in (.remove(directory), ()) }
        }
    }

    func names(in path: String) throws(FileError) -> [String] {
        let image = image
        guard image.directories.contains(path) else { throw FileError(.list, path, code: 2) }
        let all = Array(image.directories) + Array(image.names.keys)
        return all.filter { $0.hasPrefix(path + "/") && !$0.dropFirst(path.count + 1).contains("/") }
            .map { String($0.dropFirst(path.count + 1)) }.sorted()
    }

    func read(_ path: String) throws(FileError) -> [UInt8] {
        let image = image
        guard let inode = image.names[path] else { throw FileError(.open, path, code: 2) }
        return image.contents[inode] ?? []
    }
}
