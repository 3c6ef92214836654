import Testing

@testable import Model

@Suite("Platforms are read and compared as containerd's library does")
struct PlatformTests {
    private let host = Platform(os: "linux", architecture: "x86_64")

    @Test(
        "what is missing is the host's, aliases and the ordinary variant have one spelling",
        arguments: [
            ("linux", "linux/amd64"), ("amd64", "linux/amd64"), ("linux/amd64", "linux/amd64"),
            ("linux/x86_64", "linux/amd64"), ("Linux/AMD64/v1", "linux/amd64"), ("linux/amd64/v3", "linux/amd64/v3"),
            ("arm64", "linux/arm64"), ("linux/aarch64/v8", "linux/arm64"), ("linux/arm", "linux/arm/v7"),
            ("linux/arm/6", "linux/arm/v6"), ("armel", "linux/arm/v6"), ("i386", "linux/386"),
            ("windows", "windows/amd64"), ("windows(10.0.17763)/amd64", "windows/amd64"),
            ("macos/arm64", "darwin/arm64"),
            ("linux/unheard", "linux/unheard"),
        ])
    func read(text: String, expected: String) throws {
        #expect(try Platform(parsing: text, on: host).description == expected)
    }

    @Test(
        "a text that is no platform is refused with its reason",
        arguments: [
            ("", "\"\" is an invalid OS component of \"\""), ("linux/*", "\"linux/*\": wildcards not yet supported"),
            ("foo", "\"foo\": unknown operating system or architecture: invalid argument"),
            ("a/b/c/d", "\"a/b/c/d\": cannot parse platform specifier: invalid argument"),
            ("linux/", "\"\" is an invalid component of \"linux/\""),
            ("linux/am d64", "\"am d64\" is an invalid component of \"linux/am d64\""),
            ("lin.ux/amd64", "\"lin.ux\" is an invalid OS component of"), ("a/b/c/d/e", "is an invalid component of"),
        ])
    func refused(text: String, reason: String) {
        let refusal = #expect(throws: Platform.Invalid.self) { try Platform(parsing: text, on: host) }
        #expect(refusal?.message.hasPrefix(reason) == true || refusal?.message.contains(reason) == true)
        #expect(refusal?.message.hasSuffix(": invalid argument") == true)
    }

    @Test(
        "an image fits its own platform, a newer variant and the wider processor",
        arguments: [
            ("linux/amd64", "linux/amd64", true), ("linux/amd64", "linux/amd64/v3", true),
            ("linux/amd64/v2", "linux/amd64/v3", true), ("linux/amd64/v3", "linux/amd64/v2", false),
            ("linux/amd64/v2", "linux/amd64", false), ("linux/386", "linux/amd64", true),
            ("linux/amd64", "linux/386", false), ("linux/amd64", "linux/arm64", false),
            ("linux/arm/v6", "linux/arm", true), ("linux/arm/v7", "linux/arm64", true),
            ("linux/amd64", "windows/amd64", false), ("linux/arm64", "linux/arm64/v9", true),
        ])
    func fits(image: String, wanted: String, expected: Bool) throws {
        #expect(try Platform(parsing: image, on: host).fits(try Platform(parsing: wanted, on: host)) == expected)
    }

    @Test("a host runs its own architecture and the 32-bit form of it, whatever the variant")
    func runs() throws {
        for text in ["linux", "amd64", "linux/amd64/v4", "linux/386"] {
            #expect(try Platform(parsing: text, on: host).runs(on: host), "\(text)")
        }
        for text in ["linux/arm64", "windows/amd64", "linux/riscv64"] {
            #expect(try !Platform(parsing: text, on: host).runs(on: host), "\(text)")
        }
    }
}
