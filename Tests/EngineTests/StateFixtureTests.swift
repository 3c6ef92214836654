import Foundation
import Lifecycle
import Model
import Store
import TestSupport
import Testing

@testable import Engine

/// The state directories that versions of sereno have written, one below Tests/Corpus/state for each format. They are read
/// for ever; `SERENO_REGENERATE=1` writes one that is missing, and never one that is there.
@Suite("State that an earlier version wrote")
struct StateFixtureTests {
    private static let corpus = GeneratedPage.root + "/Tests/Corpus/state"
    /// The format written today.
    private static let present = "1"

    private func id(_ digit: Character) throws -> ContainerID {
        try #require(ContainerID(String(repeating: digit, count: 64)))
    }

    private func write(_ root: String) throws {
        let store = try RecordStore(root: root)
        for (digit, name, policy) in [
            ("a", "web", RestartPolicy.always), ("b", "job", .onFailure(maximumRetryCount: 3)),
        ] as [(Character, String, RestartPolicy)] {
            var spec = ContainerSpec()
            spec.image = "busybox"
            spec.process.command = ["sleep", "60"]
            spec.restart = policy
            spec.labels = ["tier": name]
            let id = try id(digit)
            var life = ContainerLifecycle(settings: spec.lifecycleSettings)
            let time = WallTime(nanoseconds: 1_790_000_000_000_000_000)
            let moment = Model.Moment(monotonic: MonotonicInstant(nanoseconds: 5_000_000_000), wall: time)
            _ = life.handle(.startRequested, at: moment)
            _ = life.handle(.spawned, at: moment)
            if digit == "b" { _ = life.handle(.exited(.exited(7), outOfMemory: false), at: moment) }
            let name = try #require(ContainerName(name))
            try store.create(
                id, record: ContainerRecord(id: id, created: time, spec: spec),
                state: ContainerStateRecord(name: name, record: life.record))
            let reason = try #require(life.record.reason)
            try store.appendHistory(
                id, [HistoryEntry(time: time, monotonic: MonotonicInstant(nanoseconds: 5_000_000_000), reason: reason)])
        }
    }

    @Test("is read as it was meant")
    func everyVersion() throws {
        let fixture = Self.corpus + "/" + Self.present
        if ProcessInfo.processInfo.environment["SERENO_REGENERATE"] != nil, !TestFiles.exists(fixture) {
            try write(fixture)
        }
        let versions = try TestFiles.list(Self.corpus)
        #expect(versions.contains(Self.present))
        for version in versions {
            let directory = try TemporaryDirectory("sereno-state")
            let root = directory.child("data")
            try FileManager.default.copyItem(atPath: Self.corpus + "/" + version, toPath: root)
            let store = try RecordStore(root: root)
            let loaded = try store.loadAll()
            #expect(loaded.damaged.isEmpty, "format \(version): \(loaded.damaged)")
            let found = loaded.records.sorted { $0.id < $1.id }
            #expect(found.map { $0.state?.name.text } == ["web", "job"])
            #expect(found.map(\.record.spec.restart) == [.always, .onFailure(maximumRetryCount: 3)])
            #expect(found.map { $0.state?.record.state.kind } == [.running, .backingOff])
            #expect(found[1].state?.record.lastExit == .exited(7) && found[1].state?.record.history.count == 1)
            #expect(found.map(\.record.spec.labels) == [["tier": "web"], ["tier": "job"]])
            #expect(try store.readHistory(try id("b")).entries.count == 1)
        }
    }

    @Test("of a later version is left as it is, and said")
    func newerVersion() throws {
        let directory = try TemporaryDirectory("sereno-state")
        let root = directory.child("data")
        try FileManager.default.copyItem(atPath: Self.corpus + "/" + Self.present, toPath: root)
        let path = root + "/containers/" + (try id("b")).text + "/state.json"
        let later = try TestFiles.read(path).replacing(#""version":1"#, with: #""version":2"#)
        try TestFiles.write(later, to: path)
        let loaded = try RecordStore(root: root).loadAll()
        #expect(loaded.records.map(\.id) == [try id("a")])
        #expect(loaded.damaged.map(\.damage) == [.newerVersion(found: 2, supported: 1)])
        #expect(loaded.damaged.first?.damage.description.contains("newer version") == true)
        #expect(try TestFiles.read(path) == later)
    }
}
