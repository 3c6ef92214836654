import Testing

@testable import Isolation

@Suite struct SeccompTests {
    @Test func theStandardProfileCompilesForEveryCapabilitySet() throws {
        let standard = try SeccompCompiler.compile(.standard, capabilities: .dockerDefault)
        let everything = try SeccompCompiler.compile(.standard, capabilities: .all)
        // BPF instructions are eight bytes and the kernel takes at most 4096 of them.
        for program in [standard, everything] {
            #expect(program.count % 8 == 0)
            #expect((100...4096).contains(program.count / 8))
        }
        #expect(standard != everything)
    }

    @Test func rulesFollowTheCapabilities() {
        func names(_ set: CapabilitySet) -> Set<String> {
            let rules = SeccompProfile.standard.rules(for: set, architecture: "amd64", kernel: (6, 1))
            return Set(rules.filter { $0.action == .allow }.flatMap(\.names))
        }
        #expect(!names(.dockerDefault).contains("mount"))
        #expect(names(.dockerDefault).contains("chroot"))
        #expect(names(.all).isSuperset(of: ["mount", "unshare", "bpf", "clone3", "reboot"]))
        for forbidden in ["keyctl", "add_key", "request_key", "kexec_load", "userfaultfd", "swapon", "io_uring_setup"] {
            #expect(!names(.all).contains(forbidden))
        }
        #expect(!names([]).contains("chroot"))
    }

    @Test func dockersJSONIsUnderstood() throws {
        let json = """
            {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1,
             "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}],
             "syscalls": [
               {"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"},
               {"name": "mkdir", "action": "SCMP_ACT_ERRNO", "errnoRet": 13,
                "args": [{"index": 1, "value": 511, "op": "SCMP_CMP_MASKED_EQ", "valueTwo": 3}],
                "includes": {"caps": ["CAP_SYS_ADMIN"], "minKernel": "4.8"}, "excludes": {"arches": ["arm"]}}]}
            """
        let profile = try #require(try SeccompProfile.parse(json))
        #expect(profile.defaultAction == .error(1))
        #expect(profile.rules.count == 2)
        #expect(profile.rules[1].action == .error(13))
        #expect(profile.rules[1].arguments == [.init(index: 1, value: 511, second: 3, comparison: .maskedEqual)])
        #expect(profile.rules(for: .all, architecture: "amd64", kernel: (4, 8)).count == 2)
        #expect(profile.rules(for: .all, architecture: "amd64", kernel: (4, 7)).count == 1)
        #expect(profile.rules(for: .all, architecture: "arm", kernel: (6, 0)).count == 1)
        #expect(profile.rules(for: .dockerDefault, architecture: "amd64", kernel: (6, 0)).count == 1)
    }

    @Test(arguments: [
        "", "{", "[]", #"{"defaultAction": "SCMP_ACT_FOO"}"#,
        #"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["a"], "action": "X"}]}"#,
    ])
    func brokenProfilesAreRefused(_ json: String) {
        #expect(throws: IsolationError.self) { try SeccompProfile.parse(json) }
    }

    @Test func aFilterIsCompiledOnceAndPrivilegedHasNone() throws {
        let cache = SeccompFilterCache()
        let standard = try SecurityOptions([])
        #expect(cache.known(standard, capabilities: .dockerDefault, privileged: false) == nil)
        let first = try cache.filter(standard, capabilities: .dockerDefault, privileged: false)
        #expect(first.program != nil)
        #expect(cache.known(standard, capabilities: .dockerDefault, privileged: false) == first)
        #expect(cache.known(standard, capabilities: .all, privileged: true) == SystemCallFilter.none)
        let unconfined = try SecurityOptions(["seccomp=unconfined"])
        #expect(cache.known(unconfined, capabilities: .dockerDefault, privileged: false) == SystemCallFilter.none)
    }

    @Test func unknownSecurityOptionsAreRefusedInDockersWords() {
        let error = #expect(throws: IsolationError.self) { try SecurityOptions(["foo=bar"]) }
        #expect(error?.description == "invalid --security-opt 2: \"foo=bar\"")
    }
}
