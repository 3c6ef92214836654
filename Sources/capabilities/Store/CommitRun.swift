internal import Linux
internal import Model

/// One group commit under way: every phase is done for all containers before the next begins, and a container
/// that fails in one is left out of those that follow.
struct CommitRun<Record: Codable & Sendable, State: Codable & Sendable, Entry: Codable & Sendable> {
    typealias Store = ContainerStore<Record, State, Entry>

    let store: Store
    var tails: [ContainerID: Store.HistoryTail]
    var errors: [ContainerID: StoreError] = [:]

    /// A change whose bytes are known.
    private struct Prepared {
        let id: ContainerID
        let directory: String
        let state: [UInt8]?
        let history: [UInt8]
        let entries: Int
        /// The length of the history before, once it has been appended to.
        var lengthBefore: Int64?

        var statePath: String { "\(directory)/state.json" }
        var historyPath: String { "\(directory)/history.log" }

        mutating func write(to disk: any StoreFileSystem) throws(FileError) {
            if !history.isEmpty { lengthBefore = try disk.append(history, to: historyPath) }
            if let state { try disk.write(state, to: "\(statePath).new") }
        }

        /// The files that have new content.
        var unsynced: [String] {
            (lengthBefore == nil ? [] : [historyPath]) + (state == nil ? [] : ["\(statePath).new"])
        }

        func takeBack(from disk: any StoreFileSystem) {
            if state != nil { try? disk.remove("\(statePath).new") }
            if let lengthBefore { try? disk.truncate(historyPath, to: lengthBefore) }
        }
    }

    init(store: Store, tails: [ContainerID: Store.HistoryTail]) {
        self.store = store
        self.tails = tails
    }

    mutating func carryOut(_ changes: [StoreChange<State, Entry>]) {
        var batch: [Prepared] = []
        for change in changes {
            do throws(StoreError) {
                batch.append(try prepare(change))
            } catch {
                errors[change.id] = error
            }
        }
        let disk = store.disk
        each(&batch) { (change) throws(FileError) in try change.write(to: disk) }
        syncAll(&batch, files: \.unsynced, directories: { _ in [] })
        each(&batch) { (change) throws(FileError) in
            if change.state != nil { try disk.rename("\(change.statePath).new", to: change.statePath) }
        }
        for change in batch where change.entries > 0 {
            tails[change.id, default: .init(count: 0, endsInsideLine: false)].count += change.entries
            tails[change.id]?.endsInsideLine = false
        }
        syncAll(
            &batch, undo: false, files: { _ in [] }, directories: { $0.state == nil ? [] : [$0.directory] })
        for change in batch { compact(change) }
    }

    /// Syncs what the changes name, all at once.
    private mutating func syncAll(
        _ batch: inout [Prepared], undo: Bool = true, files: (Prepared) -> [String],
        directories: (Prepared) -> [String]
    ) {
        let errors = store.disk.syncAll(
            files: batch.flatMap { files($0) }, directories: batch.flatMap { directories($0) })
        let failed = Dictionary(
            errors.compactMap { error in error.map { ($0.path, $0) } }, uniquingKeysWith: { first, _ in first })
        each(&batch, undo: undo) { (change) throws(FileError) in
            for path in files(change) + directories(change) {
                if let error = failed[path] { throw error }
            }
        }
    }

    private mutating func each(
        _ batch: inout [Prepared], undo: Bool = true, _ step: (inout Prepared) throws(FileError) -> Void
    ) {
        var kept: [Prepared] = []
        kept.reserveCapacity(batch.count)
        for var change in batch {
            do throws(FileError) {
                try step(&change)
                kept.append(change)
            } catch {
                errors[change.id] = .file(error)
                if undo { change.takeBack(from: store.disk) }
            }
        }
        batch = kept
    }

    private mutating func prepare(_ change: StoreChange<State, Entry>) throws(StoreError) -> Prepared {
        let id = change.id
        guard store.exists(id) else { throw .unknown(id) }
        let directory = store.directory(of: id)
        let historyPath = "\(directory)/history.log"
        var history: [UInt8] = []
        for entry in change.history { history += HistoryFormat.line(try StoredJSON.encode(entry, path: historyPath)) }
        if !history.isEmpty, try tail(of: id, path: historyPath).endsInsideLine {
            history.insert(HistoryFormat.newline, at: 0)
        }
        var state: [UInt8]?
        if let value = change.state {
            state = try Envelope(kind: "state").encode(value, path: "\(directory)/state.json")
        }
        return Prepared(
            id: id, directory: directory, state: state, history: history, entries: change.history.count)
    }

    /// Learnt from the file before the first append, because a crash may have torn its last line.
    private mutating func tail(of id: ContainerID, path: String) throws(StoreError) -> Store.HistoryTail {
        if let known = tails[id] { return known }
        var bytes: [UInt8] = []
        do throws(FileError) {
            bytes = try store.disk.read(path)
        } catch {
            guard error.isMissing else { throw .file(error) }
            try store.attempt { () throws(FileError) in
                try store.disk.write([], to: path)
                try store.disk.syncDirectory(store.directory(of: id))
            }
        }
        let lines = bytes.count { $0 == HistoryFormat.newline }
        let torn = bytes.last.map { $0 != HistoryFormat.newline } ?? false
        let tail = Store.HistoryTail(count: lines + (torn ? 1 : 0), endsInsideLine: torn)
        tails[id] = tail
        return tail
    }

    /// Cuts a history that has grown past twice its bound. It fails without harm: the next append tries again.
    private mutating func compact(_ change: Prepared) {
        guard change.entries > 0, let tail = tails[change.id], tail.count > 2 * store.historyBound,
            let bytes = try? store.disk.read(change.historyPath)
        else { return }
        let kept = HistoryFormat.parse(bytes).payloads.suffix(store.historyBound)
        let content = kept.flatMap { HistoryFormat.line(Array($0)) }
        do throws(FileError) {
            try store.stage(content, for: change.historyPath)
            try store.publish(change.historyPath)
            tails[change.id]?.count = kept.count
            try store.disk.syncDirectory(store.directory(of: change.id))
        } catch {}
    }
}
