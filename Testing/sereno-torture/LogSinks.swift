import APIClient
import Glibc
import TestSupport

/// Logs that cannot be written, and clients that do not read.
struct LogSinks: Torture {
    static let name = "log-sinks"
    static let summary =
        "log files without room or without leave to write, and a client that does not read: every byte accounted"

    static func run(_ scale: Scale, _ report: Report) throws {
        let supervisor = try SupervisorUnderTest(inside: { _ in ["/usr/bin/unshare", "--mount", "--"] })
        let watch = try NeighbourWatch(supervisor)
        try fullDisk(supervisor, scale.of(100_000, 600_000), report)
        try readOnly(supervisor, report)
        try slowClient(supervisor, scale.of(200_000, 2_000_000), report)
        try watch.finish(report)
        try TortureClient.removeAll(supervisor)
    }

    /// A container whose log is on a file system of its own.
    private static func create(
        _ name: String, _ options: String, _ script: String, _ supervisor: SupervisorUnderTest, _ client: TortureClient
    ) throws -> String {
        try client.create(name, ["sh", "-c", script])
        let id = try client.inspect(name)["Id"]?.string ?? ""
        let directory = supervisor.directory.child("data/containers/\(id)/log")
        try inside(supervisor, "mkdir -p \(directory) && mount -t tmpfs -o \(options) log \(directory)")
        return directory
    }

    /// Runs a script where the supervisor's mounts are.
    private static func inside(_ supervisor: SupervisorUnderTest, _ script: String) throws {
        try expect(
            Command.run([
                "/usr/bin/nsenter", "--target", "\(supervisor.keeperProcess)", "--mount", "--", "/bin/sh", "-ec",
                script,
            ]))
    }

    /// The bytes that the engine says it dropped.
    private static func dropped(_ supervisor: SupervisorUnderTest) -> Int {
        supervisor.log.split(separator: "\n").filter { $0.contains("log bytes dropped") }.reduce(0) { sum, line in
            guard let field = line.split(separator: " ").first(where: { $0.hasPrefix("bytes=") }) else { return sum }
            return sum + (Int(field.dropFirst(6)) ?? 0)
        }
    }

    private static func fullDisk(_ supervisor: SupervisorUnderTest, _ lines: Int, _ report: Report) throws {
        let client = try TortureClient(supervisor)
        let directory = try create(
            "full", "size=256k", "seq 1 \(lines); while [ ! -e /room ]; do sleep 0.05; done; seq 1 1000", supervisor,
            client)
        try client.start("full")
        let written = (1...lines).reduce(0) { $0 + "\($1)".utf8.count + 1 }
        let later = (1...1000).reduce(0) { $0 + "\($1)".utf8.count + 1 }
        let isPast = eventually(timeout: 60) { (try? waiting(for: "sleep", in: "full", client)) ?? false }
        report.require(isPast, "a full disk holds its container up")
        try inside(supervisor, "mount -o remount,size=64m log \(directory)")
        try client.execute("full", "touch /room")
        report.require(try client.wait("full") == 0, "a full disk changed its container's code")
        var out = 0
        let balances = eventually(timeout: 30) {
            out = (try? client.output(of: "full").count) ?? 0
            return out + dropped(supervisor) == written + later
        }
        let lost = dropped(supervisor)
        report.figure("full disk: bytes printed, in the log, reported dropped", "\(written + later), \(out), \(lost)")
        report.none(
            "full disk: bytes unaccounted",
            balances ? [] : ["\(written + later) printed, \(out) logged, \(lost) reported dropped"])
        report.require(lost > 0, "the disk was not full")
        let tail = try client.output(of: "full").suffix(later)
        report.require(
            Array(tail) == (1...1000).flatMap { Array("\($0)\n".utf8) }, "after there was room the log did not go on")
    }

    /// Whether a program of this name runs in a container.
    private static func waiting(for program: String, in name: String, _ client: TortureClient) throws -> Bool {
        let process = try client.process(of: name)
        return ProcessFigures.children(of: process).contains { child in
            ((try? TestFiles.read("/proc/\(child)/cmdline")) ?? "").hasPrefix(program)
        }
    }

    private static func readOnly(_ supervisor: SupervisorUnderTest, _ report: Report) throws {
        let client = try TortureClient(supervisor)
        let before = dropped(supervisor)
        _ = try create("readonly", "size=256k,ro", "seq 1 1000", supervisor, client)
        let status = client.status(Request(.post, "/containers/readonly/start"))
        guard status == 204 else {
            let state = client.status(of: "readonly")
            report.figure("read-only log: the start is refused with", status)
            report.require(
                status >= 400 && state == "created", "a start with a read-only log: \(status), it is \(state)")
            return
        }
        report.require(try client.wait("readonly") == 0, "a read-only log changed its container's code")
        let written = (1...1000).reduce(0) { $0 + "\($1)".utf8.count + 1 }
        _ = eventually(timeout: 30) { dropped(supervisor) - before == written }
        let lost = dropped(supervisor) - before
        report.figure("read-only log: bytes printed, reported dropped", "\(written), \(lost)")
        report.none(
            "read-only log: bytes unaccounted", lost == written ? [] : ["\(written) printed, \(lost) reported dropped"])
    }

    /// A client attaches and does not read for a while. The container may have to wait for it, and no byte is lost.
    private static func slowClient(_ supervisor: SupervisorUnderTest, _ lines: Int, _ report: Report) throws {
        let client = try TortureClient(supervisor)
        try client.create("flood", ["seq", "1", "\(lines)"])
        let engine = EngineClient(address: try EngineAddress(parsing: supervisor.host), version: "1.47")
        let attached = try engine.hijack(
            Request(.post, "/containers/flood/attach", query: [("stream", "1"), ("stdout", "1")]))
        try client.start("flood")
        sleep(2)
        let waited = client.status(of: "flood") == "running"
        var decoder = FrameDecoder()
        var received = 0
        reading: while true {
            switch try attached.receive() {
            case .bytes(let bytes): for piece in try decoder.decode(bytes) { received += piece.bytes.count }
            case .nothingYet: usleep(1000)
            case .end: break reading
            }
        }
        report.require(try client.wait("flood") == 0, "a client that does not read changed its container's code")
        let written = (1...lines).reduce(0) { $0 + "\($1)".utf8.count + 1 }
        let logged = try client.output(of: "flood").count
        report.figure(
            "slow client: bytes printed, received, in the log",
            "\(written), \(received), \(logged)\(waited ? "; the container waited for it" : "")")
        report.none(
            "slow client: bytes lost",
            received == written && logged == written
                ? [] : ["\(written) printed, \(received) received, \(logged) logged"])
    }
}
