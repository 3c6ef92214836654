import Glibc
import Linux
import Model
import TestSupport
import Testing

@testable import Store

@Suite("A container store")
struct ContainerStoreTests {
    private let id = containerID(1)

    private func filled(_ directory: TemporaryDirectory) throws -> TestStore {
        let store = try TestStore(root: directory.child("data"), historyBound: 8)
        try store.create(id, record: Record(name: "a"), state: State(count: 1))
        try store.appendHistory(id, entries(0..<5))
        return store
    }

    @Test("gives back what was stored, in another life too")
    func roundTrip() throws {
        let directory = try TemporaryDirectory()
        let store = try filled(directory)
        try store.writeState(id, State(count: 2))
        try store.writeRecord(id, Record(name: "renamed"))
        #expect(throws: StoreError.alreadyExists(id)) {
            try store.create(id, record: Record(name: "x"), state: State(count: 9))
        }
        let again = try TestStore(root: directory.child("data"))
        let loaded = try again.loadAll()
        #expect(loaded.records.map(\.record) == [Record(name: "renamed")])
        #expect(loaded.records.map(\.state) == [State(count: 2)])
        #expect(try again.readHistory(id).entries == entries(0..<5))
        #expect(TestFiles.exists(again.logDirectory(of: id)))
        try again.remove(id)
        #expect(try again.loadAll().records.isEmpty)
        #expect(try TestFiles.list(directory.child("data/containers")).isEmpty)
        #expect(throws: StoreError.unknown(id)) { try again.remove(id) }
        #expect(throws: StoreError.unknown(id)) { try again.writeState(id, State(count: 1)) }
        #expect(throws: StoreError.unknown(id)) { try again.readHistory(id) }
    }

    @Test("keeps a history within its bound")
    func bounded() throws {
        let directory = try TemporaryDirectory()
        let store = try filled(directory)
        for number in 5..<200 {
            try store.appendHistory(id, entries(number..<number + 1))
            let numbers = try store.readHistory(id).entries.map(\.number)
            #expect(numbers.count <= 16 && numbers.count >= min(number + 1, 8) && numbers.last == number)
        }
    }

    @Test("reads every whole entry of a history cut at any byte, and goes on behind it")
    func everyPrefix() throws {
        let directory = try TemporaryDirectory()
        _ = try filled(directory)
        let path = "\(directory.child("data"))/containers/\(id)/history.log"
        let whole = try TestFiles.readBytes(path)
        var ends = [0]
        for (offset, byte) in whole.enumerated() where byte == 0x0A { ends.append(offset + 1) }
        for length in 0...whole.count {
            try DurableFile.write(Array(whole.prefix(length)), to: path)
            let store = try TestStore(root: directory.child("data"))
            let before = try store.readHistory(id)
            // A line without its newline is whole when nothing else is missing.
            let count = ends.count { $0 > 0 && $0 <= length + 1 }
            try #require(before.entries == entries(0..<count))
            try #require(before.damagedEntries == (ends.contains(length) || ends.contains(length + 1) ? 0 : 1))
            try store.appendHistory(id, entries(90..<91))
            try #require(try store.readHistory(id).entries == entries(0..<count) + entries(90..<91))
        }
    }

    @Test("writes JSON that other programs can read")
    func format() throws {
        let directory = try TemporaryDirectory()
        _ = try filled(directory)
        let text = try TestFiles.read("\(directory.child("data"))/containers/\(id)/state.json")
        #expect(text.hasPrefix(#"{"format":"sereno-state","version":1,"crc32c":""#))
        #expect(text.hasSuffix("}}\n"))
        #expect(CRC32C.checksum("123456789".utf8) == 0xE306_9283)
    }

    @Test("sets a damaged record aside with its reason, whichever byte is wrong")
    func damagedRecord() throws {
        let directory = try TemporaryDirectory()
        let store = try filled(directory)
        let path = "\(store.directory(of: id))/spec.json"
        let whole = try TestFiles.readBytes(path)
        for place in stride(from: 0, to: whole.count, by: 11) {
            var bytes = whole
            bytes[place] ^= 0x41
            try DurableFile.write(bytes, to: path)
            let loaded = try store.loadAll()
            try #require(loaded.records.isEmpty && loaded.damaged.count == 1)
            let record = try #require(loaded.damaged.first)
            guard record.isSetAside else {
                guard case .newerVersion = record.damage else { throw TestFailure("left in place", path) }
                continue
            }
            try #require(record.id == id && record.file == "spec.json")
            try #require(record.path.hasPrefix("\(directory.child("data"))/damaged/\(id)-"))
            try #require(try TestFiles.read("\(record.path)/reason.txt").hasPrefix("spec.json: "))
            try #require(try TestFiles.readBytes("\(record.path)/spec.json") == bytes)
            try #require(try store.loadAll().damaged.isEmpty)
            try DurableFile.rename(record.path, to: store.directory(of: id))
        }
    }

    @Test("loads a container whose state alone is damaged, without its state")
    func damagedState() throws {
        let directory = try TemporaryDirectory()
        let store = try filled(directory)
        try DurableFile.truncate("\(store.directory(of: id))/state.json", to: 40)
        let loaded = try store.loadAll()
        #expect(loaded.records.map(\.record) == [Record(name: "a")])
        #expect(loaded.records.first?.state == nil)
        #expect(loaded.damaged.map(\.damage) == [.malformed])
        #expect(TestFiles.exists("\(directory.child("data"))/damaged/\(id)-1/state.json"))
        try store.writeState(id, State(count: 4))
        #expect(try store.loadAll().records.first?.state == State(count: 4))
    }

    @Test("leaves what a newer version wrote where it is, and says so")
    func newerVersion() throws {
        let directory = try TemporaryDirectory()
        let store = try filled(directory)
        let path = "\(store.directory(of: id))/spec.json"
        try DurableFile.write(Array(#"{"format":"sereno-spec","version":2,"what":"ever"}"#.utf8), to: path)
        let loaded = try store.loadAll()
        #expect(loaded.records.isEmpty)
        #expect(loaded.damaged.map(\.damage) == [.newerVersion(found: 2, supported: 1)])
        #expect(loaded.damaged.map(\.isSetAside) == [false])
        #expect(TestFiles.exists(path))
    }

    @Test("sets aside what it did not put there")
    func foreign() throws {
        let directory = try TemporaryDirectory()
        let store = try filled(directory)
        try TestFiles.makeDirectories("\(directory.child("data"))/containers/other")
        let loaded = try store.loadAll()
        #expect(loaded.records.count == 1)
        #expect(loaded.damaged.map(\.damage) == [.foreign])
        #expect(TestFiles.exists("\(directory.child("data"))/damaged/other-1"))
    }

    @Test(
        "changes nothing on a full disk or a read-only one, and goes on when that is over",
        .enabled(if: geteuid() == 0))
    func fullDisk() throws {
        let directory = try TemporaryDirectory()
        let point = directory.path
        func mount(_ options: String) throws {
            let command = ["mount", "-t", "tmpfs", "-o", options, "sereno-test", point]
            try #require(try Command.run(command).status == .exited(0))
        }
        try mount("size=64k")
        defer { umount2(point, Int32(MNT_DETACH)) }
        let store = try filled(directory)
        try DurableFile.write([], to: directory.child("filler"))
        while (try? DurableFile.append([UInt8](repeating: 0, count: 512), to: directory.child("filler"))) != nil {}
        let before = try TestFiles.list(store.directory(of: id))
        for _ in 0..<20 {
            let error = #expect(throws: StoreError.self) {
                try store.create(containerID(2), record: Record(name: "b"), state: State(count: 0))
            }
            guard case .file(let file) = error else { throw TestFailure("another error", "\(error as Any)") }
            #expect(file.isNoSpace)
            #expect(throws: StoreError.self) { try store.writeState(id, State(count: 7)) }
        }
        _ = store.commit([StoreChange(id: id, count: 8, entries: entries(5..<500))])
        #expect(try TestFiles.list(store.directory(of: id)) == before)
        #expect(try store.loadAll().records.map(\.state) == [State(count: 1)])
        #expect(try store.readHistory(id).entries == entries(0..<5))
        try DurableFile.remove(directory.child("filler"))
        try store.writeState(id, State(count: 9))
        try mount("remount,ro")
        let error = #expect(throws: StoreError.self) { try store.writeState(id, State(count: 10)) }
        guard case .file(let file) = error else { throw TestFailure("another error", "\(error as Any)") }
        #expect(file.isReadOnly)
        #expect(throws: StoreError.self) { try store.remove(id) }
        #expect(try store.loadAll().records.map(\.state) == [State(count: 9)])
        #expect(try TestStore(root: directory.child("data")).loadAll().records.count == 1)
        try mount("remount,rw")
        try store.writeState(id, State(count: 11))
        #expect(try store.loadAll().records.map(\.state) == [State(count: 11)])
    }
}
