import KeeperProtocol
import Testing

/// The frame's bytes.
private func bytes(_ encode: (UnsafeMutableRawBufferPointer) -> Int) -> [UInt8] {
    withUnsafeTemporaryAllocation(byteCount: ProtocolBounds.frameLength, alignment: 8) { buffer in
        let count = encode(buffer)
        return Array(buffer[..<count])
    }
}

private func engineFrame(_ bytes: [UInt8]) throws(FrameError) -> EngineFrame {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    return try EngineFrame(decoding: UnsafeRawBufferPointer(copy))
}

private func keeperFrame(_ bytes: [UInt8]) throws(FrameError) -> KeeperFrame {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    return try KeeperFrame(decoding: UnsafeRawBufferPointer(copy))
}

private func key(_ text: String) throws -> SlotKey {
    var text = text
    return try #require(text.withUTF8 { SlotKey(UnsafeRawBufferPointer($0)) })
}

private func text(_ words: String) -> FrameText {
    var text = FrameText()
    for byte in words.utf8 { text.append(byte) }
    return text
}

private func engineFrames() throws -> [EngineFrame] {
    let long = try key(String(repeating: "f", count: 64))
    return [
        .hello(version: 1), .spawn(slot: 1, kind: .container, key: long, kept: 8, planned: 52),
        .spawn(slot: .max, kind: .exec, key: SlotKey(), kept: 0, planned: 0), .signal(slot: 7, number: 1),
        .signal(slot: 7, number: 64), .forget(slot: 0), .adopt(slot: 3, kind: .program, key: long, pid: 2, kept: 3),
        .hold(key: try key("listen")), .drop(key: try key("")), .exit, .ping(token: 0x0102_0304_0506_0708),
        .ready, .pong(token: .max), .reload, .failing(text("records of a newer version")), .failing(FrameText()),
        .watch(
            slot: 5, kind: .container, key: long, pid: 77, since: Reading(monotonic: 1, wall: 2), kept: 8),
    ]
}

private func keeperFrames() throws -> [KeeperFrame] {
    let reading = Reading(monotonic: 5, wall: -6)
    let exit = ExitRecord(status: 0x2A00, userTime: 1, systemTime: 2, maximumResident: 3, at: reading)
    let failure = LaunchFailure(phase: .operation, operation: 4, step: .openSource, code: 2)
    let state = SlotState(
        slot: 9, kind: .container, key: try key(String(repeating: "a", count: 64)), phase: .exited, pid: 77,
        spawned: reading, exit: exit, failure: failure)
    return [
        .hello(version: 1, pid: 1, now: reading, slots: 4096), .slot(state, kept: 8), .held(key: try key("x")),
        .handoverDone(slots: 1, held: 2), .spawned(slot: 1, pid: 2, at: reading),
        .spawnWarning(slot: 1, operation: 3, step: .write, error: 13), .spawnFailed(slot: 1, failure),
        .exited(slot: 1, exit), .signalFailed(slot: 1, number: 9, error: 3), .orphans(reaped: 20_000),
        .pong(token: 1), .replace, .protocolError(.full, kind: 6), .lineage(number: 1, keepers: 2), .ping(token: 3),
        .replaced(
            Replacement(
                outcome: .endedEarly, status: 0x300, at: reading, text: text(String(repeating: "t", count: 300)))),
    ]
}

@Test func everyFrameOfTheEngineSurvivesTheWire() throws {
    for frame in try engineFrames() {
        let wire = bytes(frame.encode(into:))
        #expect(wire.count <= ProtocolBounds.frameLength)
        #expect(try engineFrame(wire) == frame)
    }
}

@Test func everyFrameOfTheKeeperSurvivesTheWire() throws {
    for frame in try keeperFrames() {
        let wire = bytes(frame.encode(into:))
        #expect(wire.count <= ProtocolBounds.frameLength)
        #expect(try keeperFrame(wire) == frame)
    }
}

@Test func framesCutAnywhereOrWithBytesLeftOverAreRefused() throws {
    for wire in try engineFrames().map({ bytes($0.encode(into:)) }) {
        for count in 0..<wire.count {
            #expect(throws: FrameError.self) { try engineFrame(Array(wire[..<count])) }
            // Also when the header admits to the cut.
            var honest = Array(wire[..<count])
            if count >= 8 {
                honest[4] = UInt8(count & 0xFF)
                honest[5] = UInt8(count >> 8)
                #expect(throws: FrameError.self) { try engineFrame(honest) }
            }
        }
        #expect(throws: FrameError.wrongLength) { try engineFrame(wire + [0]) }
    }
    for wire in try keeperFrames().map({ bytes($0.encode(into:)) }) {
        for count in 0..<wire.count {
            #expect(throws: FrameError.self) { try keeperFrame(Array(wire[..<count])) }
        }
    }
}

@Test func valuesOutsideTheirBoundsAreRefused() throws {
    func refused(_ frame: EngineFrame) -> Bool { (try? engineFrame(bytes(frame.encode(into:)))) == nil }
    #expect(refused(.signal(slot: 1, number: 0)))
    #expect(refused(.signal(slot: 1, number: 65)))
    #expect(refused(.spawn(slot: 1, kind: .exec, key: SlotKey(), kept: 9, planned: 0)))
    #expect(refused(.spawn(slot: 1, kind: .exec, key: SlotKey(), kept: 8, planned: 53)))
    #expect(refused(.adopt(slot: 1, kind: .exec, key: SlotKey(), pid: 1, kept: 0)))
    #expect(refused(.watch(slot: 1, kind: .exec, key: SlotKey(), pid: 1, since: Reading(), kept: 0)))
    #expect(refused(.watch(slot: 1, kind: .exec, key: SlotKey(), pid: 2, since: Reading(), kept: 9)))
    #expect(throws: FrameError.unknownKind) { try engineFrame([200, 0, 0, 0, 8, 0, 0, 0]) }
    #expect(throws: FrameError.unknownKind) { try keeperFrame([1, 0, 0, 0, 8, 0, 0, 0]) }
    let tooLong = [UInt8](repeating: 1, count: 65)
    #expect(tooLong.withUnsafeBytes { SlotKey($0) } == nil)
}

@Test func randomBytesNeverTrapTheReader() throws {
    var generator = SystemRandomNumberGenerator()
    let good = try engineFrames().map { bytes($0.encode(into:)) } + keeperFrames().map { bytes($0.encode(into:)) }
    var read = 0
    for _ in 0..<20_000 {
        guard var wire = good.randomElement(using: &generator) else { continue }
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            wire[Int.random(in: 0..<wire.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
        if let frame = try? engineFrame(wire) {
            read += 1
            // What was read is what is written again, byte for byte.
            #expect(bytes(frame.encode(into:)) == wire)
        }
        if let frame = try? keeperFrame(wire) {
            read += 1
            #expect(bytes(frame.encode(into:)) == wire)
        }
    }
    #expect(read > 0)
}
