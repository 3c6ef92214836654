import Model
import Testing

/// Go's own outputs of `time.Duration.String`.
@Test(
    arguments: [
        (0, "0s"), (1, "1ns"), (1_500, "1.5µs"), (250_000_000, "250ms"), (1_000_000_000, "1s"), (1_500_000_000, "1.5s"),
        (30_000_000_000, "30s"), (90_000_000_000, "1m30s"), (3_600_000_000_000, "1h0m0s"), (-2_000_000, "-2ms"),
        (3_661_000_000_001, "1h1m1.000000001s"),
    ] as [(Int64, String)])
func spansReadAsInGo(_ count: Int64, _ text: String) {
    #expect(Nanoseconds(count).goText == text)
}

/// Go's own answers of `time.ParseDuration`.
@Suite("Spans are read as in Go")
struct GoDurationTests {
    @Test(
        "what Go reads",
        arguments: [
            ("1h30m", 5_400_000_000_000), ("300ms", 300_000_000), ("1.5s", 1_500_000_000), ("-2m", -120_000_000_000),
            ("0", 0), ("+5s", 5_000_000_000), (".5s", 500_000_000), ("1.s", 1_000_000_000), ("1us1µs1μs", 3000),
            ("9223372036854775806ns", 9_223_372_036_854_775_806), ("0.3333333333333333333h", 1_200_000_000_000),
        ] as [(String, Int64)])
    func read(text: String, nanoseconds: Int64) throws {
        #expect(abs(try Nanoseconds(goText: text).count - nanoseconds) <= (text.hasPrefix("0.3") ? 1 : 0))
    }

    @Test(
        "what Go refuses, in its words",
        arguments: [
            ("", #"time: invalid duration """#), ("5", #"time: missing unit in duration "5""#),
            ("s", #"time: invalid duration "s""#), ("1x", #"time: unknown unit "x" in duration "1x""#),
            ("1s2", #"time: missing unit in duration "1s2""#), ("--1s", #"time: invalid duration "--1s""#),
            (".s", #"time: invalid duration ".s""#), ("3000000h", #"time: invalid duration "3000000h""#),
            ("1S", #"time: unknown unit "S" in duration "1S""#),
        ])
    func refused(text: String, words: String) {
        let error = #expect(throws: Nanoseconds.InvalidGoText.self) { try Nanoseconds(goText: text) }
        #expect(error?.message == words)
    }
}

@Suite("Spans are told as docker/go-units tells them")
struct HumanDurationTests {
    private static let told: [(Int64, String)] = [
        (0, "Less than a second"), (999, "Less than a second"), (1000, "1 second"), (1999, "1 second"),
        (2000, "2 seconds"), (59_999, "59 seconds"), (60_000, "About a minute"), (119_999, "About a minute"),
        (120_000, "2 minutes"), (3_599_000, "59 minutes"), (3_600_000, "About an hour"),
        (5_399_000, "About an hour"), (5_400_000, "2 hours"), (47 * 3_600_000, "47 hours"),
        (48 * 3_600_000, "2 days"), (14 * 86_400_000, "2 weeks"), (60 * 86_400_000, "2 months"),
        (730 * 86_400_000, "2 years"),
    ]

    @Test(arguments: told)
    func unitsChangeWhereTheirsDo(milliseconds: Int64, words: String) {
        #expect(Nanoseconds.milliseconds(milliseconds).humanDuration == words)
    }

    @Test func whatCannotBeSaidInNanosecondsIsTheLongestSpan() {
        let yearOne = WallTime(nanoseconds: Int64(-62_135_596_800).saturatingMultiplied(by: 1_000_000_000))
        #expect(WallTime(nanoseconds: 1_795_488_967_000_000_000).since(yearOne).humanDuration == "292 years")
        #expect(Nanoseconds.seconds(-5).humanDuration == "Less than a second")
    }
}
