import Model
import Testing

@testable import Runs

@Suite("A run is over when its process ended, its output was read and its memory was looked at")
struct RunTableTests {
    private enum Step: CaseIterable {
        case end, drain, account

        func take(_ table: inout RunTable, _ number: RunID) -> RunConclusion? {
            switch self {
            case .end: table.end(number, .exited(.exited(7), MonotonicInstant(nanoseconds: 1)))
            case .drain: table.drain(number)
            case .account: table.account(number, .unremarkable)
            }
        }
    }

    @Test("in whatever order, once, and not before")
    func everyOrder() throws {
        let owner = RunOwner.exec("check", try #require(ContainerID(String(repeating: "a", count: 64))))
        for first in Step.allCases {
            for second in Step.allCases where second != first {
                for third in Step.allCases where third != first && third != second {
                    var table = RunTable()
                    let number = table.open()
                    table.enter(number, of: owner)
                    let early = [first.take(&table, number), second.take(&table, number)]
                    #expect(early == [nil, nil])
                    let over = third.take(&table, number)
                    #expect(over?.owner == owner && over?.number == number)
                    guard case .exited(.exited(7), _)? = over?.end else {
                        Issue.record("it ended otherwise")
                        continue
                    }
                    #expect(table.count == 0)
                    let again = third.take(&table, number)
                    #expect(again == nil)
                }
            }
        }
    }

    @Test("but a stray's end is nobody's")
    func strays() {
        var table = RunTable()
        table.enter(RunID(3), of: .stray)
        for step in Step.allCases {
            let over = step.take(&table, RunID(3))
            #expect(over == nil)
        }
        #expect(table[RunID(3)] == .stray)
    }

    @Test("and no number is given twice, nor one that the keeper has")
    func numbers() {
        var table = RunTable()
        let first = table.open()
        table.found(RunID(41))
        table.found(RunID(7))
        let later = [table.open(), table.open()]
        #expect(first == RunID(1))
        #expect(later == [RunID(42), RunID(43)])
    }
}

extension RunConclusion: Equatable {
    static func == (one: RunConclusion, other: RunConclusion) -> Bool { one.number == other.number }
}
