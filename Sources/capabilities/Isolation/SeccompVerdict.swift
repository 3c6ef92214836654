/// What a compiled system call filter says about calls of our own architecture, found by running it (seccomp(2), the classic
/// BPF of linux/filter.h as far as filters use it).
struct SeccompVerdict {
    private let program: [UInt8]

    /// A filter as the bytes of an array of struct sock_filter.
    init(_ program: [UInt8]) { self.program = program }

    /// Whether the filter lets a process make another one beside itself, take part in a conversation over a socket, and
    /// begin a session: what a process has still to do when it is born under the filter.
    var letsAProcessBeBorn: Bool {
        guard let calls = Self.callsOfBirth else { return false }
        return calls.allSatisfy { allows($0.number, $0.arguments) }
    }

    /// CLONE_PARENT with SIGCHLD, and TIOCSCTTY: clone, read, write, close, setsid, ioctl, exit_group.
    private static var callsOfBirth: [(number: UInt32, arguments: [UInt64])]? {
        #if arch(x86_64)
            [(56, [0x8011]), (0, []), (1, []), (3, []), (112, []), (16, [0, 0x540E]), (231, [])]
        #elseif arch(arm64)
            [(220, [0x8011]), (63, []), (64, []), (57, []), (157, []), (29, [0, 0x540E]), (94, [])]
        #else
            nil
        #endif
    }

    /// Whether a call with these arguments, zero where none is given, is let through. A program that is not understood
    /// lets nothing through.
    func allows(_ number: UInt32, _ arguments: [UInt64] = []) -> Bool {
        let architecture = SeccompArchitecture.native.audit
        // struct seccomp_data: number, architecture, the instruction pointer in two words, six arguments in two each.
        var data: [UInt32] = [number, architecture, 0, 0] + [UInt32](repeating: 0, count: 12)
        for (index, argument) in arguments.prefix(6).enumerated() {
            data[4 + 2 * index] = UInt32(truncatingIfNeeded: argument)
            data[5 + 2 * index] = UInt32(truncatingIfNeeded: argument >> 32)
        }
        guard let verdict = run(data) else { return false }
        // SECCOMP_RET_ALLOW and SECCOMP_RET_LOG.
        return verdict == 0x7FFF_0000 || verdict == 0x7FFC_0000
    }

    private func run(_ data: [UInt32]) -> UInt32? {
        var accumulator: UInt32 = 0
        var place = 0
        // Jumps go forward only, so this ends.
        while place >= 0, place < program.count / 8 {
            let at = place * 8
            let code = UInt16(program[at]) | UInt16(program[at + 1]) << 8
            let operand = (0..<4).reduce(UInt32(0)) { $0 | UInt32(program[at + 4 + $1]) << (8 * UInt32($1)) }
            place += 1
            func jump(_ condition: Bool) { place += Int(program[at + (condition ? 2 : 3)]) }
            switch code {
            case 0x20:
                guard operand % 4 == 0, operand / 4 < UInt32(data.count) else { return nil }
                accumulator = data[Int(operand / 4)]
            case 0x54: accumulator &= operand
            case 0x05: place += Int(operand)
            case 0x15: jump(accumulator == operand)
            case 0x25: jump(accumulator > operand)
            case 0x35: jump(accumulator >= operand)
            case 0x45: jump(accumulator & operand != 0)
            case 0x06: return operand
            default: return nil
            }
        }
        return nil
    }
}
