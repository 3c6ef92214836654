import Testing

@testable import Records

@Suite("What waits for the disk")
struct LedgerTests {
    private typealias Numbers = Ledger<Int, Int>

    @Test("is written one group at a time, and what comes meanwhile gathers for the next")
    func groups() {
        var ledger = Numbers()
        let put = [ledger.put(1), ledger.put(2), ledger.put(3)]
        #expect(put == [[1], nil, nil])
        let ended = [ledger.endGroup(), ledger.endGroup()]
        #expect(ended == [[2, 3], nil])
        let next = ledger.put(4)
        #expect(next == [4])
    }

    @Test("goes in groups of a bounded size, in its order")
    func bound() {
        var ledger = Numbers()
        _ = ledger.put(0)
        for number in 1...(Numbers.groupBound * 2 + 1) { _ = ledger.put(number) }
        var written: [Int] = []
        while let group = ledger.endGroup() {
            #expect(group.count <= Numbers.groupBound)
            written += group
        }
        #expect(written == Array(1...(Numbers.groupBound * 2 + 1)))
    }

    @Test("is held against a command until the disk has taken both the change and the record")
    func refusals() {
        var ledger = Numbers()
        #expect(ledger.refusal(of: 1) == nil)
        ledger.refused(1, "No space left on device")
        ledger.refusedRecord(1, "Input/output error")
        #expect(ledger.refusal(of: 1) == "Input/output error")
        #expect(ledger.hasRefusedChange(1))
        ledger.took(1)
        #expect(!ledger.hasRefusedChange(1))
        #expect(ledger.refusal(of: 1) == "Input/output error")
        ledger.tookRecord(1)
        #expect(ledger.refusal(of: 1) == nil)
        #expect(ledger.openCount == 0)
    }

    @Test("is tried again all together, once")
    func retries() {
        var ledger = Numbers()
        ledger.refused(3, "")
        ledger.refused(1, "")
        ledger.refusedRecord(2, "")
        ledger.discard(4)
        #expect(ledger.openCount == 4)
        let set = [ledger.setRetry(), ledger.setRetry()]
        #expect(set == [true, false])
        let all = ledger.retry()
        #expect(all == Numbers.Retry(changes: [1, 3], records: [2], removals: [4]))
        let again = ledger.setRetry()
        #expect(again)
        ledger.discarded(4)
        ledger.forget(3)
        let left = ledger.retry()
        #expect(left == Numbers.Retry(changes: [1], records: [2], removals: []))
    }
}
