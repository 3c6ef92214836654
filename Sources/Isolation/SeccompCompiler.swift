import CSeccomp
import Glibc
import Linux

/// Compiles a profile to the program that seccomp(2) takes, with libseccomp.
struct SeccompCompiler {
    /// Docker's name of the architecture we run on.
    static var architecture: String {
        #if arch(x86_64)
            "amd64"
        #elseif arch(arm64)
            "arm64"
        #else
            "other"
        #endif
    }

    /// Compiles what counts for these capabilities; the bytes of an array of struct sock_filter.
    static func compile(
        _ profile: SeccompProfile, capabilities: CapabilitySet
    ) throws(IsolationError) -> [UInt8] {
        guard let filter = seccomp_init(number(of: profile.defaultAction)) else { throw failure("init", ENOMEM) }
        defer { seccomp_release(filter) }
        try addArchitectures(filter)
        // A tree instead of a list: a call costs the logarithm of the number of rules. Before libseccomp 2.5
        // there is no such attribute, and the list does.
        _ = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2)
        let rules = profile.rules(for: capabilities, architecture: architecture, kernel: kernelVersion())
        var last: Int32 = 0
        for rule in rules where rule.action != profile.defaultAction {
            for name in rule.names { last = max(last, try add(rule, for: name, to: filter)) }
        }
        let program = try export(filter)
        return unknownCalls(after: last, profile.defaultAction) + program
    }

    private static func addArchitectures(_ filter: scmp_filter_ctx) throws(IsolationError) {
        #if arch(x86_64)
            let further = [UInt32(SCMP_ARCH_X86), 0x4000_003E]
        #elseif arch(arm64)
            let further = [UInt32(SCMP_ARCH_ARM)]
        #else
            let further: [UInt32] = []
        #endif
        for token in further {
            let result = seccomp_arch_add(filter, token)
            if result < 0 && result != -EEXIST { throw failure("add architecture", -result) }
        }
    }

    /// Adds a rule for one call, and returns the call's number here; names that this libseccomp does not know are
    /// left out, as in the runtimes.
    private static func add(
        _ rule: SeccompProfile.Rule, for name: String, to filter: scmp_filter_ctx
    ) throws(IsolationError) -> Int32 {
        let call = seccomp_syscall_resolve_name(name)
        if call == __NR_SCMP_ERROR { return 0 }
        let compared = rule.arguments.map(comparison)
        let indexes = Set(rule.arguments.map(\.index))
        // libseccomp takes one condition per argument; further ones are alternatives.
        let alternatives = indexes.count == compared.count ? [compared] : compared.map { [$0] }
        for conditions in alternatives {
            let result = conditions.withUnsafeBufferPointer {
                seccomp_rule_add_array(filter, number(of: rule.action), call, UInt32($0.count), $0.baseAddress)
            }
            // A call that a sub-architecture has not (EDOM) or a rule that is there already (EEXIST).
            if result < 0 && result != -EDOM && result != -EEXIST { throw failure("add rule for \(name)", -result) }
        }
        return call
    }

    private static func comparison(_ argument: SeccompProfile.Argument) -> scmp_arg_cmp {
        let kind: scmp_compare
        switch argument.comparison {
        case .notEqual: kind = SCMP_CMP_NE
        case .less: kind = SCMP_CMP_LT
        case .lessOrEqual: kind = SCMP_CMP_LE
        case .equal: kind = SCMP_CMP_EQ
        case .greaterOrEqual: kind = SCMP_CMP_GE
        case .greater: kind = SCMP_CMP_GT
        case .maskedEqual: kind = SCMP_CMP_MASKED_EQ
        }
        return scmp_arg_cmp(arg: argument.index, op: kind, datum_a: argument.value, datum_b: argument.second)
    }

    /// SECCOMP_RET_* of linux/seccomp.h, with the data in the lower half.
    private static func number(of action: SeccompProfile.Action) -> UInt32 {
        switch action {
        case .allow: 0x7FFF_0000
        case .error(let code): 0x0005_0000 | UInt32(code)
        case .killProcess: 0x8000_0000
        case .killThread: 0
        case .trap: 0x0003_0000
        case .log: 0x7FFC_0000
        case .trace(let code): 0x7FF0_0000 | UInt32(code)
        }
    }

    private static func export(_ filter: scmp_filter_ctx) throws(IsolationError) -> [UInt8] {
        let file = try onHost { () throws(LinuxError) in try MemoryFile(name: "seccomp") }
        let result = seccomp_export_bpf(filter, file.descriptor.rawValue)
        if result < 0 { throw failure("export", -result) }
        return try onHost { () throws(LinuxError) in try file.content() }
    }

    private static func failure(_ step: String, _ code: Int32) -> IsolationError {
        .host(LinuxError(call: "seccomp", object: step, code: code))
    }

    static func kernelVersion() -> (major: Int, minor: Int) {
        let release = (try? HostFile.read("/proc/sys/kernel/osrelease")) ?? ""
        let parts = release.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
        return (parts.first ?? 0, parts.count > 1 ? parts[1] : 0)
    }
}
