import APIClient
import ArgumentParser
import Flags
import GoTemplate
import JSONFormat
import Linux
import Listings
import Model
import Streaming

/// `sereno events`: shows events as they happen.
struct Events: Verb {
    static let configuration = CommandConfiguration(
        verb: "events", abstract: "Get real time events from the server")
    static let flags = FlagTable(values: "f/filter format since until", kinds: ["filter": .filter])
    static let argumentCount = ArgumentCount.none

    @Option(name: .shortAndLong, help: "Filter output based on conditions provided.")
    var filter: [String] = []

    @Option(help: "Format output using a custom template: 'json' or 'TEMPLATE'.")
    var format = ""

    @Option(help: "Show all events created since timestamp.")
    var since = ""

    @Option(help: "Stream events until this timestamp.")
    var until = ""

    func perform(in session: Session) throws -> Int32 {
        let template = try parsed()
        var query: [(name: String, value: String)] = []
        if !since.isEmpty { query.append(("since", try Self.instant(since))) }
        if !until.isEmpty { query.append(("until", try Self.instant(until))) }
        query += FilterOption.query(filter)
        try relay(query, template, session)
        return 0
    }

    /// Shows events as they come, over any number of engines. An engine remembers its own events; what happened in its
    /// absence is reported by the next one, as it finds it.
    private func relay(
        _ query: [(name: String, value: String)], _ template: Template?, _ session: Session
    ) throws {
        var query = query
        var absence = EngineAbsence()
        var begun: WallTime?
        var seen = SeenEvents()
        while true {
            do {
                let response = try session.client.open(Request(.get, "/events", query: query))
                absence.isOver()
                if begun == nil { begun = .now }
                var line: [UInt8] = []
                while case .bytes(let bytes) = try response.receive() {
                    for byte in bytes {
                        if byte != 10 {
                            line.append(byte)
                            continue
                        }
                        if seen.isNew(line) { try show(line, template) }
                        line = []
                    }
                }
                try show(line, template)
                return
            } catch let failure as ClientError {
                // An engine that was absent from the beginning is reported at once.
                guard let begun else { throw failure }
                try absence.endure(failure)
                query.removeAll { $0.name == "since" }
                query.append(("since", (seen.last ?? begun).apiText))
            }
        }
    }

    /// The events of the newest moment; they are kept so that none is shown twice.
    private struct SeenEvents {
        private(set) var last: WallTime?
        private var lines: Set<[UInt8]> = []

        mutating func isNew(_ line: [UInt8]) -> Bool {
            guard let nanoseconds = (try? JSON(parsing: line))?["timeNano"]?.integer else { return true }
            let time = WallTime(nanoseconds: Int64(nanoseconds))
            guard time == last else {
                last = time
                lines = [line]
                return true
            }
            return lines.insert(line).inserted
        }
    }

    private static func instant(_ text: String) throws -> String {
        guard let value = PointInTime.value(text) else {
            throw ExitFailure("failed to parse value as time or duration: \(quoted(text))")
        }
        return value
    }

    /// The parsed template. It is tried on an empty event before the request to the engine.
    private func parsed() throws -> Template? {
        guard !format.isEmpty else { return nil }
        do {
            let template = try Template(format == "json" ? "{{json .}}" : format)
            let empty: JSON = ["Type": "", "Action": "", "Actor": ["ID": "", "Attributes": [:]]]
            _ = try template.render(InspectValue.typed(empty, under: "empty event"))
            return template
        } catch {
            throw ExitFailure("Error parsing format: \(error.sentence)", code: 64)
        }
    }

    private func show(_ line: [UInt8], _ template: Template?) throws {
        guard !line.isEmpty else { return }
        let event = try JSON(answer: line)
        guard let template else {
            try Output.standard.emit(Array((EventText.text(event, zone: localZone) + "\n").utf8))
            return
        }
        let (text, error) = template.run(InspectValue.typed(event, under: "event"))
        try Output.standard.emit(Array((text + "\n").utf8))
        if let error { throw ExitFailure(error.message) }
    }
}
