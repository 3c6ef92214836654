import Foundation
import Model
import Restart
import Testing

@Suite struct BackoffPolicyTests {
    @Test func aPolicyThatCouldShrinkOrRunAwayDoesNotExist() {
        let second = Nanoseconds.seconds(1)
        #expect(BackoffPolicy(first: Nanoseconds(-1), factor: 2, cap: second, resetAfter: second) == nil)
        #expect(BackoffPolicy(first: second, factor: 0.9, cap: second, resetAfter: second) == nil)
        #expect(BackoffPolicy(first: second, factor: .nan, cap: second, resetAfter: second) == nil)
        #expect(BackoffPolicy(first: second, factor: .infinity, cap: second, resetAfter: second) == nil)
        #expect(BackoffPolicy(first: second, factor: 2, cap: .zero, resetAfter: second) == nil)
        #expect(BackoffPolicy(first: second, factor: 2, cap: second, resetAfter: Nanoseconds(-1)) == nil)
        #expect(BackoffPolicy(first: .zero, factor: 1, cap: .zero, resetAfter: .zero) != nil)
    }

    @Test func anyFactorStopsAtTheCap() throws {
        let policy = try #require(
            BackoffPolicy(first: .seconds(1), factor: 1e300, cap: Nanoseconds(.max), resetAfter: .seconds(1)))
        let delay = policy.delay(after: .seconds(1), ranFor: nil)
        #expect(delay == Reason.Delay(span: Nanoseconds(.max), basis: .capped))
    }

    @Test func aRunOfExactlyTheThresholdResets() {
        let before = BackoffPolicy.docker.delay(after: .seconds(6), ranFor: Nanoseconds(9_999_999_999))
        let at = BackoffPolicy.docker.delay(after: .seconds(6), ranFor: .seconds(10))
        #expect(before.span == .seconds(12))
        #expect(at == Reason.Delay(span: .milliseconds(100), basis: .reset(threshold: .seconds(10))))
    }
}
