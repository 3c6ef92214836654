import Model
import Testing

@Suite("Sizes are read as docker/go-units reads them")
struct ByteSizeTests {
    @Test(
        "a unit is a power of 1024 or of 1000",
        arguments: [
            ("64m", 64 << 20, 64_000_000), ("1g", 1 << 30, 1_000_000_000), ("1.5GiB", 3 << 29, 1_500_000_000),
            ("512", 512, 512), ("2 kb", 2048, 2000), ("1b", 1, 1), ("1P", 1 << 50, 1_000_000_000_000_000),
            ("3KiB", 3072, 3000), ("0", 0, 0), ("1.9", 1, 1), ("10M", 10 << 20, 10_000_000),
        ] as [(String, Int64, Int64)])
    func sizes(text: String, binary: Int64, decimal: Int64) throws {
        #expect(try ByteSize.parse(text, .binary) == binary)
        #expect(try ByteSize.parse(text, .decimal) == decimal)
    }

    @Test(
        "what is no size is refused in its words",
        arguments: ["", "abc", "-1", "1x", "m", "1.m", "1  k", "1kk", "9999999p", "10x", "5q", "1..5", "١"])
    func refused(text: String) {
        for scale in [ByteSize.Scale.binary, .decimal] {
            let error = #expect(throws: ByteSize.Invalid.self) { try ByteSize.parse(text, scale) }
            #expect(error?.message == "invalid size: '\(text)'")
        }
    }
}
