/// The value of a directive, by the way systemd reads it. `SystemdDirective` knows which directive takes which.
public enum SystemdValue: Hashable, Sendable {
    /// Nothing after the `=`: forgets what the directive was given before.
    case reset
    /// `ExecStart=` and its like: command lines, `;` between them.
    case commands([SystemdCommandLine])
    /// `Environment=`: assignments.
    case environment([SystemdAssignment])
    /// A list of words: `After=`, `SuccessExitStatus=`…
    case words([SystemdText])
    /// The rest of the line as it stands, with specifiers: `Description=`, `SyslogIdentifier=`…
    case text(SystemdText)
    /// The rest of the line as a path, with specifiers: `WorkingDirectory=`, `EnvironmentFile=`…
    case path(SystemdText)
    /// The rest of the line and nothing special in it: a name, a number, a boolean, a time span; also the value of a directive
    /// that is not known.
    case plain(ByteString)
    /// `ConditionPathExists=` and its like.
    case condition(SystemdCondition)
    /// What stands in a file that was read and systemd would ignore or refuse, as it stands. It cannot be written.
    case refused(ByteString)
}

/// One `NAME=value` of `Environment=`.
public struct SystemdAssignment: Hashable, Sendable {
    /// The name: letters, digits and `_`, no digit first.
    public var name: String
    /// The value. systemd accepts UTF-8 only here.
    public var value: SystemdText

    /// Makes an assignment.
    public init(_ name: String, _ value: SystemdText) {
        self.name = name
        self.value = value
    }
}

/// What a `Condition…=` or `Assert…=` compares with.
public struct SystemdCondition: Hashable, Sendable {
    /// `|`: one of all such conditions is enough.
    public var isTriggering: Bool
    /// `!`: must not hold.
    public var isNegated: Bool
    /// The operand.
    public var operand: SystemdText

    /// Makes a condition.
    public init(_ operand: SystemdText, negated: Bool = false, triggering: Bool = false) {
        self.operand = operand
        self.isNegated = negated
        self.isTriggering = triggering
    }
}

/// One command of `ExecStart=` and its like, systemd.service(5) "Command lines".
public struct SystemdCommandLine: Hashable, Sendable {
    /// The marks before the program.
    public struct Prefix: OptionSet, Hashable, Sendable {
        /// The set as bits.
        public let rawValue: UInt8
        /// A set of bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `-`: a failure counts as success.
        public static let ignoresFailure = Prefix(rawValue: 1)
        /// `:`: no `$` is special (v244).
        public static let expandsNoVariables = Prefix(rawValue: 2)
        /// `+`: with full privileges.
        public static let hasFullPrivileges = Prefix(rawValue: 4)
        /// `!`: `User=` and the like do not apply.
        public static let keepsCredentials = Prefix(rawValue: 8)
        /// `!!`: as `!`, unless the kernel has ambient capabilities.
        public static let keepsCredentialsWithoutAmbient = Prefix(rawValue: 16)
        /// `|`: through the user's shell (v258).
        public static let throughShell = Prefix(rawValue: 32)
    }

    /// The marks.
    public var prefix: Prefix
    /// The program: an absolute path, or a name to be searched for. No variable can stand in it.
    public var program: SystemdText
    /// `argv[0]` when it shall not be the program's path (`@`); nil when it is that path.
    public private(set) var argumentZero: SystemdText?
    /// `argv[1...]`.
    public var arguments: [SystemdText]

    /// Makes a command line.
    public init(
        _ program: SystemdText, _ arguments: [SystemdText] = [], prefix: Prefix = [], argumentZero: SystemdText? = nil
    ) {
        self.program = program
        self.arguments = arguments
        self.prefix = prefix
        self.argumentZero = argumentZero == program ? nil : argumentZero
    }
}
