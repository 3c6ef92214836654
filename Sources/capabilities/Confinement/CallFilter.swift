internal import CSeccomp
internal import Linux

/// The filter of seccomp(2) that holds a process to its list of calls. Calls of other architectures than its own end it.
enum CallFilter {
    private static let allow: UInt32 = 0x7FFF_0000
    private static let kill: UInt32 = 0x8000_0000

    private static func fail(with code: Int32) -> UInt32 { 0x0005_0000 | UInt32(code) }

    /// Compiles and installs it for this thread and those it starts.
    static func load(_ calls: Confinement.Calls) throws(LinuxError) {
        let usual: UInt32
        switch calls {
        case .only: usual = fail(with: Errno.noSuchCall)
        case .allBut: usual = allow
        }
        guard let filter = seccomp_init(usual) else {
            throw LinuxError(call: "seccomp", object: "init", code: Errno.noMemory)
        }
        defer { seccomp_release(filter) }
        // The alternative is SIGSYS for one thread.
        seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, kill)
        seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2)
        switch calls {
        case .only(let rules): for rule in rules { try add(rule, allow, to: filter) }
        case .allBut(let names):
            for name in names { try add(CallRule(name), fail(with: Errno.notPermitted), to: filter) }
        }
        try Confinement.check(seccomp_load(filter), "seccomp", "load")
    }

    private static func add(_ rule: CallRule, _ action: UInt32, to filter: scmp_filter_ctx) throws(LinuxError) {
        let call = seccomp_syscall_resolve_name(rule.name)
        if call == __NR_SCMP_ERROR { return }
        let conditions = rule.conditions.map { condition in
            switch condition {
            case .without(let argument, let bits):
                scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: bits, datum_b: 0)
            case .masked(let argument, let mask, let value):
                scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: mask, datum_b: value)
            }
        }
        let result = conditions.withUnsafeBufferPointer {
            seccomp_rule_add_array(filter, action, call, UInt32($0.count), $0.baseAddress)
        }
        // A call that this architecture does not have (EDOM).
        if result < 0 && result != -Errno.outOfDomain {
            throw LinuxError(call: "seccomp", object: rule.name, code: -result)
        }
    }
}
