import Model
import Testing

@Suite struct SaturationTests {
    private static let extremes: [Int64] = [.min, .min + 1, -1_000_000_000, -1, 0, 1, 1_000_000_000, .max - 1, .max]

    @Test("Sums, differences and products end at the bounds, and are exact within them")
    func bounds() {
        for a in Self.extremes {
            for b in Self.extremes {
                let (wideA, wideB) = (Int128(a), Int128(b))
                #expect(a.saturatingMultiplied(by: b) == Int64(clamping: wideA * wideB), "\(a) * \(b)")
                #expect(a.saturatingAdding(b) == Int64(clamping: wideA + wideB), "\(a) + \(b)")
                #expect(a.saturatingSubtracting(b) == Int64(clamping: wideA - wideB), "\(a) - \(b)")
            }
        }
        #expect(UInt64(1).saturatingSubtracting(2) == 0 && UInt64.max.saturatingAdding(1) == .max)
    }

    @Test("Floating numbers become whole ones or a bound")
    func floating() {
        for value in [Double.infinity, 1e300, 0x1p63] { #expect(Int64(saturating: value) == .max) }
        for value in [-Double.infinity, -1e300, -0x1p63] { #expect(Int64(saturating: value) == .min) }
        #expect(Int64(saturating: .nan) == 0 && Int64(saturating: -1.9) == -1 && Int64(saturating: 5) == 5)
    }

    @Test("Times and spans can be put together in every way")
    func times() {
        for a in Self.extremes {
            for b in Self.extremes {
                let (now, span) = (MonotonicInstant(nanoseconds: a), Nanoseconds(b))
                #expect(b >= 0 ? now.advanced(by: span) >= now : now.advanced(by: span) <= now)
                #expect(now.since(MonotonicInstant(nanoseconds: b)) >= .zero || a < b)
                let wall = WallTime(nanoseconds: a).advanced(by: span)
                #expect(!wall.rfc3339Nano.isEmpty && !span.description.isEmpty && !span.goText.isEmpty)
                #expect((span - span) == .zero)
            }
        }
        #expect(Nanoseconds.seconds(.max).count == .max && Nanoseconds.seconds(.min).count == .min)
    }

    @Test("A time beyond what can be counted is the first or the last one")
    func farTimes() {
        #expect(WallTime(rfc3339: "0001-01-01T00:00:00Z")?.nanoseconds == .min)
        #expect(WallTime(rfc3339: "9999-12-31T23:59:59.999999999Z")?.nanoseconds == .max)
        #expect(WallTime(rfc3339: "2262-04-11T23:47:16.999999999Z")?.nanoseconds == .max)
        #expect(WallTime(rfc3339: "1970-01-01T00:00:01Z")?.nanoseconds == 1_000_000_000)
    }

    @Test("A client's name for itself cannot move a cursor or begin a line")
    func names() {
        let client = Client.process(number: 7, program: "a\u{1b}[2J\nb\u{7f}\u{9b}é", uid: 0, user: "ro\rot", gid: 0)
        #expect(client.description == "user ro\\x0dot (uid 0), process 7 a\\x1b[2J\\x0ab\\x7f\\x9bé")
        #expect("plain ü".withControlsShown == "plain ü")
    }
}
