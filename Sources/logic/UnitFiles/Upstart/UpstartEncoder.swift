extension UpstartJob {
    /// The file. Throws for what no job can say: which value, why, and what to do instead.
    public func encoded() throws(UnitFileError) -> ByteString {
        var lines: [UInt8] = []
        for stanza in stanzas { try UpstartEncoder.stanza(stanza, into: &lines) }
        return ByteString(lines)
    }
}

/// Writes stanzas by the grammar of init(5), which is that of libnih's config files.
enum UpstartEncoder {
    static func stanza(_ stanza: UpstartStanza, into lines: inout [UInt8]) throws(UnitFileError) {
        switch stanza {
        case .comment(let text):
            guard !text.bytes.contains(where: { $0 == 0x0A || $0 == 0 }) else {
                throw failure("#", text, "a comment is one line", "make it several comments")
            }
            lines.append(0x23)
            if let first = text.bytes.first, !first.isBlank { lines.append(0x20) }
            lines += text.bytes + [0x0A]
        case .process(let process, let command): try self.process(process, command, into: &lines)
        case .startOn(let events): try on("start", events, into: &lines)
        case .stopOn(let events): try on("stop", events, into: &lines)
        case .description, .author, .version, .usage, .emits, .instance, .environment, .export, .manual, .expect, .task,
            .killSignal, .killTimeout, .reloadSignal, .respawn, .respawnLimit, .normalExit, .console, .umask, .nice,
            .oomScore, .limit, .chroot, .chdir, .setuid, .setgid, .apparmorLoad, .apparmorSwitch, .cgroup, .debug:
            let (name, words) = try simple(stanza)
            lines += Array(name.utf8)
            for word in words {
                lines.append(0x20)
                lines += try quoted(word, in: name)
            }
            lines.append(0x0A)
        }
    }

    /// The words of a stanza that is a list of words.
    private static func simple(_ stanza: UpstartStanza) throws(UnitFileError) -> (String, [ByteString]) {
        switch stanza {
        case .description(let text): return ("description", [text])
        case .author(let text): return ("author", [text])
        case .version(let text): return ("version", [text])
        case .usage(let text): return ("usage", [text])
        case .emits(let events): return ("emits", try list(events, "emits"))
        case .instance(let name): return ("instance", [name])
        case .environment(let name, let value):
            guard !name.isEmpty, !name.bytes.contains(0x3D) else {
                throw failure("env", name, "this cannot be the name of a variable", "use one without =")
            }
            return ("env", [value.map { ByteString(name.bytes + [0x3D] + $0.bytes) } ?? name])
        case .export(let names): return ("export", try list(names, "export"))
        case .manual: return ("manual", [])
        case .expect(let expectation): return ("expect", [ByteString(expectation.rawValue)])
        case .task: return ("task", [])
        case .killSignal(let signal): return ("kill signal", [signal])
        case .killTimeout(let seconds):
            return ("kill timeout", [try number(seconds, 0...Int(Int32.max), "kill timeout")])
        case .reloadSignal(let signal): return ("reload signal", [signal])
        case .respawn: return ("respawn", [])
        case .respawnLimit(.unlimited): return ("respawn limit", ["unlimited"])
        case .respawnLimit(.atMost(let count, let seconds)):
            let name = "respawn limit"
            return (
                name, [try number(count, 0...Int(Int32.max), name), try number(seconds, 0...Int(Int32.max), name)]
            )
        case .normalExit(let codes): return ("normal exit", try list(codes, "normal exit"))
        case .console(let console): return ("console", [ByteString(console.rawValue)])
        case .umask(let mask):
            guard mask <= 0o777 else {
                throw failure("umask", ByteString(String(mask, radix: 8)), "not a mask", "use 0 to 0777")
            }
            return ("umask", [ByteString("0" + String(mask, radix: 8))])
        case .nice(let value): return ("nice", [try number(value, -20...19, "nice")])
        case .oomScore(.never): return ("oom score", ["never"])
        case .oomScore(.adjustment(let value)): return ("oom score", [try number(value, -999...1000, "oom score")])
        case .limit(let resource, let soft, let hard): return ("limit \(resource.rawValue)", [word(soft), word(hard)])
        case .chroot(let path): return ("chroot", [path])
        case .chdir(let path): return ("chdir", [path])
        case .setuid(let name): return ("setuid", [name])
        case .setgid(let name): return ("setgid", [name])
        case .apparmorLoad(let path): return ("apparmor load", [path])
        case .apparmorSwitch(let profile): return ("apparmor switch", [profile])
        case .cgroup(let group):
            guard (group.key == nil) == (group.value == nil) else {
                throw failure("cgroup", group.key, "a setting has a name and a value", "give both")
            }
            return ("cgroup", [group.controller] + [group.name, group.key, group.value].compactMap { $0 })
        case .debug: return ("debug", [])
        case .comment, .process, .startOn, .stopOn: return ("", [])
        }
    }

