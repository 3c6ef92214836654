/// A signal of Linux by number, 1 to 64, on the architectures whose numbers are those of x86 and arm.
public struct Signal: Hashable, Sendable, Comparable {
    /// 1 to 64.
    public let number: Int32

    /// A signal by number; `nil` outside 1 to 64.
    public init?(number: Int32) {
        guard (1...64).contains(number) else { return nil }
        self.number = number
    }

    private init(_ number: Int32) { self.number = number }

    /// SIGHUP.
    public static let hangup = Signal(1)
    /// SIGINT.
    public static let interrupt = Signal(2)
    /// SIGQUIT.
    public static let quit = Signal(3)
    /// SIGABRT.
    public static let abort = Signal(6)
    /// SIGKILL.
    public static let kill = Signal(9)
    /// SIGUSR1.
    public static let user1 = Signal(10)
    /// SIGUSR2.
    public static let user2 = Signal(12)
    /// SIGPIPE.
    public static let pipe = Signal(13)
    /// SIGTERM.
    public static let terminate = Signal(15)
    /// SIGCHLD.
    public static let child = Signal(17)
    /// SIGCONT.
    public static let `continue` = Signal(18)
    /// SIGSTOP.
    public static let stop = Signal(19)
    /// SIGWINCH.
    public static let windowChange = Signal(28)
    /// SIGPWR.
    public static let power = Signal(30)

    /// By number.
    public static func < (a: Signal, b: Signal) -> Bool { a.number < b.number }

    /// Names without `SIG`, by number; index 0 is unused. Numbers 32 and 33 belong to the C library.
    static let names: [StaticString] = [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS",
    ]

    static let aliases: [(String, Int32)] = [("IOT", 6), ("CLD", 17), ("POLL", 29), ("UNUSED", 31)]

    /// The name without `SIG`: `TERM`, `RTMIN`, `RTMIN+3`, `RTMAX-2`, `RTMAX`; other numbers as digits.
    /// RTMIN is 34, as the C library keeps 32 and 33.
    public var name: String {
        switch number {
        case 1...31: Signal.names[Int(number)].description
        case 34: "RTMIN"
        case 35...49: "RTMIN+\(number - 34)"
        case 50...63: "RTMAX-\(64 - number)"
        case 64: "RTMAX"
        default: String(number)
        }
    }

    /// A signal in any form that Docker accepts: a number, a name in any case, with or without `SIG`, aliases included (`CLD`,
    /// `IOT`, `POLL`), and `RTMIN+n`, `RTMAX-n`. `nil` for anything else.
    public init?(parsing typed: some StringProtocol) {
        if let number = Int32(typed) {
            self.init(number: number)
            return
        }
        var name = typed.uppercased()
        if name.hasPrefix("SIG") { name.removeFirst(3) }
        if name.isEmpty { return nil }
        for (number, known) in Signal.names.enumerated() where number > 0 && known.description == name {
            self.init(Int32(number))
            return
        }
        for (alias, number) in Signal.aliases where alias == name {
            self.init(number)
            return
        }
        if name == "RTMIN" {
            self.init(34)
        } else if name == "RTMAX" {
            self.init(64)
        } else if name.hasPrefix("RTMIN+"), let offset = Int32(name.dropFirst(6)), (0...30).contains(offset) {
            self.init(34 + offset)
        } else if name.hasPrefix("RTMAX-"), let offset = Int32(name.dropFirst(6)), (0...30).contains(offset) {
            self.init(64 - offset)
        } else {
            return nil
        }
    }
}

extension Signal: CustomStringConvertible {
    /// The name with `SIG`.
    public var description: String { "SIG" + name }
}
