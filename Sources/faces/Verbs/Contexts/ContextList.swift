import APIClient
import ArgumentParser
import Flags
import Listings
import Streaming

/// `sereno context ls`: lists the one context, which is the engine's address.
struct ContextList: Verb {
    static let configuration = CommandConfiguration(verb: "ls", abstract: "List contexts", aliases: ["list"])
    static let flags = FlagTable(switches: "q/quiet", values: "format")
    static let argumentCount = ArgumentCount.none

    @Option(help: "Format output using a custom template: 'table', 'table TEMPLATE', 'json' or 'TEMPLATE'.")
    var format = ""

    @Flag(name: .shortAndLong, help: "Only show context names.")
    var quiet = false

    func perform(in session: Session) throws -> Int32 {
        let row = ContextRow.row(endpoint: session.client.address.text)
        try ContextRow.format(format, quiet: quiet).show([row], headings: ContextRow.headings)
        return 0
    }
}

/// `sereno context use`: takes the name of the one context, which is always in use.
struct ContextUse: Verb {
    static let configuration = CommandConfiguration(verb: "use", abstract: "Set the current context")
    static let arguments = "CONTEXT"
    static let argumentCount = ArgumentCount.exactly(1)

    @Argument(help: .hidden)
    var context: String

    func perform(in session: Session) throws -> Int32 {
        guard context == ContextRow.name else { throw Absence.context(context) }
        Output.standard.line(context)
        Output.error.line("Current context is now \(quoted(context))")
        return 0
    }
}

/// `sereno context show`: prints the name of the one context.
struct ContextShow: Verb {
    static let configuration = CommandConfiguration(verb: "show", abstract: "Print the name of the current context")
    static let argumentCount = ArgumentCount.none

    func perform(in session: Session) throws -> Int32 {
        Output.standard.line(ContextRow.name)
        return 0
    }
}
