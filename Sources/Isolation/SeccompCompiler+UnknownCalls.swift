extension SeccompCompiler {
    /// Instructions that go before the program: calls of our own architecture that are newer than any the profile
    /// speaks of fail with ENOSYS instead of the default EPERM, so that a newer C library in the container falls back to
    /// what it used before (the runtimes do the same).
    static func unknownCalls(after last: Int32, _ action: SeccompProfile.Action) -> [UInt8] {
        guard case .error = action, last > 0, let architecture = auditArchitecture else { return [] }
        let load: UInt16 = 0x20
        let jumpIfEqual: UInt16 = 0x15
        let jumpIfGreater: UInt16 = 0x25
        let jumpIfAtLeast: UInt16 = 0x35
        let giveBack: UInt16 = 0x06
        // struct seccomp_data: the call's number is at 0, the architecture at 4.
        let instructions: [(code: UInt16, yes: UInt8, no: UInt8, value: UInt32)] = [
            (load, 0, 0, 4),
            (jumpIfEqual, 0, 4, architecture),
            (load, 0, 0, 0),
            // x32 calls carry this bit.
            (jumpIfAtLeast, 2, 0, 0x4000_0000),
            (jumpIfGreater, 0, 1, UInt32(last)),
            (giveBack, 0, 0, 0x0005_0000 | 38),
        ]
        return instructions.flatMap { instruction in
            withUnsafeBytes(of: instruction.code) { Array($0) } + [instruction.yes, instruction.no]
                + withUnsafeBytes(of: instruction.value) { Array($0) }
        }
    }

    /// AUDIT_ARCH_* of our own architecture.
    static var auditArchitecture: UInt32? {
        #if arch(x86_64)
            0xC000_003E
        #elseif arch(arm64)
            0xC000_00B7
        #else
            nil
        #endif
    }
}
