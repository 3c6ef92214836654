import Foundation
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
    func replay(_ name: String) async throws {
        // Not on a thread that tests and tasks share: what waits there for a server keeps it from answering.
        let result = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: Result { try Self.failures(of: name) }) }
        }
        #expect(try result.get() == [])
    }

    /// Which inputs of a target, and which spoiled ones, break what it promises.
    private static func failures(of name: String) throws -> [String] {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let files = try TestFiles.list(corpus + "/" + name)
        guard !files.isEmpty else { return ["\(name) has no inputs"] }
        var failures: [String] = []
        func check(_ input: [UInt8], _ what: @autoclosure () -> String) {
            do { try target.run(input) } catch { failures.append("\(what()): \(error)") }
        }
        check([], "nothing")
        var chance = SystemRandomNumberGenerator()
        for file in files {
            let input = try TestFiles.readBytes("\(corpus)/\(name)/\(file)")
            check(input, file)
            // What talks to a server takes its time with each.
            for _ in 0..<(name == "http" ? 1 : spoilings) {
                let spoiled = spoil(input, &chance)
                check(spoiled, "\(file), spoiled to \(spoiled)")
            }
        }
        return failures
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
