import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import APIServer

@Suite("A server at rest")
struct RestTests {
    @Test("It tells once that it is at rest, and again only after it has answered again")
    func rest() {
        let loop = EmbeddedEventLoop()
        let rests = Atomic(0)
        let log = Logger(label: "test")
        let table = ConnectionTable(APIBounds(openFiles: 256), loop: loop, log: log) {
            rests.wrappingAdd(1, ordering: .relaxed)
        }
        for round in 1...2 {
            table.answered()
            loop.advanceTime(by: .seconds(4))
            // An answer in between puts the rest off.
            table.answered()
            loop.advanceTime(by: .seconds(4))
            #expect(rests.load(ordering: .relaxed) == round - 1)
            loop.advanceTime(by: .seconds(1))
            #expect(rests.load(ordering: .relaxed) == round)
            loop.advanceTime(by: .hours(1))
            #expect(rests.load(ordering: .relaxed) == round)
        }
    }
}
