import CSeccomp
import Linux

/// Compiles a profile to the program that seccomp(2) takes, with libseccomp.
struct SeccompCompiler {
    /// The most instructions that the kernel takes (BPF_MAXINSNS of linux/bpf_common.h).
    static let instructionBound = 4096
    /// runc's: libseccomp 2.5.4 makes a wrong tree of no rules.
    private static let treeThreshold = 32

    /// Compiles what counts for these capabilities; the bytes of an array of struct sock_filter. It takes as long as the
    /// bounds of ``SeccompProfile`` let it: seconds.
    static func compile(
        _ profile: SeccompProfile, capabilities: CapabilitySet
    ) throws(IsolationError) -> [UInt8] {
        try refuseUnsupported(profile)
        guard let filter = seccomp_init(number(of: profile.defaultAction)) else {
            throw failure("init", Errno.noMemory)
        }
        defer { seccomp_release(filter) }
        var architectures = [SeccompArchitecture.native]
        for name in profile.architectures {
            let architecture = try SeccompArchitecture(name)
            let result = seccomp_arch_add(filter, architecture.token)
            guard result >= 0 || result == -Errno.fileExists else {
                throw .invalid("error adding architecture to seccomp filter: \(name) cannot be filtered on this host")
            }
            if !architectures.contains(architecture) { architectures.append(architecture) }
        }
        let rules = profile.rules(
            for: capabilities, architecture: SeccompArchitecture.dockerName, kernel: kernelVersion())
        var added = AddedRules()
        let wanted = rules.filter { $0.action != profile.defaultAction }
        // A tree instead of a list: a call costs the logarithm of the number of rules. Before libseccomp 2.5
        // there is no such attribute, and the list does.
        if wanted.reduce(0, { $0 + $1.names.count }) > treeThreshold {
            _ = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2)
        }
        for rule in wanted {
            for name in rule.names { try add(rule, for: name, to: filter, &added) }
        }
        var program: [UInt8] = []
        if !profile.defaultAction.isPermissive, profile.defaultAction != .error(UInt16(Errno.noSuchCall)) {
            let last = LastCalls(architectures, rules.lazy.flatMap(\.names))
            program = unknownCalls(after: last).flatMap(\.bytes)
        }
        program += try export(filter)
        let count = program.count / Instruction.size
        guard count <= instructionBound else {
            throw .invalid(
                "the seccomp profile makes a filter of \(count) instructions, and the kernel takes \(instructionBound): "
                    + "use fewer rules")
        }
        return program
    }

    /// What only an OCI runtime does.
    private static func refuseUnsupported(_ profile: SeccompProfile) throws(IsolationError) {
        // There is one thread, so that to synchronize all of them is no work.
        for flag in profile.flags ?? [] where flag != "SECCOMP_FILTER_FLAG_TSYNC" {
            throw .unsupported("seccomp flag \(flag) is not supported by the native runtime: leave it out or use runc")
        }
        guard profile.listenerPath.isEmpty, profile.listenerMetadata.isEmpty, profile.defaultAction != .notify,
            !profile.rules.contains(where: { $0.action == .notify })
        else {
            throw .unsupported(
                "SCMP_ACT_NOTIFY and listenerPath are not supported by the native runtime: leave them out or use runc")
        }
    }

    /// A rule that libseccomp has: it looks at all that it has of a call for each further one.
    private struct AddedRule: Hashable {
        let call: Int32
        let action: SeccompProfile.Action
        let arguments: [SeccompProfile.Argument]
    }

    private typealias AddedRules = Set<AddedRule>

    /// Adds a rule for one call; names that this libseccomp does not know are left out, as in the runtimes.
    private static func add(
        _ rule: SeccompProfile.Rule, for name: String, to filter: scmp_filter_ctx, _ added: inout AddedRules
    ) throws(IsolationError) {
        let call = seccomp_syscall_resolve_name(name)
        if call == __NR_SCMP_ERROR { return }
        let indexes = Set(rule.arguments.map(\.index))
        // libseccomp takes one condition per argument; further ones are alternatives.
        let isOne = indexes.count == rule.arguments.count
        let alternatives = isOne ? [rule.arguments] : rule.arguments.map { [$0] }
        for arguments in alternatives {
            guard added.insert(AddedRule(call: call, action: rule.action, arguments: arguments)).inserted else {
                continue
            }
            let result = arguments.map(comparison).withUnsafeBufferPointer {
                seccomp_rule_add_array(filter, number(of: rule.action), call, UInt32($0.count), $0.baseAddress)
            }
            // A call that a sub-architecture has not (EDOM) or a rule that is there already (EEXIST).
            if result < 0 && result != -Errno.outOfDomain && result != -Errno.fileExists {
                throw failure("add rule for \(name)", -result)
            }
        }
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
        case .notify: 0x7FC0_0000
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
