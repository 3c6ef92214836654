import Model
import TestSupport
import Testing

@testable import Logs

#if canImport(Glibc)
    import Glibc
#endif

/// A directory of its own for one test, gone when the test is.
final class Scratch {
    let path: String

    init(in parent: String = TestRun.directory) throws {
        var template = Array("\(parent)/sereno-logs-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in names { _ = unlink("\(path)/\(name)") }
        _ = rmdir(path)
    }

    var log: String { "\(path)/log" }

    var names: [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    func content(_ name: String = "log") -> [UInt8] {
        let descriptor = open("\(path)/\(name)", O_RDONLY)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &block, block.count)
            if count <= 0 { return bytes }
            bytes += block[..<count]
        }
    }

    func text(_ name: String = "log") -> String { String(decoding: content(name), as: UTF8.self) }

    func put(_ bytes: [UInt8], to name: String = "log") {
        let descriptor = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        _ = write(descriptor, bytes, bytes.count)
        close(descriptor)
    }
}

/// 2026-01-02T03:04:05.123456789Z
let moment = WallTime(nanoseconds: 1_767_323_045_123_456_789)

func later(_ nanoseconds: Int64) -> WallTime { WallTime(nanoseconds: moment.nanoseconds + nanoseconds) }

/// All that a reader gives for a query, as bytes of both streams together.
func readAll(_ driver: LogDriver, _ path: String, _ query: LogQuery = LogQuery()) throws -> [LogEntry] {
    let reader = try LogReader(driver: driver, path: path, query: query)
    var entries: [LogEntry] = []
    while true {
        let (some, progress) = reader.nextEntries(limit: 1000)
        entries += some
        if progress != .more { return entries }
    }
}

func bytes(_ entries: [LogEntry], _ stream: OutputStream = .stdout) -> [UInt8] {
    entries.filter { $0.stream == stream }.flatMap(\.bytes)
}
