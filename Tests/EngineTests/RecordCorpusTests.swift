import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Store

@Suite("Records that any version wrote")
struct RecordCorpusTests {
    /// Holds every sample against its files, and the files against the samples.
    private func hold<Value>(_ kind: String, _ frame: RecordCorpus.Frame, _ samples: [RecordSample<Value>]) throws {
        #expect(!samples.isEmpty && Set(samples.map(\.name)).count == samples.count)
        for sample in samples {
            let payloads = try RecordCorpus.payloads(of: sample.name, in: kind, frame) {
                try JSON.encode(sample.value, path: sample.name)
            }
            #expect(!payloads.isEmpty, "\(kind)/\(sample.name) has no file; run the tests with SERENO_REGENERATE=1")
            for payload in payloads {
                let read = try JSON.decode(Value.self, from: payload[...])
                #expect(read == sample.value, "\(kind)/\(sample.name) is read as something else")
                let written = try JSONTree(try JSON.encode(read, path: sample.name))
                #expect(written.holds(try JSONTree(payload)), "\(kind)/\(sample.name) is not written as it was")
            }
        }
        let known = Set(samples.map(\.name))
        #expect(try RecordCorpus.names(in: kind).isSubset(of: known), "a file of \(kind) that nothing reads")
    }

    @Test("are read as what they say, and written again with all that they said")
    func everyRecord() throws {
        try hold("spec", .envelope("spec"), RecordSamples.spec)
        try hold("state", .envelope("state"), RecordSamples.state)
        try hold("history", .line, RecordSamples.history)
        try hold("health", .none, RecordSamples.health)
        try hold("mark", .none, RecordSamples.marks)
        try hold("image-names", .none, RecordSamples.imageNames)
        try hold("layer", .none, RecordSamples.layers)
    }
}
