internal import Model

/// The grammar of Docker's client (that of spf13/pflag). A verb's words are rewritten in the one form that the argument
/// parser reads without doubt: `--flag`, `--flag=value`, `--`, arguments.
///
/// All differences between the two grammars end here: `-itv/a:/b`, `-e=x`, `--rm=false`, values that begin with a dash,
/// and everything after an image's name.
package enum FlagGrammar {
    /// The error of words that are refused.
    package struct Refusal: ReadableError, Hashable {
        /// The reason in the words of Docker's client.
        package var message: String
    }

    /// The result of reading a verb's words.
    package struct Reading: Hashable {
        /// The flags in order, in canonical form.
        package var flags: [String] = []
        /// The words that are no flags, in order.
        package var arguments: [String] = []
        /// Whether the words request help; the rest is then incomplete.
        package var wantsHelp = false
        /// Whether help was requested by `-h`.
        package var helpByLetter = false

        /// The words for the argument parser.
        package var canonical: [String] { flags + ["--"] + arguments }
    }

    /// Reads the words after a verb.
    package static func read(_ words: [String], table: FlagTable) throws(Refusal) -> Reading {
        var reading = Reading()
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                reading.arguments += rest
                break
            }
            if word.hasPrefix(bytes: "--") {
                try readLong(word.dropping(prefix: "--") ?? "", rest: &rest, table: table, into: &reading)
            } else if word.hasPrefix(bytes: "-"), word.utf8.count > 1 {
                try readLetters(word.dropping(prefix: "-") ?? "", rest: &rest, table: table, into: &reading)
            } else {
                reading.arguments.append(word)
                if !table.interspersed {
                    reading.arguments += rest
                    break
                }
            }
            if reading.wantsHelp { break }
        }
        return reading
    }

    private static func readLong(
        _ body: Substring, rest: inout ArraySlice<String>, table: FlagTable, into reading: inout Reading
    ) throws(Refusal) {
        let parts = body.split(byte: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        let attached = parts.count == 2 ? String(parts[1]) : nil
        guard !name.isEmpty, !name.hasPrefix(bytes: "-") else { throw Refusal(message: "bad flag syntax: --\(body)") }
        guard let flag = table.flag(long: name) else {
            if name == "help" {
                reading.wantsHelp = true
                return
            }
            let reason = table.absent.first { $0.key == name }?.value
            throw Refusal(message: "unknown flag: --\(name)" + (reason.map { ": \($0)" } ?? ""))
        }
        if let value = attached ?? (flag.isSwitch ? "true" : rest.popFirst()) {
            try add(flag, value, table: table, to: &reading)
        } else {
            throw Refusal(message: "flag needs an argument: --\(name)")
        }
    }

    private static func readLetters(
        _ body: Substring, rest: inout ArraySlice<String>, table: FlagTable, into reading: inout Reading
    ) throws(Refusal) {
        var letters = body
        while let first = letters.unicodeScalars.first {
            let letter = Character(first)
            let here = letters
            letters = Substring(letters.unicodeScalars.dropFirst())
            guard let flag = table.flag(short: letter) else {
                if letter == "h" {
                    reading.wantsHelp = true
                    reading.helpByLetter = true
                    return
                }
                throw Refusal(message: "unknown shorthand flag: '\(letter)' in -\(here)")
            }
            if let value = letters.dropping(prefix: "=") {
                try add(flag, String(value), table: table, to: &reading)
                return
            }
            if flag.isSwitch {
                try add(flag, "true", table: table, to: &reading)
                continue
            }
            guard let value = letters.isEmpty ? rest.popFirst() : String(letters) else {
                throw Refusal(message: "flag needs an argument: '\(letter)' in -\(here)")
            }
            try add(flag, value, table: table, to: &reading)
            return
        }
    }

    private static func add(
        _ flag: FlagTable.Flag, _ value: String, table: FlagTable, to reading: inout Reading
    ) throws(Refusal) {
        if let refusal = flag.kind.refusal(of: value) {
            throw Refusal(message: "invalid argument \(quoted(value)) for \(quoted(flag.title)) flag: \(refusal)")
        }
        guard flag.isSwitch else {
            // The argument parser takes an empty value only as a separate word, and finds no "=" that has an accent on it.
            let joined = "--\(flag.long)=\(value)"
            let isApart = value.isEmpty || joined.firstIndex(of: Character("=")) != joined.firstIndex(ofByte: "=")
            reading.flags += isApart ? ["--\(flag.long)", value] : [joined]
            return
        }
        let on = "--\(flag.long)"
        let off = "--no-\(flag.long)"
        reading.flags.removeAll { $0 == on || $0 == off }
        let wanted = FlagValue.bool(value) ?? true
        if wanted != table.onByDefault.contains(flag.long) { reading.flags.append(wanted ? on : off) }
    }
}
