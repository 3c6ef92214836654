package import Linux
internal import Store
internal import Synchronization

/// A disk in memory that knows what a power cut may leave: it keeps the list of steps, and can be rebuilt as it may
/// look after a cut at any place in that list. One that is not to remember all settles the steps that are durable.
package final class SimulatedDisk: StoreFileSystem {
    private struct Contents {
        var image = DiskImage()
        /// The disk before `steps`.
        var base = DiskImage()
        var steps: [DiskStep] = []
        /// Whether each of the steps is durable.
        var settled: [Bool] = []
        var lastInode = 0
        /// After how many more steps one or all fail, and with which error.
        var failure: (after: Int, code: Int32, once: Bool)?

        /// Nobody will ever sync a directory or a file that was removed.
        private mutating func settleWhatIsGone() {
            let named = Set(image.names.values)
            for index in steps.indices where !settled[index] {
                switch steps[index] {
                case .write(let inode, _, _), .truncate(let inode, _), .sync(let inode):
                    settled[index] = !named.contains(inode)
                case .makeDirectory(let path), .makeFile(let path, _), .remove(let path), .rename(_, let path),
                    .syncDirectory(let path):
                    settled[index] = !image.directories.contains(DiskStep.parent(of: path))
                }
            }
        }

        mutating func remember(_ step: DiskStep, all: Bool) {
            if !all {
                for index in steps.indices where steps[index].isMadeDurable(by: step) { settled[index] = true }
            }
            steps.append(step)
            guard !all else { return }
            settled.append(step.isMadeDurable(by: step))
            if steps.count > 48 { settleWhatIsGone() }
            let count = settled.prefix { $0 }.count
            for step in steps.prefix(count) { base.apply(step) }
            steps.removeFirst(count)
            settled.removeFirst(count)
            if count > 0, base.contents.count > 2 * base.names.count + 64 {
                base.collect()
                let pending = steps.contains { if case .makeFile = $0 { true } else { false } }
                if !pending { image.collect() }
            }
        }
    }

    private let contents: Mutex<Contents>

    private let remembersAll: Bool

    /// A disk that holds `image`.
    package init(_ image: DiskImage = DiskImage(), remembersAll: Bool = true) {
        let highest = image.names.values.max() ?? 0
        contents = Mutex(Contents(image: image, base: image, lastInode: highest))
        self.remembersAll = remembersAll
    }

    /// The steps so far, those that were settled not included.
    package var steps: [DiskStep] { contents.withLock { $0.steps } }
    /// What the running system sees.
    package var image: DiskImage { contents.withLock { $0.image } }

    /// Cuts the power: what is durable stays, and of every other step `keeps` decides, torn writes included. A step is
    /// given back as it reached the disk, or `nil`.
    package func cutPower(_ keeps: (DiskStep) -> DiskStep?) {
        contents.withLock { contents in
            var image = contents.base
            for (step, settled) in zip(contents.steps, contents.settled) {
                if let kept = settled ? step : keeps(step) { image.apply(kept) }
            }
            image.collect()
            contents.image = image
            contents.base = image
            contents.steps = []
            contents.settled = []
        }
    }

    /// Lets `count` more steps succeed, then the next one fail or all; `nil` lets all succeed again.
    package func fail(after count: Int?, code: Int32 = 28, once: Bool = false) {
        contents.withLock { $0.failure = count.map { ($0, code, once) } }
    }

    /// Whether the failure asked for has not happened yet.
    package var isFailurePending: Bool { contents.withLock { ($0.failure?.after ?? 0) > 0 } }

    private func change<Value>(
        _ operation: FileError.Operation, _ path: String, _ body: (inout DiskImage, inout Int) -> (DiskStep?, Value)
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
            contents.image.apply(step)
            contents.remember(step, all: remembersAll)
            return (value, 0)
        }
        guard let value else { throw FileError(operation, path, code: code) }
        return value
    }

    package func makeDirectory(_ path: String) throws(FileError) {
        try change(.makeDirectory, path) { _, _ in (.makeDirectory(path), ()) }
    }

    package func write(_ bytes: [UInt8], to path: String) throws(FileError) {
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

    package func append(_ bytes: [UInt8], to path: String) throws(FileError) -> Int64 {
        let inode = try fileNumber(path)
        return try change(.write, path) { image, _ in
            let length = image.contents[inode]?.count ?? 0
            return (.write(inode: inode, offset: length, bytes), Int64(length))
        }
    }

    package func truncate(_ path: String, to length: Int64) throws(FileError) {
        try change(.truncate, path) { image, _ in
            (image.names[path].map { .truncate(inode: $0, length: Int(length)) }, ())
        }
    }

    package func sync(_ path: String) throws(FileError) {
        try change(.sync, path) { image, _ in (image.names[path].map { .sync(inode: $0) }, ()) }
    }

    package func syncDirectory(_ path: String) throws(FileError) {
        try change(.sync, path) { image, _ in
            (image.directories.contains(path) ? .syncDirectory(path) : nil, ())
        }
    }

    package func syncAll(files: [String], directories: [String]) -> [FileError?] {
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

    package func rename(_ old: String, to new: String) throws(FileError) {
        try change(.rename, old) { image, _ in
            (image.names[old] != nil || image.directories.contains(old) ? .rename(old, new) : nil, ())
        }
    }

    package func remove(_ path: String) throws(FileError) {
        if image.names[path] == nil { return }
        try change(.remove, path) { _, _ in (.remove(path), ()) }
    }

    package func removeTree(_ path: String) throws(FileError) {
        let image = image
        for name in image.names.keys.sorted() where name.hasPrefix(path + "/") { try remove(name) }
        for directory in image.directories.sorted().reversed()
        where directory == path || directory.hasPrefix(path + "/") {
            try change(.remove, directory) { _, _ in (.remove(directory), ()) }
        }
    }

    package func names(in path: String) throws(FileError) -> [String] {
        let image = image
        guard image.directories.contains(path) else { throw FileError(.list, path, code: 2) }
        return image.entries(of: path)
    }

    package func read(_ path: String) throws(FileError) -> [UInt8] {
        let image = image
        guard let inode = image.names[path] else { throw FileError(.open, path, code: 2) }
        return image.contents[inode] ?? []
    }
}
