import ArgumentParser
import Flags

/// A verb of the command: the arguments that the parser reads, and the work with an engine.
protocol Verb: ParsableCommand {
    /// The flags by Docker's grammar.
    static var flags: FlagTable { get }
    /// The arguments in the usage line, such as `CONTAINER [CONTAINER...]`; empty for none.
    static var arguments: String { get }
    /// The number of arguments.
    static var argumentCount: ArgumentCount { get }
    /// Runs the verb and returns the exit code. An ``ExitFailure`` carries its own code and text. A `ClientError` is
    /// reported as Docker's client does, with exit code 1.
    func perform(in session: Session) throws -> Int32
}

extension CommandConfiguration {
    /// The configuration of a verb.
    ///
    /// The verb is declared as part of a command. The parser reads it alone; otherwise it would try its words as a
    /// request for completion scripts first, which takes longer than all else of a short command. Help has been looked
    /// for before.
    init(
        verb: String, of parent: String = "sereno", abstract: String, subcommands: [any ParsableCommand.Type] = [],
        aliases: [String] = []
    ) {
        self.init(
            commandName: verb, _superCommandName: parent, abstract: abstract, subcommands: subcommands, helpNames: [],
            aliases: aliases)
    }
}

extension Verb {
    static var flags: FlagTable { FlagTable() }
    static var arguments: String { "" }
    static var argumentCount: ArgumentCount { .any }
}

/// The number of arguments of a verb, with the texts of Docker's client for other numbers.
enum ArgumentCount {
    case any
    case none
    case exactly(Int)
    case atLeast(Int)
    case atMost(Int)
    case between(Int, Int)

    /// The refusal of a number of arguments; `nil` when it is right.
    func refusal(of count: Int, verb: String) -> String? {
        switch self {
        case .any: nil
        case .none: count == 0 ? nil : "'\(verb)' accepts no arguments"
        case .exactly(let wanted): count == wanted ? nil : "'\(verb)' requires \(plural(wanted))"
        case .atLeast(let least): count >= least ? nil : "'\(verb)' requires at least \(plural(least))"
        case .atMost(let most): count <= most ? nil : "'\(verb)' requires at most \(plural(most))"
        case .between(let least, let most):
            (least...most).contains(count)
                ? nil : "'\(verb)' requires at least \(least) and at most \(plural(most))"
        }
    }

    /// The word before `--help` in the hint; it differs between Docker's own checks.
    var hint: String {
        switch self {
        case .none, .exactly: "Run"
        case .any, .atLeast, .atMost, .between: "See"
        }
    }

    private func plural(_ number: Int) -> String { number == 1 ? "1 argument" : "\(number) arguments" }
}
