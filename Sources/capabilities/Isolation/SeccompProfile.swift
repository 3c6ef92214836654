internal import Model

/// A system call filter as Docker describes it: a default action and rules that depend on the container's
/// capabilities, the architecture and the kernel.
public struct SeccompProfile: Hashable, Sendable {
    /// What happens to a call.
    public enum Action: Hashable, Sendable {
        case allow
        /// The call fails with this errno.
        case error(UInt16)
        case killProcess
        case killThread
        case trap
        case log
        case trace(UInt16)
        /// A listener decides.
        case notify

        /// Whether a call that nobody knows yet may go on, so that it needs no ENOSYS of ours.
        var isPermissive: Bool {
            switch self {
            case .allow, .log, .trace: true
            case .error, .killProcess, .killThread, .trap, .notify: false
            }
        }
    }

    /// How an argument is compared.
    public enum Comparison: String, Hashable, Sendable {
        case notEqual = "SCMP_CMP_NE"
        case less = "SCMP_CMP_LT"
        case lessOrEqual = "SCMP_CMP_LE"
        case equal = "SCMP_CMP_EQ"
        case greaterOrEqual = "SCMP_CMP_GE"
        case greater = "SCMP_CMP_GT"
        /// `argument & value == second`.
        case maskedEqual = "SCMP_CMP_MASKED_EQ"

        /// What it counts for against `comparisonBound`.
        var cost: Int {
            switch self {
            case .equal, .notEqual: 1
            case .less, .lessOrEqual, .greaterOrEqual, .greater, .maskedEqual: 4
            }
        }
    }

    /// A condition on one argument.
    public struct Argument: Hashable, Sendable {
        /// Which argument, from 0 and below six.
        public var index: UInt32
        /// What it is compared with, or the mask.
        public var value: UInt64
        /// What the masked argument has to be.
        public var second: UInt64 = 0
        /// How.
        public var comparison: Comparison
    }

    /// When a rule counts.
    public struct Condition: Hashable, Sendable {
        /// Names with `CAP_`.
        public var capabilities: [String] = []
        /// Docker's names: `amd64`, `x86`, `x32`, `arm64`, `arm`.
        public var architectures: [String] = []
        /// `major.minor`; empty is any.
        public var minimumKernel = ""
    }

    /// An action for some calls.
    public struct Rule: Hashable, Sendable {
        /// Names of the calls.
        public var names: [String]
        /// What happens to them.
        public var action: Action
        /// Conditions that must all hold; those on the same argument are alternatives.
        public var arguments: [Argument] = []
        /// All of these must hold: capabilities and kernel; one of the architectures.
        public var includes = Condition()
        /// None of these may hold.
        public var excludes = Condition()
    }

    /// For calls without a rule.
    public var defaultAction: Action
    /// In order; the first for a call that matches decides.
    public var rules: [Rule]
    /// `SCMP_ARCH_…` of those whose calls are filtered by the rules beside the host's own; every other one's are fatal.
    public var architectures: [String] = []
    /// `SECCOMP_FILTER_FLAG_…`; `nil` leaves the choice to who installs the filter.
    public var flags: [String]?
    /// The socket of who listens to notifications; empty is none.
    public var listenerPath = ""
    /// What the listener is told.
    public var listenerMetadata = ""

    /// The rules that count for a container with these capabilities here.
    func rules(
        for capabilities: CapabilitySet, architecture: String, kernel: (major: Int, minor: Int)
    ) -> [Rule] {
        let names = Set(capabilities.capabilityNames)
        return rules.filter { rule in
            let includes = rule.includes
            let excludes = rule.excludes
            if !includes.architectures.isEmpty && !includes.architectures.contains(architecture) { return false }
            if !includes.capabilities.allSatisfy(names.contains) { return false }
            if !includes.minimumKernel.isEmpty && !Self.reaches(kernel, includes.minimumKernel) { return false }
            if excludes.architectures.contains(architecture) { return false }
            if excludes.capabilities.contains(where: names.contains) { return false }
            if !excludes.minimumKernel.isEmpty && Self.reaches(kernel, excludes.minimumKernel) { return false }
            return true
        }
    }

    private static func reaches(_ kernel: (major: Int, minor: Int), _ minimum: String) -> Bool {
        let parts = minimum.split(byte: ".").map { Int($0) ?? 0 }
        guard let major = parts.first else { return true }
        let minor = parts.count > 1 ? parts[1] : 0
        return kernel.major > major || (kernel.major == major && kernel.minor >= minor)
    }
}
