import JSONFormat
import Model
import TestSupport
import Testing

@testable import Health
@testable import Lifecycle
@testable import Records
@testable import Store

@Suite("Records that any version wrote")
struct RecordCorpusTests {
    /// Holds every sample against its files, and the files against the samples.
    private func hold<Value>(_ kind: String, _ samples: [RecordSample<Value>]) throws {
        #expect(!samples.isEmpty && Set(samples.map(\.name)).count == samples.count)
        for sample in samples {
            let payloads = try RecordCorpus.payloads(of: sample.name, in: kind) {
                try StoredJSON.encode(sample.value, path: sample.name)
            }
            #expect(!payloads.isEmpty, "\(kind)/\(sample.name) has no file; run the tests with SERENO_REGENERATE=1")
            for payload in payloads {
                let read = try StoredJSON.decode(Value.self, from: payload[...])
                #expect(read == sample.value, "\(kind)/\(sample.name) is read as something else")
                let written = try JSONText(parsing: try StoredJSON.encode(read, path: sample.name))
                #expect(
                    written.holds(Self.said(in: try JSONText(parsing: payload))),
                    "\(kind)/\(sample.name) is not written as it was")
            }
        }
        let known = Set(samples.map(\.name))
        #expect(try RecordCorpus.names(in: kind).isSubset(of: known), "a file of \(kind) that nothing reads")
    }

    /// A record without the words that say nothing: the source of a tmpfs, which a file of 0.1.0 has and no request could set.
    private static func said(in record: JSONText) -> JSONText {
        record.objects.reduce(record) { record, path in
            record.changing(path) { object in
                guard object["kind"]?.string == "tmpfs" else { return object }
                return JSONObject(object.filter { $0.name != "source" }.map { ($0.name, $0.value) })
            }
        }
    }

    @Test("are read as what they say, and written again with all that they said")
    func everyRecord() throws {
        try hold("spec", RecordSamples.spec)
        try hold("state", RecordSamples.state)
        try hold("history", RecordSamples.history)
        try hold("health", RecordSamples.health)
        try hold("mark", RecordSamples.marks)
        try hold("image-names", RecordSamples.imageNames)
        try hold("layer", RecordSamples.layers)
    }

    /// A new case of the code cannot be written without a word of its own, and the word is not there without a record.
    @Test("hold every word that can be stored")
    func everyWord() throws {
        try hold(choices: Reason.Occurrence.self, "history", "occurrence", at: ["reason", "occurrence"])
        try hold(choices: Reason.Rule.self, "history", "rule", at: ["reason", "rule"])
        try hold(choices: Reason.Outcome.self, "history", "outcome", at: ["reason", "outcome"])
        try hold(
            choices: Reason.Delay.Basis.self, "history", "basis",
            at: ["reason", "outcome", "restart", "delay", "basis"])
        try hold(choices: RunEnd.self, "history", "end", at: ["reason", "occurrence", "ended", "_0"])
        try hold(choices: Client.self, "history", "client", at: ["command", "client"])
        try hold(choices: ContainerState.self, "state", "state", at: ["record", "state"])
        try hold(
            names: SupervisorEnd.self, "history", "supervisor",
            at: ["reason", "occurrence", "supervisorStarted", "after"])
        try hold(names: InitStart.self, "history", "initStart", at: ["reason", "occurrence", "initAsked", "_0"])
        try hold(names: UserCommand.Verb.self, "history", "command", at: ["command", "verb"])
        try hold(names: LaunchOrigin.self, "state", "launch", at: ["record", "state", "starting", "_0", "origin"])
        try hold(names: StopPurpose.self, "state", "purpose", at: ["record", "state", "stopping", "_0", "purpose"])
        try hold(names: InitSystem.self, "state", "unit", at: ["record", "owner", "system"])
        try hold(names: UserStop.Verb.self, "state", "stop", at: ["record", "history", "userStop", "verb"])
        try hold(names: HealthSnapshot.Status.self, "health", "status", at: ["snapshot", "status"])
        try hold(names: LogDriver.self, "spec", "log", at: ["spec", "logging", "driver"])
        try hold(names: MountSource.Kind.self, "spec", "mount", at: ["kind"], in: ["spec", "mounts"])
        try hold(names: MountSpec.Origin.self, "spec", "mountOrigin", at: ["origin"], in: ["spec", "mounts"])
    }

    private func hold<Choice: StoredChoice>(
        choices: Choice.Type, _ kind: String, _ prefix: String, at path: [String]
    ) throws {
        #expect(!Choice.Word.allCases.isEmpty)
        for word in Choice.Word.allCases {
            let record = try record("\(prefix)-\(word.rawValue)", kind)
            #expect(record?[path]?[word.rawValue] != nil, "no record of \(kind) holds \(Choice.self) \(word)")
        }
    }

    private func hold<Name: StoredName>(
        names: Name.Type, _ kind: String, _ prefix: String, at path: [String], in array: [String] = []
    ) throws {
        #expect(!Name.allCases.isEmpty)
        for word in Name.allCases {
            var record = try record("\(prefix)-\(word.storedName)", kind)
            if !array.isEmpty { record = record?[array]?.elements.first }
            #expect(record?[path]?.string == word.storedName, "no record of \(kind) holds \(Name.self) \(word)")
        }
    }

    private func record(_ name: String, _ kind: String) throws -> JSONText? {
        try RecordCorpus.payloads(of: name, in: kind).first.map { try JSONText(parsing: $0) }
    }
}
