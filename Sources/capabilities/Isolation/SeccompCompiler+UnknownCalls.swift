extension SeccompCompiler {
    /// The last call of each architecture that the rules speak of.
    struct LastCalls {
        private(set) var numbers: [SeccompArchitecture: Int32] = [:]

        init(_ architectures: [SeccompArchitecture], _ names: some Sequence<String>) {
            let names = Set(names)
            for architecture in architectures {
                let last = names.lazy.compactMap { architecture.number(of: $0) }.max() ?? 0
                // Names that an architecture has not are below 0 there.
                if last > 0 { numbers[architecture] = last }
            }
        }
    }

    /// Instructions that go before the program: calls that are newer than any the profile speaks of fail with ENOSYS instead of
    /// the default action, so that a newer C library in the container falls back to what it used before. It is what runc
    /// does (libcontainer/seccomp/patchbpf), for the same architectures and with the same exceptions.
    static func unknownCalls(after last: LastCalls) -> [Instruction] {
        let audits = Dictionary(grouping: last.numbers.keys, by: \.audit).sorted { $0.key < $1.key }
        if audits.isEmpty { return [] }
        let sections = audits.map { section($0.value, last) }
        // From the last to the first: a jump counts what it skips.
        var tail: [Instruction] = [.giveBack(.noSuchCall)]
        var starts: [Int] = []
        for section in sections.reversed() {
            let placed = section.enumerated().map { index, step in
                let behind = section.count - 1 - index + tail.count
                return step.placed(noSuchCall: behind - 1, filter: behind)
            }
            tail = placed + tail
            starts.append(tail.count)
        }
        var program = [Instruction.jump(by: UInt32(tail.count))] + tail
        for (audit, start) in zip(audits.reversed(), starts) {
            let skipped = program.count - start
            program.insert(.jumpIfEqual(audit.key, yes: UInt8(clamping: skipped), no: 0), at: 0)
        }
        return [.load(Instruction.architecturePlace)] + program
    }

    /// The part for one number that the kernel gives an architecture.
    private static func section(_ architectures: [SeccompArchitecture], _ last: LastCalls) -> [Step] {
        let x32 = architectures.first(where: \.isX32).flatMap { last.numbers[$0] }
        let other = architectures.first { !$0.isX32 }
        var steps: [Step] = [.fixed(.load(Instruction.numberPlace))]
        if other?.multiplexesUnknownCalls == true {
            steps += [.fixed(.jumpIfEqual(0, yes: 0, no: 1)), .fixed(.giveBack(.noSuchCall))]
        }
        let plain = other.flatMap { last.numbers[$0] }
        if architectures.contains(where: { $0.audit == SeccompArchitecture.auditX8664 }) {
            // Without rules of its own the other kind of call is for the filter.
            steps.append(.fixed(.jumpIfBitsSet(1 << 30, yes: 2, no: 0)))
            steps += [plain.map { .noSuchCallAbove(UInt32($0)) } ?? .filter, .filter]
            steps.append(x32.map { .noSuchCallAbove(UInt32($0)) } ?? .filter)
        } else if let plain {
            steps.append(.noSuchCallAbove(UInt32(plain)))
        }
        return steps + [.filter]
    }

    /// An instruction whose jumps are not counted yet.
    private enum Step {
        case fixed(Instruction)
        /// ENOSYS for numbers above this one.
        case noSuchCallAbove(UInt32)
        /// On to the filter.
        case filter

        /// `noSuchCall` and `filter` say how many instructions are between this one and those.
        func placed(noSuchCall: Int, filter: Int) -> Instruction {
            switch self {
            case .fixed(let instruction): instruction
            case .noSuchCallAbove(let number): .jumpIfGreater(number, yes: UInt8(clamping: noSuchCall), no: 0)
            case .filter: .jump(by: UInt32(clamping: filter))
            }
        }
    }

    /// `struct sock_filter` of linux/filter.h.
    struct Instruction {
        /// Bytes of one.
        static let size = 8
        /// Where `struct seccomp_data` has the call's number and the architecture.
        static let (numberPlace, architecturePlace): (UInt32, UInt32) = (0, 4)

        let code: UInt16
        let yes: UInt8
        let no: UInt8
        let value: UInt32

        /// What a filter gives back.
        enum Verdict: UInt32 {
            /// SECCOMP_RET_ERRNO with ENOSYS.
            case noSuchCall = 0x0005_0026
        }

        static func load(_ place: UInt32) -> Instruction { .init(code: 0x20, yes: 0, no: 0, value: place) }
        static func jump(by count: UInt32) -> Instruction { .init(code: 0x05, yes: 0, no: 0, value: count) }
        static func giveBack(_ verdict: Verdict) -> Instruction {
            .init(code: 0x06, yes: 0, no: 0, value: verdict.rawValue)
        }
        static func jumpIfEqual(_ value: UInt32, yes: UInt8, no: UInt8) -> Instruction {
            .init(code: 0x15, yes: yes, no: no, value: value)
        }
        static func jumpIfGreater(_ value: UInt32, yes: UInt8, no: UInt8) -> Instruction {
            .init(code: 0x25, yes: yes, no: no, value: value)
        }
        static func jumpIfBitsSet(_ value: UInt32, yes: UInt8, no: UInt8) -> Instruction {
            .init(code: 0x45, yes: yes, no: no, value: value)
        }

        /// As the kernel reads it.
        var bytes: [UInt8] {
            withUnsafeBytes(of: code) { Array($0) } + [yes, no] + withUnsafeBytes(of: value) { Array($0) }
        }
    }
}
