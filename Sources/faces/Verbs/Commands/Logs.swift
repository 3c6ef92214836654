import APIClient
import ArgumentParser
import Flags
import Linux
import Model
import Streaming

/// `sereno logs`: shows a container's output.
struct Logs: Verb {
    static let configuration = CommandConfiguration(verb: "logs", abstract: "Fetch the logs of a container")
    static let flags = FlagTable(switches: "details f/follow t/timestamps", values: "since n/tail until")
    static let arguments = "CONTAINER"
    static let argumentCount = ArgumentCount.exactly(1)

    @Flag(help: "Show extra details provided to logs.")
    var details = false

    @Flag(name: .shortAndLong, help: "Follow log output.")
    var follow = false

    @Option(help: "Show logs since timestamp (e.g. \"2013-01-02T13:23:37Z\") or relative (e.g. \"42m\").")
    var since: String?

    @Option(name: [.customShort("n"), .long], help: "Number of lines to show from the end of the logs.")
    var tail: String = "all"

    @Flag(name: .shortAndLong, help: "Show timestamps.")
    var timestamps = false

    @Option(help: "Show logs before a timestamp (e.g. \"2013-01-02T13:23:37Z\") or relative (e.g. \"42m\").")
    var until: String?

    @Argument(help: .hidden)
    var containers: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let path = "/containers/\(Request.segment(containers[0]))"
        let container = try session.client.json(Request(.get, path + "/json"))
        var query: [(name: String, value: String)] = [("stdout", "1"), ("stderr", "1")]
        if details { query.append(("details", "1")) }
        if follow { query.append(("follow", "1")) }
        if timestamps { query.append(("timestamps", "1")) }
        query.append(("tail", tail))
        if let since { query.append(("since", try PointInTime.parse(since, flag: "since"))) }
        if let until { query.append(("until", try PointInTime.parse(until, flag: "until"))) }
        let isTerminal = container["Config"]?["Tty"]?.bool ?? false
        if follow, !isTerminal {
            try followOverEngines(path, query, session)
            return 0
        }
        let response = try session.client.open(Request(.get, path + "/logs", query: query))
        try copy(response, isTerminal: isTerminal)
        return 0
    }

    /// Follows the log over any number of engines. The log of a terminal has no entries to tell apart, and ends with
    /// the engine.
    private func followOverEngines(_ path: String, _ query: [(name: String, value: String)], _ session: Session) throws
    {
        var log = FollowedLog(showsTimes: timestamps)
        var query = query.filter { $0.name != "timestamps" } + [("timestamps", "1")]
        var absence = EngineAbsence()
        var hasBegun = false
        while true {
            do {
                let response = try session.client.open(Request(.get, path + "/logs", query: query))
                absence.isOver()
                hasBegun = true
                while case .bytes(let bytes) = try response.receive() { try log.take(bytes, Self.show) }
                return
            } catch let failure as ClientError {
                // An engine that was absent from the beginning is reported at once.
                guard hasBegun else { throw failure }
                try absence.endure(failure)
                guard let since = log.resume() else { continue }
                query.removeAll { $0.name == "since" || $0.name == "tail" }
                query += [("since", since.apiText), ("tail", "all")]
            }
        }
    }

    private static func show(_ origin: FrameDecoder.Origin, _ bytes: ArraySlice<UInt8>) throws {
        switch origin {
        case .process(.stdout): try Output.standard.emit(Array(bytes))
        case .process(.stderr): Output.error.write(Array(bytes))
        case .engine: throw ExitFailure("error from daemon in stream: " + String(decoding: bytes, as: UTF8.self))
        }
    }

    private func copy(_ response: Response, isTerminal: Bool) throws {
        var frames = FrameDecoder()
        while true {
            let received = try response.receive()
            guard case .bytes(let bytes) = received else {
                if received == .end { return }
                continue
            }
            if isTerminal {
                try Output.standard.emit(bytes)
                continue
            }
            for piece in try frames.decode(bytes) {
                try Self.show(piece.origin, piece.bytes[...])
            }
        }
    }
}

/// The values of `--since` and `--until`: a Unix time, an RFC 3339 time, a part of one in local time, or an age.
enum PointInTime {
    /// Seconds since 1970 with a fraction, the Engine API's form.
    static func parse(_ text: String, flag: String) throws(ExitFailure) -> String {
        if let value = value(text) { return value }
        throw ExitFailure("invalid value for \"\(flag)\": failed to parse value as time or duration: \(quoted(text))")
    }

    /// The value in the Engine API's form; `nil` when the text is neither a time nor a duration.
    static func value(_ text: String) -> String? {
        if text != "0", let span = try? Nanoseconds(goText: text) {
            return WallTime.now.advanced(by: -span).apiText
        }
        if let time = WallTime(rfc3339: text) { return time.apiText }
        let number = text.split(byte: ".", maxSplits: 1)
        if !number.isEmpty, number.allSatisfy({ Int64($0) != nil }) { return text }
        return LocalTime.parse(text)?.apiText
    }
}
