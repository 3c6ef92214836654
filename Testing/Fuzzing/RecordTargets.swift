import FoundationEssentials
import Health
import Lifecycle
import Model
import Records

@testable import Store

extension FuzzTarget {
    /// The files of the store.
    static let records = FuzzTarget(
        "records", "what is read of a record and written again is read as the same; damage is told"
    ) { input in
        for kind in ["spec", "state"] {
            let envelope = Envelope(kind: kind)
            if let payload = try? envelope.unwrap(input) {
                let again = try envelope.unwrap(envelope.wrap(Array(payload)))
                try hold(Array(again) == Array(payload), "a payload changes when it is wrapped again")
            }
            try hold(
                (try? envelope.unwrap(envelope.wrap(input))).map(Array.init) == input,
                "a payload is not what was wrapped")
        }
        try roundTrip(ContainerStateRecord.self, input)
        try roundTrip(ContainerRecord.self, input)
        try roundTrip(HistoryEntry.self, input)
        try roundTrip(SupervisorMark.self, input)
        try roundTrip(StoredForm<HealthRecord>.self, input)
    }

    private static func roundTrip<Value: Codable>(_ type: Value.Type, _ input: [UInt8]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let value = try? JSONDecoder().decode(type, from: Data(input)), let first = try? encoder.encode(value)
        else {
            return
        }
        let again = try JSONDecoder().decode(type, from: first)
        try hold(try encoder.encode(again) == first, "\(type) changes when it is written again: \(Array(first).text)")
    }

    /// The history of a container.
    static let history = FuzzTarget("history", "every whole line is found, whatever stands around it") { input in
        let (payloads, damaged) = HistoryFormat.parse(input)
        try hold(payloads.count + damaged <= input.count / 2 + 1, "more lines than bytes")
        let line = HistoryFormat.line(Array("payload".utf8))
        let framed = input + [HistoryFormat.newline] + line + input
        let found = HistoryFormat.parse(framed).payloads.count { $0.elementsEqual("payload".utf8) }
        try hold(found >= 1, "a whole line is lost among damaged ones")
    }
}
