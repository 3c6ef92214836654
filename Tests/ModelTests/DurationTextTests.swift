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
