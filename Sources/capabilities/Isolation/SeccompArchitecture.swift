import CSeccomp

/// An architecture whose system calls a filter can tell apart, as a profile names it.
struct SeccompArchitecture: Hashable {
    /// libseccomp's number of it.
    let token: UInt32

    /// Docker's name of the architecture we run on.
    static var dockerName: String {
        #if arch(x86_64)
            "amd64"
        #elseif arch(arm64)
            "arm64"
        #else
            "other"
        #endif
    }

    /// Our own.
    static var native: SeccompArchitecture { SeccompArchitecture(token: seccomp_arch_native()) }

    /// The name of our own in a profile.
    static var nativeName: String {
        #if arch(x86_64)
            "SCMP_ARCH_X86_64"
        #elseif arch(arm64)
            "SCMP_ARCH_AARCH64"
        #else
            ""
        #endif
    }

    /// Our own and those whose programs our kernel runs as well, as Docker's profile lists them.
    static var ordinary: [String] {
        #if arch(x86_64)
            ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]
        #elseif arch(arm64)
            ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"]
        #else
            []
        #endif
    }

    /// The names that the OCI runtime specification knows.
    static let known: Set<String> = Set(
        [
            "X86", "X86_64", "X32", "ARM", "AARCH64", "MIPS", "MIPS64", "MIPS64N32", "MIPSEL", "MIPSEL64",
            "MIPSEL64N32",
            "PPC", "PPC64", "PPC64LE", "RISCV64", "S390", "S390X", "LOONGARCH64",
        ].map { "SCMP_ARCH_" + $0 })

    /// One by its name in a profile.
    init(_ name: String) throws(IsolationError) {
        guard Self.known.contains(name) else { throw .invalid("string \(name) is not a valid arch for seccomp") }
        token = seccomp_arch_resolve_name(name.dropFirst("SCMP_ARCH_".count).lowercased())
        // An older libseccomp.
        guard token != 0 else { throw .unsupported("this host's libseccomp has no rules for \(name)") }
    }

    private init(token: UInt32) { self.token = token }

    /// AUDIT_ARCH_* of linux/audit.h, which the kernel gives to the filter: libseccomp's number but for x32, which the
    /// kernel tells from x86_64 by a bit in the number of each call.
    var audit: UInt32 { isX32 ? Self.auditX8664 : token }

    /// Whether it is the one of 64-bit registers and 32-bit pointers.
    var isX32: Bool { token == 0x4000_003E }

    /// Whether the kernel gives calls of unknown numbers the number 0.
    var multiplexesUnknownCalls: Bool { token == 0x16 || token == 0x8000_0016 }

    static let auditX8664: UInt32 = 0xC000_003E

    /// The number of a call; `nil` when there is none of that name.
    func number(of call: String) -> Int32? {
        let number = seccomp_syscall_resolve_name_arch(token, call)
        return number == __NR_SCMP_ERROR ? nil : number
    }
}
