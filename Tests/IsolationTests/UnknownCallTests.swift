import Testing

@testable import Isolation

/// Filters run as the kernel runs them: by an interpreter of the instructions that are in them.
@Suite("Calls that are newer than a profile")
struct UnknownCallTests {
    private static let (x8664, i386): (UInt32, UInt32) = (0xC000_003E, 0x4000_0003)
    private static let (allow, noSuchCall, forbidden): (UInt32, UInt32, UInt32) = (
        0x7FFF_0000, 0x0005_0026, 0x0005_0001
    )
    private static let killThread: UInt32 = 0

    /// What a program gives back for a call without arguments; `nil` when it runs off its end.
    private func verdict(_ program: [UInt8], _ architecture: UInt32, _ number: UInt32) -> UInt32? {
        func word(_ at: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(program[at + $1]) << UInt32(8 * $1) } }
        var (at, register) = (0, UInt32(0))
        while at * 8 + 8 <= program.count {
            let code = UInt16(program[at * 8]) | UInt16(program[at * 8 + 1]) << 8
            let (yes, no, value) = (Int(program[at * 8 + 2]), Int(program[at * 8 + 3]), word(at * 8 + 4))
            at += 1
            switch code {
            case 0x20: register = value == 0 ? number : value == 4 ? architecture : 0
            case 0x05: at += Int(value)
            case 0x06: return value
            case 0x15: at += register == value ? yes : no
            case 0x25: at += register > value ? yes : no
            case 0x35: at += register >= value ? yes : no
            case 0x45: at += register & value != 0 ? yes : no
            case 0x54: register &= value
            default: return nil
            }
        }
        return nil
    }

    private func compiled(_ text: String) throws -> [UInt8] {
        try SeccompCompiler.compile(try #require(try SeccompProfile.parse(text)), capabilities: [])
    }

    #if arch(x86_64)
        @Test("The standard filter says ENOSYS to them in every architecture, and EPERM to those it knows of")
        func standard() throws {
            let program = try SeccompCompiler.compile(.standard, capabilities: .dockerDefault)
            for (architecture, bit, keyctl, read) in [
                (Self.x8664, UInt32(0), UInt32(250), UInt32(0)), (Self.x8664, 0x4000_0000, 250, 0),
                (Self.i386, 0, 288, 3),
            ] {
                #expect(verdict(program, architecture, bit | 4000) == Self.noSuchCall)
                #expect(verdict(program, architecture, bit | keyctl) == Self.forbidden)
                #expect(verdict(program, architecture, bit | read) == Self.allow)
            }
            // AUDIT_ARCH_ARM: nothing of ours.
            #expect(verdict(program, 0x4000_0028, 4000) == Self.killThread)
        }

        @Test(
            "As in runc, a profile that kills says ENOSYS too, and one that lets everything else through leaves it to the kernel",
            arguments: [
                ("SCMP_ACT_KILL_PROCESS", UInt32(0x0005_0026)), ("SCMP_ACT_TRAP", 0x0005_0026),
                ("SCMP_ACT_ALLOW", 0x7FFF_0000), ("SCMP_ACT_LOG", 0x7FFC_0000), ("SCMP_ACT_TRACE", 0x7FF0_0001),
            ])
        func defaults(action: String, expected: UInt32) throws {
            let rule = action == "SCMP_ACT_ALLOW" ? "SCMP_ACT_ERRNO" : "SCMP_ACT_ALLOW"
            let program = try compiled(
                #"{"defaultAction":"\#(action)","syscalls":[{"names":["read","write"],"action":"\#(rule)"}]}"#)
            #expect(verdict(program, Self.x8664, 4000) == expected)
            // Nothing was said of i386, so that nobody comes in there.
            #expect(verdict(program, Self.i386, 3) == Self.killThread)
        }

        @Test("Calls in the rules that do not count here are no sign of what a profile knows")
        func excludedRules() throws {
            let program = try compiled(
                """
                {"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","write"],"action":"SCMP_ACT_ALLOW"},
                 {"names":["clone3"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_SYS_ADMIN"]}}]}
                """)
            #expect(verdict(program, Self.x8664, 435) == Self.noSuchCall)
            #expect(verdict(program, Self.x8664, 0) == Self.allow)
        }
    #endif
}

@Suite("What a profile may ask for")
struct SeccompBoundTests {
    private func profile(names: Int, arguments: Int) -> String {
        let rules = (0..<names).map { index in
            let comparisons = (0..<arguments).map { #"{"index":\#($0),"value":\#(index),"op":"SCMP_CMP_EQ"}"# }
            return
                #"{"names":["call\#(index)"],"action":"SCMP_ACT_ALLOW","args":[\#(comparisons.joined(separator: ","))]}"#
        }
        return #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[\#(rules.joined(separator: ","))]}"#
    }

    @Test("Calls, comparisons and bytes are bounded, and the bounds themselves are taken")
    func bounds() throws {
        #expect(try SeccompProfile.parse(profile(names: SeccompProfile.nameBound, arguments: 0)) != nil)
        #expect(throws: IsolationError.self) {
            try SeccompProfile.parse(profile(names: SeccompProfile.nameBound + 1, arguments: 0))
        }
        #expect(try SeccompProfile.parse(profile(names: SeccompProfile.comparisonBound, arguments: 1)) != nil)
        #expect(throws: IsolationError.self) {
            try SeccompProfile.parse(profile(names: SeccompProfile.comparisonBound / 2 + 1, arguments: 2))
        }
        #expect(throws: IsolationError.self) {
            try SeccompProfile.parse(String(repeating: " ", count: SeccompProfile.textBound) + "{}")
        }
    }

    @Test("A filter longer than the kernel takes is refused and not cut short")
    func instructions() throws {
        let calls = SeccompProfile.standard.rules.flatMap(\.names).filter {
            SeccompArchitecture.native.number(of: $0) ?? -1 >= 0
        }
        let rules = (0..<1_500).map { index in
            """
            {"names":["\(calls[index % 300])"],"action":"SCMP_ACT_ALLOW","args":[
             {"index":0,"value":\((index + 1) * 7919),"op":"SCMP_CMP_EQ"}]}
            """
        }
        let names = SeccompArchitecture.ordinary.map { "\"" + $0 + "\"" }.joined(separator: ",")
        let profile = try #require(
            try SeccompProfile.parse(
                #"{"defaultAction":"SCMP_ACT_ERRNO","architectures":[\#(names)],"syscalls":[\#(rules.joined(separator: ","))]}"#
            ))
        let error = #expect(throws: IsolationError.self) { try SeccompCompiler.compile(profile, capabilities: []) }
        #expect(error?.description.contains("instructions, and the kernel takes 4096") == true)
    }

    @Test("One profile has no more of the store of filters than a quarter, and all have no more than it holds")
    func cache() throws {
        let cache = SeccompFilterCache()
        let pad = String(repeating: " ", count: SeccompFilterCache.bound / 4)
        let large = try SecurityOptions([#"seccomp={"defaultAction":"SCMP_ACT_ALLOW"}"# + pad])
        _ = try cache.filter(large, capabilities: [], privileged: false)
        #expect(cache.known(large, capabilities: [], privileged: false) == nil)
        let small = try SecurityOptions([#"seccomp={"defaultAction":"SCMP_ACT_ALLOW"}"#])
        let made = try cache.filter(small, capabilities: [], privileged: false)
        #expect(cache.known(small, capabilities: [], privileged: false) == made)
    }

    @Test("A profile that says nothing filters nothing, as with Docker")
    func nothing() throws { #expect(try SeccompProfile.parse("{}") == nil) }
}