    private static func list(_ words: [ByteString], _ name: String) throws(UnitFileError) -> [ByteString] {
        guard !words.isEmpty else { throw failure(name, nil, "an empty list", "leave the stanza out") }
        return words
    }

    private static func number(
        _ value: Int, _ range: ClosedRange<Int>, _ name: String
    ) throws(UnitFileError) -> ByteString {
        guard range.contains(value) else {
            throw failure(
                name, ByteString(String(value)), "out of range", "use \(range.lowerBound) to \(range.upperBound)")
        }
        return ByteString(String(value))
    }

    private static func word(_ value: UpstartLimitValue) -> ByteString {
        switch value {
        case .unlimited: "unlimited"
        case .value(let number): ByteString(String(number))
        }
    }

    // MARK: Words

    /// A word for libnih: in double quotes where anything in it is special. A backslash escapes in every kind of quotes.
    static func quoted(_ word: ByteString, in name: String) throws(UnitFileError) -> [UInt8] {
        try checkWord(word, in: name)
        if word.bytes.allSatisfy(isPlain) { return word.bytes }
        return inQuotes(word.bytes)
    }

    private static func checkWord(_ word: ByteString, in name: String) throws(UnitFileError) {
        guard !word.isEmpty else { throw failure(name, word, "upstart knows no empty word", "leave it out") }
        guard !word.bytes.contains(where: { $0 == 0x0A || $0 == 0 }) else {
            throw failure(
                name, word, "upstart makes a blank of a newline, and knows no NUL",
                "say it in one line, or set it in a script")
        }
    }

    private static func inQuotes(_ bytes: [UInt8]) -> [UInt8] {
        [0x22] + bytes.flatMap { $0 == 0x22 || $0 == 0x5C ? [0x5C, $0] : [$0] } + [0x22]
    }

