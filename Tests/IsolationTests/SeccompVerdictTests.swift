import Testing

@testable import Isolation

/// What filters say, asked of the filters themselves.
@Suite struct SeccompVerdictTests {
    private func verdict(_ json: String) throws -> SeccompVerdict {
        SeccompVerdict(
            try SeccompCompiler.compile(#require(try SeccompProfile.parse(json)), capabilities: .dockerDefault))
    }

    @Test func theStandardFilterLetsAProcessBeBornWithoutNamespaces() throws {
        for capabilities in [CapabilitySet.dockerDefault, .all, []] {
            let verdict = SeccompVerdict(try SeccompCompiler.compile(.standard, capabilities: capabilities))
            #expect(verdict.letsAProcessBeBorn)
        }
        #if arch(x86_64)
            let standard = SeccompVerdict(try SeccompCompiler.compile(.standard, capabilities: .dockerDefault))
            // clone with CLONE_NEWUSER, mount, and getpid.
            #expect(!standard.allows(56, [0x1000_0000]))
            #expect(!standard.allows(165))
            #expect(standard.allows(39))
        #endif
    }

    @Test(arguments: ["clone", "read", "write", "exit_group", "setsid", "ioctl", "close"])
    func oneThatForbidsAStepOfABirthDoesNot(_ name: String) throws {
        let json = """
            {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["\(name)"], "action": "SCMP_ACT_ERRNO"}]}
            """
        #expect(try !verdict(json).letsAProcessBeBorn)
        #expect(try verdict(#"{"defaultAction": "SCMP_ACT_ALLOW"}"#).letsAProcessBeBorn)
    }

    @Test func argumentsCount() throws {
        let json = """
            {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["ioctl"], "action": "SCMP_ACT_ERRNO",
             "args": [{"index": 1, "value": 21518, "op": "SCMP_CMP_EQ"}]}]}
            """
        #expect(try !verdict(json).letsAProcessBeBorn)
        #expect(try verdict(json.replacing("21518", with: "21519")).letsAProcessBeBorn)
    }

    @Test func whatIsNoFilterLetsNothingThrough() {
        #expect(!SeccompVerdict([]).allows(0))
        #expect(!SeccompVerdict([UInt8](repeating: 0xFF, count: 64)).allows(0))
        #expect(!SeccompVerdict([0x06, 0, 0, 0, 0, 0, 0xFF]).allows(0))
    }
}
