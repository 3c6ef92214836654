import Isolation
import Testing

@Suite struct CapabilityTests {
    @Test func theDefaultSetIsDockers() throws {
        let set = try CapabilitySet.granted(privileged: false, add: [], drop: [])
        #expect(set.rawValue == 0xA804_25FB)
    }

    @Test(
        arguments: [
            (["ALL"], [], CapabilitySet.all.rawValue),
            ([], ["all"], 0),
            (["NET_ADMIN"], [], 0xA804_25FB | 1 << 12),
            (["cap_net_admin"], ["ALL"], 1 << 12),
            (["ALL"], ["CAP_SYS_ADMIN"], CapabilitySet.all.rawValue & ~(1 << 21)),
            ([], ["MKNOD", "net_raw"], 0xA804_25FB & ~(1 << 27 | 1 << 13)),
        ] as [([String], [String], UInt64)])
    func addingAndDroppingAreDockers(_ add: [String], _ drop: [String], _ expected: UInt64) throws {
        #expect(try CapabilitySet.granted(privileged: false, add: add, drop: drop).rawValue == expected)
    }

    @Test func privilegedIsEverything() throws {
        #expect(try CapabilitySet.granted(privileged: true, add: [], drop: ["ALL"]) == .all)
    }

    @Test func unknownNamesAreRefusedInDockersWords() {
        for name in ["FOO", "cap_foo"] {
            let error = #expect(throws: IsolationError.self) {
                try CapabilitySet.granted(privileged: false, add: [name], drop: [])
            }
            #expect(error?.description == "invalid capability: \"CAP_FOO\"")
        }
    }

    @Test func numbersAndNamesAgreeWithTheKernel() {
        #expect(CapabilitySet(name: "CHECKPOINT_RESTORE")?.rawValue == 1 << 40)
        #expect(CapabilitySet(name: "CAP_SYS_ADMIN")?.rawValue == 1 << 21)
        #expect(CapabilitySet(rawValue: 1 << 12 | 1).capabilityNames == ["CAP_CHOWN", "CAP_NET_ADMIN"])
    }
}
