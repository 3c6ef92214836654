import GoTemplate
import Testing

@Suite("Sizes, durations and numbers read as Go writes them")
struct HumanUnitsTests {
    @Test(
        "durations change their unit where docker's do",
        arguments: [
            (0, "Less than a second"), (0.9, "Less than a second"), (1, "1 second"), (59, "59 seconds"),
            (60, "About a minute"), (119, "About a minute"), (120, "2 minutes"), (3599, "59 minutes"),
            (3600, "About an hour"), (5399, "About an hour"), (5400, "2 hours"), (172_799, "2 days"),
            (172_800, "2 days"), (1_209_600, "2 weeks"), (5_184_000, "2 months"), (63_072_000, "2 years"),
        ] as [(Double, String)])
    func durations(_ seconds: Double, _ text: String) {
        #expect(HumanUnits.duration(seconds) == text)
    }

    @Test(
        "sizes keep the significant digits asked for",
        arguments: [
            (0, 3, "0B"), (999, 3, "999B"), (1000, 3, "1kB"), (1024, 3, "1.02kB"), (999_500, 3, "1e+03kB"),
            (187_654_321, 3, "188MB"), (2_751_719, 4, "2.752MB"), (5_368_709_120, 4, "5.369GB"),
        ] as [(Double, Int, String)])
    func sizes(_ bytes: Double, _ precision: Int, _ text: String) {
        #expect(HumanUnits.size(bytes, precision: precision) == text)
    }

    @Test(
        "binary sizes have four digits",
        arguments: [(339_968, "332KiB"), (25_276_514_304, "23.54GiB"), (0, "0B")] as [(Double, String)])
    func binarySizes(_ bytes: Double, _ text: String) {
        #expect(HumanUnits.binarySize(bytes) == text)
    }

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

    @Test(
        "instants of far years keep the calendar",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
        ] as [(Int64, String)])
    func calendar(_ seconds: Int64, _ text: String) {
        #expect(CivilTime(seconds: seconds, zone: .utc).rfc3339 == text)
    }

    @Test("a date of the engine is shown as Go's ANSIC layout")
    func ansiDates() {
        #expect(CivilTime.reformatted("2026-05-07T21:09:36.000000000+00:00") == "Thu May  7 21:09:36 2026")
        #expect(CivilTime.reformatted("yesterday") == "yesterday")
    }

    @Test("an instant east of Greenwich tells its zone")
    func zones() {
        let zone = CivilTime.Zone(offset: 5 * 3600 + 1800, name: "IST")
        #expect(CivilTime(seconds: 0, zone: zone).text == "1970-01-01 05:30:00 +0530 IST")
    }
}
