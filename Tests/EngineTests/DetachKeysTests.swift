import Testing

@testable import Engine
@testable import Runs

@Suite("Detach keys")
struct DetachKeysTests {
    @Test(
        "Docker's spellings are understood, others refused",
        arguments: [
            ("", true), ("ctrl-p,ctrl-q", true), ("a", true), ("ctrl-@,b", true), ("ctrl-[", true), ("ctrl-_", true),
            ("ctrl-", false), ("ctrl-1", false), ("ab", false), ("a,,b", false), ("CTRL-A", false),
        ])
    func spelling(_ text: String, _ valid: Bool) {
        #expect((DetachKeys(text) != nil) == valid)
    }

    @Test("Whatever the input and however it is cut, all but the sequence is passed on")
    func passesEverythingElse() throws {
        let inputs: [[UInt8]] = [[1, 2, 3], [16, 1, 16, 16, 2], [16, 16, 16], [17, 16, 1, 17], [16, 1]]
        for input in inputs {
            for cut in 0...input.count {
                var keys = try #require(DetachKeys(""))
                let first = keys.consume(input[..<cut])
                let second = keys.consume(input[cut...])
                let rest = keys.consume([1])
                #expect(!first.detached && !second.detached && !rest.detached)
                #expect(first.forward + second.forward + rest.forward == input + [1])
            }
        }
    }

    @Test("The sequence detaches, also when it comes in two pieces or after a false start")
    func detaches() throws {
        for pieces: [[UInt8]] in [[[16, 17]], [[16], [17]], [[65, 16], [17, 66]], [[16, 16, 17]]] {
            var keys = try #require(DetachKeys(""))
            #expect(pieces.map { keys.consume($0).detached }.last == true)
        }
    }
}