    static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x7F && ![0x22, 0x23, 0x27, 0x28, 0x29, 0x5C].contains(byte)
    }

    // MARK: Events

    private static func on(_ verb: String, _ events: UpstartEvents, into lines: inout [UInt8]) throws(UnitFileError) {
        lines += Array("\(verb) on ".utf8)
        try self.events(events, nested: false, of: "\(verb) on", into: &lines)
        lines.append(0x0A)
    }

    /// Operators bind to the left and equally, so the right side of one is put in parentheses when it is an operator itself.
    private static func events(
        _ events: UpstartEvents, nested: Bool, of name: String, into line: inout [UInt8]
    ) throws(UnitFileError) {
        switch events {
        case .event(let event, let matches):
            // An event that is called as an operator is told from it by its quotes.
            try checkWord(event, in: name)
            line += event == "and" || event == "or" ? inQuotes(event.bytes) : try quoted(event, in: name)
            var byName = false
            for match in matches {
                line.append(0x20)
                line += try self.match(match, &byName, of: name)
            }
        case .and(let left, let right), .or(let left, let right):
            if nested { line.append(0x28) }
            try self.events(left, nested: needsParentheses(left, beside: events), of: name, into: &line)
            if case .and = events { line += Array(" and ".utf8) } else { line += Array(" or ".utf8) }
            try self.events(right, nested: true, of: name, into: &line)
            if nested { line.append(0x29) }
        }
    }

    /// For those who read it: `a and b or c` means what it says, yet nobody trusts it.
    private static func needsParentheses(_ left: UpstartEvents, beside events: UpstartEvents) -> Bool {
        switch (left, events) {
        case (.event, _), (.and, .and), (.or, .or): false
        case (.and, _), (.or, _): true
        }
    }

    private static func match(
        _ match: UpstartMatch, _ byName: inout Bool, of name: String
    ) throws(UnitFileError) -> [UInt8] {
        switch match {
        case .positional(let pattern):
            guard !byName, !pattern.bytes.contains(0x3D) else {
                throw failure(
                    name, pattern, "a value without a name stands before those with one, and has no =",
                    "give the variable's name")
            }
            try checkWord(pattern, in: name)
            return pattern == "and" || pattern == "or" ? inQuotes(pattern.bytes) : try quoted(pattern, in: name)
        case .equal(let key, let pattern), .notEqual(let key, let pattern):
            byName = true
            guard !key.isEmpty, !key.bytes.contains(0x3D), key.bytes.last != 0x21 else {
                throw failure(name, key, "this cannot be the name of a variable", "use one without = and !")
            }
            var sign: [UInt8] = [0x3D]
            if case .notEqual = match { sign = [0x21, 0x3D] }
            return try quoted(ByteString(key.bytes + sign + pattern.bytes), in: name)
        }
    }

    // MARK: Processes

    private static func process(
        _ process: UpstartProcess, _ command: UpstartCommand, into lines: inout [UInt8]
    ) throws(UnitFileError) {
        let name = process == .main ? "" : process.rawValue + " "
        switch command {
        case .arguments(let words):
            guard let program = words.first, !program.isEmpty else {
                throw failure(name + "exec", nil, "no program", "name one")
            }
            for word in words where word.bytes.contains(0) {
                throw failure(name + "exec", word, "a NUL byte ends every text", "leave it out")
            }
            // A shell that runs such a line, as upstart lets it for `=`, finds the same words in it.
            if words.allSatisfy({ ShellLine.isPlain($0.bytes) }) {
                lines += Array("\(name)exec ".utf8) + words.map(\.bytes).joined(separator: [0x20]) + [0x0A]
            } else {
                try script(ByteString(UpstartScript.execution(of: words)), name, into: &lines)
            }
        case .shellLine(let line):
            let text = line.bytes
            guard let first = text.first, !UpstartText.isBlank(first), UpstartText.command(text[...])?.text == text
            else {
                throw failure(
                    name + "exec", line,
                    "upstart would change this line: blanks at the ends, newlines, open quotes or #",
                    "make it a script")
            }
            lines += Array("\(name)exec ".utf8) + text + [0x0A]
        case .script(let text): try script(text, name, into: &lines)
        }
    }

    private static func script(
        _ text: ByteString, _ name: String, into lines: inout [UInt8]
    ) throws(UnitFileError) {
        guard text.isEmpty || text.bytes.last == 0x0A else {
            throw failure(name + "script", text, "the last line has no end", "end it with a newline")
        }
        let body = text.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
        for line in body where UpstartText.endsScript(line) || line.contains(0) {
            throw failure(
                name + "script", ByteString(line), "this line ends the script, or has a NUL byte",
                "write the words in quotes")
        }
        // What all lines begin with is taken off again; an empty line has no beginning, and so nothing would be.
        let indents = !body.contains { $0.isEmpty } && UpstartText.commonBlanks(body) == 0
        guard indents || UpstartText.commonBlanks(body) == 0 else {
            throw failure(
                name + "script", text, "upstart takes off the blanks that all lines begin with",
                "begin one of the lines without")
        }
        lines += Array("\(name)script\n".utf8)
        for line in body { lines += (indents ? [0x20, 0x20, 0x20, 0x20] : []) + line + [0x0A] }
        lines += Array("end script\n".utf8)
    }

    private static func failure(
        _ directive: String, _ value: ByteString?, _ reason: String, _ remedy: String
    ) -> UnitFileError {
        UnitFileError(.upstart, directive: directive, value: value, reason: reason, remedy: remedy)
    }
}
