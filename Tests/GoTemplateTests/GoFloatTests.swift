import GoTemplate
import Testing

@Suite("Numbers read as Go writes them")
struct GoFloatTests {
    @Test(
        "floats are rounded half to even on their exact value",
        arguments: [
            (0.125, 2, "0.12"), (2.675, 2, "2.67"), (0.5, 0, "0"), (1.5, 0, "2"), (999.995, 2, "1000.00"),
            (-1.25, 1, "-1.2"),
            (1e22, 1, "10000000000000000000000.0"), (Double.leastNonzeroMagnitude, 3, "0.000"),
        ] as [(Double, Int, String)])
    func fixed(_ value: Double, _ precision: Int, _ text: String) {
        #expect(GoFloat.fixed(value, precision: precision) == text)
    }
}
