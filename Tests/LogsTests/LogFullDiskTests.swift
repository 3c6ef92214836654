import Glibc
import Model
import TestSupport
import Testing

@testable import Logs

/// A file system of its own with little room.
final class SmallDisk {
    let scratch: Scratch
    private let mountPoint: String

    init(bytes: Int) throws {
        let point = try Scratch()
        mountPoint = point.path
        holder = point
        let mounted = try Command.run(["mount", "-t", "tmpfs", "-o", "size=\(bytes)", "sereno-test", mountPoint])
        try #require(mounted.status == .exited(0), "\(mounted)")
        scratch = try Scratch(in: mountPoint)
    }

    private let holder: Scratch

    deinit { umount2(mountPoint, Int32(MNT_DETACH)) }

    /// Takes all the room there is, and gives it back when it is called with `false`.
    func fill(_ isFull: Bool) {
        let path = "\(mountPoint)/filler"
        guard isFull else {
            unlink(path)
            return
        }
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
        let block = [UInt8](repeating: 0, count: 512)
        while write(descriptor, block, block.count) > 0 {}
        close(descriptor)
    }
}

@Suite("A log on a full disk", .enabled(if: geteuid() == 0))
struct LogFullDiskTests {
    @Test(
        "accounts for every byte and goes on at a line's beginning",
        arguments: [LogDriver.cri, .jsonFile], UInt64(0)..<3)
    func accounting(driver: LogDriver, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let disk = try SmallDisk(bytes: 4 << 20)
        let writer = try LogWriter(LogConfiguration(driver: driver), path: disk.scratch.log)
        var input: [OutputStream: [UInt8]] = [.stdout: [], .stderr: []]
        var number = 0
        for round in 0..<24 {
            disk.fill(round % 3 == 1)
            for _ in 0..<6 {
                let stream: OutputStream = Bool.random(using: &generator) ? .stdout : .stderr
                var chunk: [UInt8] = []
                for _ in 0..<Int.random(in: 0...20, using: &generator) {
                    let long = Int.random(in: 0..<12, using: &generator) == 0
                    let length = Int.random(in: 0...(long ? 40_000 : 80), using: &generator)
                    chunk += Array("\(number):".utf8) + [UInt8](repeating: 0x78, count: length) + [0x0A]
                    number += 1
                }
                // Chunks that end and begin within a line.
                let cut = Int.random(in: 0...chunk.count, using: &generator)
                input[stream]? += chunk
                writer.append(stream, Array(chunk[..<cut]), at: moment)
                writer.append(stream, Array(chunk[cut...]), at: moment)
                let sum = writer.accounting
                try #require(sum.bytesIn == sum.bytesWritten + sum.bytesDropped + sum.bytesPending)
            }
        }
        writer.flush(at: moment)
        let sum = writer.accounting
        let entries = try readAll(driver, disk.scratch.log)
        #expect(sum.bytesIn == Int64(input.values.reduce(0) { $0 + $1.count }))
        #expect(sum.bytesIn == sum.bytesWritten + sum.bytesDropped)
        #expect(sum.bytesWritten == Int64(entries.reduce(0) { $0 + $1.bytes.count }))
        #expect(sum.bytesDropped > 0)
        #expect(sum.linesDropped > 0)
        for stream in OutputStream.allCases { try checkLines(bytes(entries, stream), input[stream] ?? []) }
    }

    /// Each line that was kept is the beginning of one that was written, in the same order.
    private func checkLines(_ kept: [UInt8], _ written: [UInt8]) throws {
        var candidates = written.split(separator: 0x0A, omittingEmptySubsequences: true)[...]
        for line in kept.split(separator: 0x0A, omittingEmptySubsequences: true) {
            let label = line.prefix { $0 != 0x3A } + [0x3A]
            while let first = candidates.first, !first.starts(with: label) { candidates.removeFirst() }
            let candidate = candidates.popFirst()
            let original = try #require(candidate, "\(String(decoding: line.prefix(40), as: UTF8.self))")
            try #require(original.starts(with: line))
        }
    }

    @Test("writes again as soon as there is room, and forgets the failure")
    func heals() throws {
        let disk = try SmallDisk(bytes: 64 << 10)
        let writer = try LogWriter(LogConfiguration(driver: .cri), path: disk.scratch.log)
        writer.append(.stdout, Array("first\n".utf8), at: moment)
        disk.fill(true)
        for _ in 0..<2000 { writer.append(.stdout, Array("lost\n".utf8), at: moment) }
        #expect(writer.accounting.failure == ENOSPC)
        #expect(writer.accounting.linesDropped > 1000)
        disk.fill(false)
        writer.append(.stdout, Array("last\n".utf8), at: moment)
        #expect(writer.accounting.failure == 0)
        let lines = try readAll(.cri, disk.scratch.log)
        #expect(lines.first?.bytes == Array("first\n".utf8))
        #expect(lines.last?.bytes == Array("last\n".utf8))
        #expect(Int64(lines.count) == 2002 - writer.accounting.linesDropped)
    }

    @Test("makes room by rotating away its oldest file")
    func rotatesWhenFull() throws {
        let disk = try SmallDisk(bytes: 128 << 10)
        let writer = try LogWriter(
            LogConfiguration(driver: .cri, maximumSize: 16_000, maximumFiles: 3), path: disk.scratch.log)
        for number in 0..<20_000 { writer.append(.stdout, Array("line \(number)\n".utf8), at: moment) }
        #expect(writer.accounting.bytesDropped == 0)
        #expect(disk.scratch.names == ["log", "log.1", "log.2"])
    }
}
