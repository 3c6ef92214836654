import DiskSimulation
import Linux
import Model
import Store
import Synchronization

/// The disk as one engine sees it: steps may fail, and after a death none reaches it any more.
final class FaultyDisk: StoreFileSystem {
    /// How often a step fails.
    struct Rates: Sendable {
        /// A write finds no room, or the disk is broken.
        var write = 0.0
        /// An fsync fails.
        var sync = 0.0
        /// A rename fails.
        var rename = 0.0
        /// An fsync says yes and does nothing; no honest disk does that.
        var lyingSync = 0.0
    }

    private struct State {
        var chance: Chance
        var rates = Rates()
        /// After how many more steps the power or the engine goes.
        var stepsToDeath: Int?
        var isDead = false
        var faults = 0
        var unsaved: Set<ContainerID> = []
        var renamed: Set<ContainerID> = []
    }

    let disk: SimulatedDisk
    private let state: Mutex<State>

    init(_ disk: SimulatedDisk, chance: Chance) {
        self.disk = disk
        state = Mutex(State(chance: chance))
    }

    /// Whether a death fell between two steps.
    var isDead: Bool { state.withLock { $0.isDead } }
    var faults: Int { state.withLock { $0.faults } }
    /// Containers of which the disk has refused a change since it last took one.
    var unsaved: Set<ContainerID> { state.withLock { $0.unsaved } }

    func set(_ rates: Rates) { state.withLock { $0.rates = rates } }
    func die(after steps: Int?) { state.withLock { $0.stepsToDeath = steps } }
    func die() { state.withLock { $0.isDead = true } }

    private func check(
        _ operation: FileError.Operation, _ path: String, _ rate: any KeyPath<Rates, Double> & Sendable
    ) throws(FileError) {
        let code: Int32 = state.withLock { state in
            if let left = state.stepsToDeath {
                state.stepsToDeath = left - 1
                if left <= 0 { state.isDead = true }
            }
            if state.isDead { return 5 }
            guard state.chance.happens(state.rates[keyPath: rate]) else { return 0 }
            state.faults += 1
            if let id = FaultyDisk.container(of: path) { state.unsaved.insert(id) }
            // ENOSPC, EROFS, EIO.
            return operation == .sync ? 5 : state.chance.pick([28, 30, 5]) ?? 5
        }
        if code != 0 { throw FileError(operation, path, code: code) }
    }

    /// The container whose directory a path is in or is.
    private static func container(of path: String) -> ContainerID? {
        for part in path.split(separator: "/") {
            if let id = ContainerID(part) { return id }
        }
        return nil
    }

    func makeDirectory(_ path: String) throws(FileError) {
        try check(.makeDirectory, path, \.write)
        try disk.makeDirectory(path)
    }

    func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        try check(.write, path, \.write)
        try disk.write(bytes, to: path)
    }

    func append(_ bytes: [UInt8], to path: String) throws(FileError) -> Int64 {
        try check(.write, path, \.write)
        return try disk.append(bytes, to: path)
    }

    func truncate(_ path: String, to length: Int64) throws(FileError) {
        try check(.truncate, path, \.write)
        try disk.truncate(path, to: length)
    }

    func sync(_ path: String) throws(FileError) {
        try check(.sync, path, \.sync)
        if lies() { return }
        try disk.sync(path)
    }

    func syncDirectory(_ path: String) throws(FileError) {
        try check(.sync, path, \.sync)
        if !lies() { try disk.syncDirectory(path) }
        guard let id = Self.container(of: path) else { return }
        state.withLock { if $0.renamed.remove(id) != nil { $0.unsaved.remove(id) } }
    }

    private func lies() -> Bool { state.withLock { $0.rates.lyingSync > 0 && $0.chance.happens($0.rates.lyingSync) } }

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
        try check(.rename, old, \.rename)
        try disk.rename(old, to: new)
        if new.hasSuffix("/state.json"), let id = Self.container(of: new) {
            state.withLock { _ = $0.renamed.insert(id) }
        }
    }

    func remove(_ path: String) throws(FileError) {
        try check(.remove, path, \.write)
        try disk.remove(path)
    }

    func removeTree(_ path: String) throws(FileError) {
        try check(.remove, path, \.write)
        try disk.removeTree(path)
    }

    func names(in path: String) throws(FileError) -> [String] { try disk.names(in: path) }
    func read(_ path: String) throws(FileError) -> [UInt8] { try disk.read(path) }
}
