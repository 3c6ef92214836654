import Listings
import Testing

@Suite("Sizes and dates read as Go writes them")
struct HumanUnitsTests {
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
