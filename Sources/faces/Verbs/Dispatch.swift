import APIClient
import ArgumentParser
import Flags
import Linux
import Model
import Streaming

/// The way from the words of the command line to a verb, and from its end to an exit code.
package enum Dispatch {
    /// Runs the command line of this process and returns the exit code. Standard descriptors that are closed are opened first, so
    /// that nothing else takes their numbers.
    package static func run() -> Int32 {
        CurrentProcess.openStandardDescriptors()
        return Output.exitCode(execute(Array(Programs.arguments.dropFirst())))
    }

    /// Runs a command line and returns its exit code.
    static func execute(_ words: [String]) -> Int32 {
        let options: GlobalOptions
        let rest: [String]
        do {
            (options, rest) = try GlobalOptions.split(words)
        } catch {
            Output.error.write(
                "\(error.message)\n\nUsage:  sereno [OPTIONS] COMMAND\n\n"
                    + "Run 'sereno --help' for more information\n")
            return 125
        }
        if options.wantsVersion {
            Output.standard.line("sereno version \(Release.version)")
            return 0
        }
        if rest.isEmpty || options.wantsHelp {
            Output.standard.write(help.root)
            return 0
        }
        if rest[0] == "__complete" { return Completer.answer(Array(rest.dropFirst()), options: options) }
        guard let found = find(rest) else {
            let reason = Absence.reason(for: [rest[0]]).map { ": \($0)" } ?? ""
            Output.error.write(
                "sereno: unknown command: sereno \(rest[0])\(reason)\n\nRun 'sereno --help' for more information\n")
            return 1
        }
        return run(found, options: options)
    }

    /// A verb with the words that led to it and those that follow.
    struct Found {
        var type: any ParsableCommand.Type
        var path: [String]
        var rest: [String]
    }

    /// Follows the words through groups such as `container` down to a verb or a group.
    static func find(_ words: [String]) -> Found? {
        var rest = words[...]
        var found: Found?
        var candidates = Sereno.configuration.subcommands
        while let word = rest.first {
            let match = candidates.first { $0._commandName == word || $0.configuration.aliases.contains(word) }
            guard let match else { break }
            rest = rest.dropFirst()
            found = Found(type: match, path: (found?.path ?? []) + [match._commandName], rest: Array(rest))
            candidates = match.configuration.subcommands
        }
        return found
    }

    private static func run(_ found: Found, options: GlobalOptions) -> Int32 {
        let name = (["sereno"] + found.path).joined(separator: " ")
        guard let type = found.type as? any Verb.Type else { return group(found, name: name) }
        let hasFlags = !type.flags.flags.isEmpty
        let usage = [name, hasFlags ? "[OPTIONS]" : "", type.arguments].filter { !$0.isEmpty }.joined(separator: " ")
        let reading: FlagGrammar.Reading
        do {
            reading = try FlagGrammar.read(found.rest, table: type.flags)
        } catch {
            Output.error.write("\(error.message)\n\nUsage:  \(usage)\n\nRun '\(name) --help' for more information\n")
            return 125
        }
        if reading.wantsHelp {
            if reading.helpByLetter { Output.error.line("Flag shorthand -h has been deprecated, use --help") }
            Output.standard.write(help.verb(type, name: name, usage: usage))
            return 0
        }
        if let refusal = type.argumentCount.refusal(of: reading.arguments.count, verb: name) {
            Output.error.write(
                "sereno: \(refusal)\n\nUsage:  \(usage)\n\n\(type.argumentCount.hint) '\(name) --help' for more information\n"
            )
            return 1
        }
        return perform(found, canonical: reading.canonical, options: options)
    }

    private static func perform(_ found: Found, canonical: [String], options: GlobalOptions) -> Int32 {
        let command: any ParsableCommand
        do {
            command = try found.type.parseAsRoot(canonical)
        } catch {
            // Of the argument parser, which alone knows its errors.
            Output.error.line(Sereno.message(for: error))
            return 125
        }
        guard let verb = command as? any Verb else { return 0 }
        do {
            return try verb.perform(in: try Session(options: options, environment: ProcessVariables.all))
        } catch let failure as ExitFailure {
            if !failure.message.isEmpty { Output.error.line(failure.message) }
            return failure.code
        } catch {
            Output.error.line(error.sentence)
            return error is ClientError ? 1 : 125
        }
    }

    private static func group(_ found: Found, name: String) -> Int32 {
        if let word = found.rest.first, !word.hasPrefix("-") {
            let reason = Absence.reason(for: found.path + [word]).map { ": \($0)" } ?? ""
            Output.error.write(
                "sereno: unknown command: \(name) \(word)\(reason)\n\nUsage:  \(name)\n\n"
                    + "Run '\(name) --help' for more information\n")
            return 1
        }
        // A group alone is a command line that lacks a word.
        let output: Output = found.rest.isEmpty ? .error : .standard
        output.write(help.group(found.type, name: name))
        return 0
    }

    /// The layout of help pages, as wide as the terminal.
    private static var help: HelpPage { HelpPage(width: WindowSize.current().map { Int($0.columns) } ?? 80) }
}
