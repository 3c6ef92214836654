internal import Linux
public import Model
internal import Synchronization

/// The durable records of all containers: `ROOT/containers/ID/{spec.json, state.json, history.log, log/}`.
///
/// When a function returns, what it did survives a crash of the program and of the machine; when it throws, the
/// old content is still there. Calls are serialised and block on the disk, so they belong on a thread that may
/// wait. `Record` is what seldom changes, `State` what often does, `Entry` one line of the history.
public final class ContainerStore<
    Record: Codable & Sendable, State: Codable & Sendable, Entry: Codable & Sendable
>: Sendable {
    /// How many history entries are kept at least; the file is cut back to so many when it has twice as many.
    public let historyBound: Int

    /// Does work on one container so that a fault meanwhile is told to be its own.
    public typealias Attribution = (ContainerID, () -> Void) -> Void

    /// No file of a record is longer, in bytes.
    static var longestFile: Int64 { 64 << 20 }

    let root: String
    let disk: any StoreFileSystem
    /// What is known of each history file since the first append.
    let histories = Mutex<[ContainerID: HistoryTail]>([:])

    /// The end of a history file.
    struct HistoryTail {
        var count: Int
        var endsInsideLine: Bool
    }

    /// Opens the store below `root`, making the directories that are missing.
    public convenience init(root: String, historyBound: Int = 256) throws(StoreError) {
        try self.init(root: root, historyBound: historyBound, disk: LinuxFileSystem())
    }

    /// Opens it on another disk than the machine's own.
    package init(root: String, historyBound: Int = 256, disk: any StoreFileSystem) throws(StoreError) {
        self.root = root
        self.disk = disk
        self.historyBound = max(1, historyBound)
        try attempt { () throws(FileError) in
            try disk.makeDirectory(root)
            // What stands in its place is put aside, and reported, when it is read.
            try? disk.makeDirectory("\(root)/containers")
            try? disk.syncDirectory(root)
        }
    }

    /// The directory of a container. The store owns `spec.json`, `state.json` and `history.log` in it; others may
    /// keep files of other names there, which `remove` removes too.
    public func directory(of id: ContainerID) -> String { "\(root)/containers/\(id.text)" }

    /// The directory for a container's log files; it exists from `create` on.
    public func logDirectory(of id: ContainerID) -> String { "\(directory(of: id))/log" }

    /// Stores a new container and the beginning of its history. After a crash it is there as a whole or not at all.
    public func create(
        _ id: ContainerID, record: Record, state: State, history: [Entry] = []
    ) throws(StoreError) {
        let final = directory(of: id)
        let draft = "\(containers)/.creating-\(id.text)"
        let recordBytes = try Envelope(kind: "spec").encode(record, path: "\(final)/spec.json")
        let stateBytes = try Envelope(kind: "state").encode(state, path: "\(final)/state.json")
        var lines: [UInt8] = []
        for entry in history {
            lines += HistoryFormat.line(try StoredJSON.encode(entry, path: "\(final)/history.log"))
        }
        let historyBytes = lines
        try locked { (tails) throws(StoreError) in
            guard !exists(id) else { throw .alreadyExists(id) }
            do throws(FileError) {
                try disk.removeTree(draft)
                try disk.makeDirectory(draft)
                try disk.makeDirectory("\(draft)/log")
                try disk.write(recordBytes, to: "\(draft)/spec.json")
                try disk.write(stateBytes, to: "\(draft)/state.json")
                try disk.write(historyBytes, to: "\(draft)/history.log")
                let files = ["spec.json", "state.json", "history.log"].map { "\(draft)/\($0)" }
                for case let error? in disk.syncAll(files: files, directories: [draft]) { throw error }
                try disk.rename(draft, to: final)
            } catch {
                try? disk.removeTree(draft)
                throw .file(error)
            }
            tails[id] = HistoryTail(count: history.count, endsInsideLine: false)
            do throws(FileError) {
                try disk.syncDirectory(containers)
            } catch {
                try? disk.rename(final, to: draft)
                try? disk.removeTree(draft)
                try? disk.syncDirectory(containers)
                tails[id] = nil
                throw .file(error)
            }
        }
    }

    /// Replaces the record of a container.
    public func writeRecord(_ id: ContainerID, _ record: Record) throws(StoreError) {
        let path = "\(directory(of: id))/spec.json"
        let bytes = try Envelope(kind: "spec").encode(record, path: path)
        try locked { (_) throws(StoreError) in
            guard exists(id) else { throw .unknown(id) }
            try attempt { () throws(FileError) in
                try stage(bytes, for: path)
                try publish(path)
                try disk.syncDirectory(directory(of: id))
            }
        }
    }

    /// Forgets a container and all below its directory, which after a crash is whole or gone. Throws
    /// `StoreError.unknown` when there is none. When only the deletion of its files fails, the container is gone
    /// all the same, and the files are deleted by the next `loadAll`.
    public func remove(_ id: ContainerID) throws(StoreError) {
        let grave = "\(containers)/.removing-\(id.text)"
        try locked { (tails) throws(StoreError) in
            guard exists(id) else { throw .unknown(id) }
            try attempt { () throws(FileError) in
                try disk.removeTree(grave)
                try disk.rename(directory(of: id), to: grave)
                do throws(FileError) {
                    try disk.syncDirectory(containers)
                } catch {
                    // Not back in its place it is gone for everybody but a power cut, and so it is removed.
                    guard (try? disk.rename(grave, to: directory(of: id))) == nil else { throw error }
                }
            }
            tails[id] = nil
            try? disk.removeTree(grave)
        }
    }

    var containers: String { "\(root)/containers" }

    func exists(_ id: ContainerID) -> Bool { (try? disk.names(in: directory(of: id))) != nil }

    /// Writes the new content of a file beside it and makes it durable, but not yet visible.
    func stage(_ bytes: [UInt8], for path: String) throws(FileError) {
        do throws(FileError) {
            try disk.write(bytes, to: "\(path).new")
            try disk.sync("\(path).new")
        } catch {
            try? disk.remove("\(path).new")
            throw error
        }
    }

    /// Puts the staged content in the place of the old.
    func publish(_ path: String) throws(FileError) {
        do throws(FileError) {
            try disk.rename("\(path).new", to: path)
        } catch {
            try? disk.remove("\(path).new")
            throw error
        }
    }

    func locked<Value: Sendable>(
        _ body: (inout [ContainerID: HistoryTail]) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        try histories.withLock { (tails) throws(StoreError) -> Value in try body(&tails) }
    }

    func attempt<Value>(_ body: () throws(FileError) -> Value) throws(StoreError) -> Value {
        do throws(FileError) {
            return try body()
        } catch {
            throw .file(error)
        }
    }
}
