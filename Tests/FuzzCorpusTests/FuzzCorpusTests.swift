import Fuzzing
import TestSupport
import Testing

/// The inputs that the fuzzers of scripts/fuzz found worth keeping, and what comes of spoiling them a little.
@Suite("Fuzzed inputs", .serialized)
struct FuzzCorpusTests {
    private static let corpus = GeneratedPage.root + "/Tests/Corpus/fuzz"
    /// How often each input is spoiled.
    private static let spoilings = 20

    @Test("every target has a corpus, and every corpus a target")
    func complete() throws {
        #expect(try TestFiles.list(Self.corpus) == FuzzTarget.all.map(\.name).sorted())
    }

    @Test("the property holds for every input kept, and for neighbours of it", arguments: FuzzTarget.all.map(\.name))
    func replay(_ name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let files = try TestFiles.list(Self.corpus + "/" + name)
        #expect(!files.isEmpty)
        var chance = SystemRandomNumberGenerator()
        try target.run([])
        for file in files {
            let input = try TestFiles.readBytes("\(Self.corpus)/\(name)/\(file)")
            #expect(throws: Never.self, "\(name)/\(file)") { try target.run(input) }
            // What talks to a server takes its time with each.
            for _ in 0..<(name == "http" ? 1 : Self.spoilings) {
                let spoiled = Self.spoil(input, &chance)
                #expect(throws: Never.self, "\(name): \(spoiled)") { try target.run(spoiled) }
            }
        }
    }

    private static func spoil(_ input: [UInt8], _ chance: inout some RandomNumberGenerator) -> [UInt8] {
        var bytes = input
        guard !bytes.isEmpty else { return [UInt8.random(in: 0...255, using: &chance)] }
        let place = Int.random(in: 0..<bytes.count, using: &chance)
        switch Int.random(in: 0..<4, using: &chance) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &chance)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &chance), at: place)
        default: bytes.removeLast(bytes.count - place)
        }
        return bytes
    }
}
