import Testing

@testable import Model

@Suite("Detach keys")
struct DetachKeysTests {
    @Test(
        "Docker's spellings are understood",
        arguments: [
            ("", [16, 17]), ("ctrl-p,ctrl-q", [16, 17]), ("a", [0x61]), ("ctrl-@,b", [0, 0x62]), ("ctrl-[", [27]),
            ("ctrl-a,x,ctrl-@,ctrl-_,DEL", [1, 0x78, 0, 31, 127]), (",", nil), ("DEL", [127]),
        ] as [(String, [UInt8]?)])
    func spelling(_ text: String, _ sequence: [UInt8]?) {
        #expect(DetachKeys(parsing: text)?.sequence == sequence)
    }

    @Test(
        "Others are refused",
        arguments: [
            "ctrl-", "ctrl-1", "ab", "a,,b", "CTRL-A", "ctrl-A", "bogus", "a,", "ctrl-ab", "del", "ctrl-DEL", "ctrl-?",
        ])
    func refused(_ text: String) { #expect(DetachKeys(parsing: text) == nil) }

    @Test("Whatever the input and however it is cut, all but the sequence is passed on")
    func passesEverythingElse() {
        let inputs: [[UInt8]] = [[1, 2, 3], [16, 1, 16, 16, 2], [16, 16, 16], [17, 16, 1, 17], [16, 1]]
        for input in inputs {
            for cut in 0...input.count {
                var watch = DetachKeys.Watch(.standard)
                let first = watch.pass(input[..<cut])
                let second = watch.pass(input[cut...])
                let rest = watch.pass([1])
                #expect(!first.detached && !second.detached && !rest.detached)
                #expect(first.passed + second.passed + rest.passed == input + [1])
            }
        }
    }

    @Test("The sequence detaches, also when it comes in two pieces or after a false start")
    func detaches() {
        for pieces: [[UInt8]] in [[[16, 17]], [[16], [17]], [[65, 16], [17, 66]], [[16, 16, 17]]] {
            var watch = DetachKeys.Watch(.standard)
            #expect(pieces.map { watch.pass($0).detached }.last == true)
        }
    }

    @Test("A begin of the sequence inside a false start counts")
    func repeatedKeys() throws {
        var watch = DetachKeys.Watch(try #require(DetachKeys(parsing: "a,a,b")))
        #expect(watch.pass(Array("xaaab".utf8)) == .init(passed: Array("xa".utf8), detached: true))
        #expect(watch.pass(Array("aa".utf8)) == .init(passed: [], detached: false))
        #expect(watch.pass(Array("c".utf8)) == .init(passed: Array("aac".utf8), detached: false))
    }
}
