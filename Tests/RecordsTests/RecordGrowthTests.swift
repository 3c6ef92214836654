import JSONFormat
import Model
import TestSupport
import Testing

@testable import Health
@testable import Lifecycle
@testable import Records
@testable import Store

/// What makes a version's records readable for the versions after it and before it.
@Suite("Records with more or fewer fields")
struct RecordGrowthTests {
    /// Objects whose keys are a user's words, and no fields.
    private static let words: Set<String> = ["labels", "annotations", "options", "portBindings", "sysctls"]

    private func read<Value: Codable>(_ type: Value.Type, _ text: JSONText) -> Value? {
        try? StoredJSON.decode(type, from: text.encoded()[...])
    }

    private func forEach<Value>(
        _ samples: [RecordSample<Value>], _ body: (Value, JSONText, String) throws -> Void
    ) throws {
        #expect(!samples.isEmpty)
        for sample in samples {
            try body(
                sample.value, try JSONText(parsing: try StoredJSON.encode(sample.value, path: sample.name)), sample.name
            )
        }
    }

    private func named(_ path: [JSONStep]) -> String {
        path.map { step in
            switch step {
            case .member(let name): name
            case .element(let index): String(index)
            }
        }.joined(separator: ".")
    }

    private func withStranger(_ text: JSONText, at path: [JSONStep]) -> JSONText {
        text.changing(path) { object in
            var object = object
            object.append("a field of tomorrow", "x")
            return object
        }
    }

    private func areWords(_ path: [JSONStep]) -> Bool {
        if case .member(let name) = path.last { Self.words.contains(name) } else { false }
    }

    private func passOver<Value>(_ samples: [RecordSample<Value>]) throws {
        try forEach(samples) { value, text, name in
            for path in text.objects {
                let found = read(Value.self, withStranger(text, at: path))
                #expect(found == value, "\(name) is not read with an unknown field in \"\(named(path))\"")
            }
        }
    }

    @Test("pass over an unknown field of a state, an entry, a health or a mark")
    func unknownFieldsPassedOver() throws {
        try passOver(RecordSamples.state)
        try passOver(RecordSamples.history)
        try passOver(RecordSamples.health)
        try passOver(RecordSamples.marks)
    }

    @Test("are another version's with an unknown field in what a container was asked to be")
    func unknownFieldsRefused() throws {
        var objects = 0
        try forEach(RecordSamples.spec) { _, text, name in
            for path in text.objects where !areWords(path) && path.last != .member("created") {
                objects += 1
                let file = Envelope(kind: "spec").wrap(withStranger(text, at: path).encoded())
                do throws(DamageFound) {
                    _ = try Envelope(kind: "spec").decode(ContainerRecord.self, from: file)
                    Issue.record("\(name) is read with an unknown field in \"\(named(path))\"")
                } catch {
                    #expect(error.damage.isOfAnotherVersion)
                    #expect(error.damage.description.contains("a field of tomorrow"), "\(error.damage)")
                }
            }
        }
        #expect(objects > 100)
    }

    /// Every field but the few that say what a record is about.
    private func drop<Value>(_ samples: [RecordSample<Value>], required: Set<String>) throws {
        var dropped = 0
        try forEach(samples) { _, text, name in
            for path in text.objects where !areWords(path) {
                for field in fields(of: text, at: path) where !isRequired(path, field, required) {
                    dropped += 1
                    let less = text.changing(path) { object in
                        JSONObject(object.filter { $0.name != field }.map { ($0.name, $0.value) })
                    }
                    #expect(
                        read(Value.self, less) != nil,
                        "\(name) is not read without \"\(named(path + [.member(field)]))\"")
                }
            }
        }
        #expect(dropped > 0)
    }

    private func fields(of text: JSONText, at path: [JSONStep]) -> [String] {
        var fields: [String] = []
        _ = text.changing(path) { object in
            fields = object.map(\.name)
            return object
        }
        return fields
    }

    /// A choice has one word, and what it carries without a label belongs to it.
    private func isRequired(_ path: [JSONStep], _ field: String, _ required: Set<String>) -> Bool {
        let whole = named(path + [.member(field)])
        return required.contains { whole == $0 || whole.hasSuffix("." + $0) }
    }

    @Test("are read without any field that may be absent")
    func absentFields() throws {
        try drop(RecordSamples.spec, required: ["id", "created", "spec", "restart.name", "nanoseconds"])
        let choices = Set(
            Reason.Occurrence.Word.allCases.map(\.rawValue) + Reason.Rule.Word.allCases.map(\.rawValue)
                + Reason.Outcome.Word.allCases.map(\.rawValue) + Reason.Delay.Basis.Word.allCases.map(\.rawValue)
                + RunEnd.Word.allCases.map(\.rawValue) + Client.Word.allCases.map(\.rawValue)
        ).union(["_0", "_1"])
        let words: Set<String> = [
            "nanoseconds", "span", "basis", "verb", "signal", "time", "uid", "gid", "subject", "system",
            "exitCode", "occurrence", "rule", "outcome",
        ]
        let states = Set(ContainerState.Word.allCases.map { "record.state." + $0.rawValue })
        try drop(
            RecordSamples.state,
            required: choices.union(words).union(states).union([
                "name", "record", "state", "origin", "purpose", "sequence", "steps", "number", "startTicks", "identity",
                "group", "kills", "delay", "due", "delay.count", "grace.count", "stalled.count",
            ]))
        try drop(
            RecordSamples.history,
            required: choices.union(words).union([
                "monotonic", "after", "force", "maximum", "name", "count", "delay", "from", "threshold", "status",
                "ranFor", "outOfMemory",
            ]))
        try drop(RecordSamples.health, required: ["nanoseconds", "start", "end", "exitCode"])
        try drop(RecordSamples.marks, required: ["boot", "keeper", "keeperStart"])
    }

    private struct Grown: StoredObject, Hashable {
        var old = 1
        var new: [String] = []
        var bound = 7

        static let absent = Grown()
        static let fields: [StoredField<Self>] = [
            StoredField("old", \.old), .added("new", \.new), .added("bound", \.bound),
        ]
    }

    @Test("are written without a new field that is not used, so that an older version reads them")
    func newFieldsAreWrittenWhenUsed() throws {
        func text(_ value: Grown) throws -> String {
            String(decoding: try StoredJSON.encode(StoredForm(value), path: ""), as: UTF8.self)
        }
        var value = Grown()
        #expect(try text(value) == #"{"old":1}"#)
        value.new = ["a"]
        value.bound = 8
        #expect(try text(value) == #"{"bound":8,"new":["a"],"old":1}"#)
        #expect(read(StoredForm<Grown>.self, try JSONText(parsing: Array(try text(value).utf8)))?.value == value)
    }

    @Test("are another version's with a word that this one does not know")
    func unknownWords() throws {
        var changed = 0
        try forEach(RecordSamples.state) { _, text, name in
            guard let state = text[["record", "state"]]?.object?.first?.name else { return }
            changed += 1
            let other = text.changing([.member("record"), .member("state")]) { object in
                JSONObject(object.map { ($0.name == state ? "a state of tomorrow" : $0.name, $0.value) })
            }
            #expect(read(ContainerStateRecord.self, other) == nil, "\(name)")
        }
        #expect(changed > 20)
        let status = #"{"frozen":true}"#
        #expect(
            read(StoredForm<Model.ExitStatus>.self, try JSONText(parsing: Array(status.utf8)))?.value == .unknown)
    }
}
