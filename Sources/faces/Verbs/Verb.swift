import ArgumentParser
import Flags

/// A verb of the command: what the argument parser reads, and what it then does with an engine.
protocol Verb: ParsableCommand {
    /// Its flags by Docker's grammar.
    static var flags: FlagTable { get }
    /// What its arguments are called in its usage line, such as `CONTAINER [CONTAINER...]`; empty for none.
    static var arguments: String { get }
    /// How many arguments it takes.
    static var argumentCount: ArgumentCount { get }
    /// Does it and gives the exit code. An ``ExitFailure`` carries its own code and text; an `ClientError` is told as
    /// Docker's client tells it, with exit code 1.
    func perform(in session: Session) throws -> Int32
}

extension CommandConfiguration {
    /// The configuration of a verb.
    ///
    /// It says of a verb that it belongs to a command: parsed alone as it is here, the parser would else try its words as
    /// a request for completion scripts first, which takes longer than all else of a short command. Help has been
    /// looked for before.
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

/// How many arguments a verb takes, with the words of Docker's client for other numbers.
enum ArgumentCount {
    case any
    case none
    case exactly(Int)
    case atLeast(Int)
    case atMost(Int)
    case between(Int, Int)

    /// The refusal of so many arguments; `nil` when they are right.
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

    /// The word before `--help` in the hint, which differs between Docker's own checks.
    var hint: String {
        switch self {
        case .none, .exactly: "Run"
        case .any, .atLeast, .atMost, .between: "See"
        }
    }

    private func plural(_ number: Int) -> String { number == 1 ? "1 argument" : "\(number) arguments" }
}
