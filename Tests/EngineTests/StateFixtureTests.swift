import Containers
import Foundation
import Lifecycle
import Model
import Records
import TestSupport
import Testing

@testable import Store

/// The state directories that versions of sereno have written, one below Tests/Corpus/state for each format. They are read
/// for ever; `SERENO_REGENERATE=1` writes one that is missing, and never one that is there.
@Suite("State that an earlier version wrote")
struct StateFixtureTests {
    private typealias StoreOfRecords = ContainerStore<ContainerRecord, ContainerStateRecord, HistoryEntry>

    private static let corpus = GeneratedPage.root + "/Tests/Corpus/state"
    /// What is written today: format 1, in which entries of the history may name a command and its client, and a state the
    /// counts of memory.
    private static let present = "1-clients"

    private static let client = Client.process(number: 1234, program: "docker", uid: 0, user: "root", gid: 0)

    private func id(_ digit: Character) throws -> ContainerID {
        try #require(ContainerID(String(repeating: digit, count: 64)))
    }

    private func write(_ root: String) throws {
        let store = try StoreOfRecords(root: root)
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
            let moment = Moment(monotonic: MonotonicInstant(nanoseconds: 5_000_000_000), wall: time)
            _ = life.handle(.startRequested, at: moment)
            _ = life.handle(.spawned, at: moment)
            if digit == "b" {
                let memory = MemoryAccount(limit: 1 << 24, peak: 1 << 24, killsBefore: 2, killsAfter: 3)
                _ = life.handle(.exited(.exited(7), outOfMemory: true, memory: memory), at: moment)
            }
            let name = try #require(ContainerName(name))
            try store.create(
                id, record: ContainerRecord(id: id, created: time, spec: spec),
                state: ContainerStateRecord(
                    name: name, record: life.record, memory: MemoryBaseline(group: 7, kills: 3, stalled: .seconds(1))))
            let reason = try #require(life.record.reason)
            try store.appendHistory(
                id,
                [
                    HistoryEntry(
                        time: time, monotonic: moment.monotonic, reason: reason,
                        command: UserCommand(.start, by: Self.client))
                ])
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
            let store = try StoreOfRecords(root: root)
            let loaded = try store.loadAll()
            #expect(loaded.damaged.isEmpty, "format \(version): \(loaded.damaged)")
            let found = loaded.records.sorted { $0.id < $1.id }
            #expect(found.map { $0.state?.name.text } == ["web", "job"])
            #expect(found.map(\.record.spec.restart) == [.always, .onFailure(maximumRetryCount: 3)])
            #expect(found.map { $0.state?.record.state.kind } == [.running, .backingOff])
            #expect(found[1].state?.record.lastExit == .exited(7) && found[1].state?.record.history.count == 1)
            #expect(found.map(\.record.spec.labels) == [["tier": "web"], ["tier": "job"]])
            let entries = try store.readHistory(try id("b")).entries
            #expect(entries.count == 1 && entries.first?.reason == found[1].state?.record.reason)
            let isOld = version == "1"
            #expect(entries.first?.command == (isOld ? nil : UserCommand(.start, by: Self.client)))
            #expect(found.first?.state?.memory?.kills == (isOld ? nil : 3))
        }
    }

    @Test("with a word that only a later version knows is left as it is, and said")
    func unknownWord() throws {
        struct Later: Encodable { let state = "a state of tomorrow" }
        let directory = try TemporaryDirectory("sereno-state")
        let root = directory.child("data")
        try FileManager.default.copyItem(atPath: Self.corpus + "/" + Self.present, toPath: root)
        let path = root + "/containers/" + (try id("b")).text + "/state.json"
        let later = try Envelope(kind: "state").encode(Later(), path: path)
        try TestFiles.write(bytes: later, to: path)
        let loaded = try StoreOfRecords(root: root).loadAll()
        #expect(loaded.records.map(\.id) == [try id("a")])
        let told = try #require(NewerRecords(among: loaded.damaged)).description
        #expect(told.contains("state.json: whole, but written by another version"), "\(told)")
        #expect(try TestFiles.readBytes(path) == later)
    }

    @Test("of a later version is left as it is, and said")
    func newerVersion() throws {
        let directory = try TemporaryDirectory("sereno-state")
        let root = directory.child("data")
        try FileManager.default.copyItem(atPath: Self.corpus + "/" + Self.present, toPath: root)
        let path = root + "/containers/" + (try id("b")).text + "/state.json"
        let later = try TestFiles.read(path).replacing(#""version":1"#, with: #""version":2"#)
        try TestFiles.write(later, to: path)
        let loaded = try StoreOfRecords(root: root).loadAll()
        #expect(loaded.records.map(\.id) == [try id("a")])
        #expect(loaded.damaged.map(\.damage) == [.newerVersion(found: 2, supported: 1)])
        let told = try #require(NewerRecords(among: loaded.damaged)).description
        #expect(
            told.hasPrefix(
                "container bbbbbbbbbbbb, state.json: written in format 2 by a newer version; this one reads up to 1, left as \(root)"
            ))
        #expect(told.hasSuffix("or, to go on without this container, move its directory away"))
        #expect(try TestFiles.read(path) == later)
    }
}
