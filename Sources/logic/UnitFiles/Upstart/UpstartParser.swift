extension UpstartJob {
    /// Reads a job as upstart does. Throws with the line for what makes upstart refuse the whole job.
    public init(parsing file: ByteString) throws(UnitFileError) {
        var parser = UpstartParser(file)
        self.init(try parser.stanzas())
    }
}

/// Reads stanzas by the grammar of init(5).
struct UpstartParser {
    private var rest: ArraySlice<UInt8>
    private var line = 1

    init(_ file: ByteString) { rest = file.bytes[...] }

    mutating func stanzas() throws(UnitFileError) -> [UpstartStanza] {
        var stanzas: [UpstartStanza] = []
        while true {
            rest = rest.drop(while: UpstartText.isBlank)
            guard let first = rest.first else { return stanzas }
            if first == 0x0A {
                endLine()
            } else if first == 0x23 {
                let text = takeLine().dropFirst()
                let drops = text.first == 0x20 && text.dropFirst().first?.isBlank == false
                stanzas.append(.comment(ByteString(drops ? text.dropFirst() : text)))
            } else {
                stanzas.append(try stanza())
            }
        }
    }

    // MARK: Lines and words

    private mutating func takeLine() -> ArraySlice<UInt8> {
        let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
        let text = rest[..<end]
        rest = rest[end...]
        endLine()
        return text
    }

    private mutating func endLine() {
        if rest.first == 0x0A {
            rest = rest.dropFirst()
            line += 1
        }
    }

    private var hasWord: Bool { rest.first.map { $0 != 0x23 && $0 != 0x0A } ?? false }

    /// The next word without its quotes, and the blanks after it, newlines after a backslash included.
    private mutating func word(_ name: String, until extra: Set<UInt8> = [], unquoting: Bool = true)
        throws(UnitFileError) -> ByteString
    {
        let delimiters: Set<UInt8> = extra.union([0x20, 0x09, 0x0D, 0x23, 0x0A])
        guard let token = UpstartText.token(rest, until: delimiters, unquoting: unquoting) else {
            throw failure(name, nil, "quotes stay open, or a backslash comes last", "close them")
        }
        guard !token.text.isEmpty else { throw failure(name, nil, "a word is missing", "add it") }
        rest = rest.dropFirst(token.length)
        line += token.newlines
        skipBlanks()
        return ByteString(token.text)
    }

    private mutating func skipBlanks() {
        while let first = rest.first {
            if first == 0x5C, rest.dropFirst().first == 0x0A {
                rest = rest.dropFirst(2)
                line += 1
            } else if UpstartText.isBlank(first) {
                rest = rest.dropFirst()
            } else {
                return
            }
        }
    }

    private mutating func words(_ name: String) throws(UnitFileError) -> [ByteString] {
        var words: [ByteString] = []
        while hasWord { words.append(try word(name)) }
        guard !words.isEmpty else { throw failure(name, nil, "a word is missing", "add it") }
        return words
    }

    private mutating func number(_ name: String, radix: Int = 10) throws(UnitFileError) -> Int {
        let text = try word(name)
        guard let value = text.text.flatMap({ Int($0, radix: radix) }) else {
            throw failure(name, text, "this is no number", "give one")
        }
        return value
    }

    private mutating func choice<Choice: RawRepresentable>(
        _ name: String, _ type: Choice.Type
    ) throws(UnitFileError) -> Choice where Choice.RawValue == String {
        let text = try word(name)
        guard let value = text.text.flatMap({ Choice(rawValue: $0) }) else {
            throw failure(name, text, "upstart does not know this word", "see init(5)")
        }
        return value
    }

    // MARK: Stanzas

    private mutating func stanza() throws(UnitFileError) -> UpstartStanza {
        let name = try word("").text ?? ""
        if let process = UpstartProcess(rawValue: name), process != .main { return try self.process(process) }
        let answer: UpstartStanza
        switch name {
        case "exec": return .process(.main, try execution(name))
        case "script": return .process(.main, try script(name))
        case "start", "stop":
            guard try word(name) == "on" else { throw failure(name, nil, "the word on is missing", "add it") }
            let events = try self.events(name + " on")
            return name == "start" ? .startOn(events) : .stopOn(events)
        case "kill", "reload", "respawn", "normal", "oom", "apparmor", "limit": answer = try compound(name)
        case "env":
            let text = try word(name)
            let equals = text.bytes.firstIndex(of: 0x3D)
            answer = .environment(
                equals.map { ByteString(text.bytes[..<$0]) } ?? text,
                equals.map { ByteString(text.bytes[($0 + 1)...]) })
        case "expect": answer = .expect(try choice(name, UpstartExpectation.self))
        case "console": answer = .console(try choice(name, UpstartConsole.self))
        case "umask": answer = .umask(UInt16(clamping: try number(name, radix: 8)))
        case "nice": answer = .nice(try number(name))
        case "cgroup":
            let words = try self.words(name)
            answer = .cgroup(
                UpstartControlGroup(
                    words[0], name: words.count == 2 || words.count == 4 ? words[1] : nil,
                    key: words.count >= 3 ? words[words.count - 2] : nil, value: words.count >= 3 ? words.last : nil))
        case "manual": answer = .manual
        case "task": answer = .task
        case "debug": answer = .debug
        case "emits": answer = .emits(try words(name))
        case "export": answer = .export(try words(name))
        case "description": answer = .description(try word(name))
        case "author": answer = .author(try word(name))
        case "version": answer = .version(try word(name))
        case "usage": answer = .usage(try word(name))
        case "instance": answer = .instance(try word(name))
        case "chroot": answer = .chroot(try word(name))
        case "chdir": answer = .chdir(try word(name))
        case "setuid": answer = .setuid(try word(name))
        case "setgid": answer = .setgid(try word(name))
        default: throw failure(name, nil, "upstart has no such stanza", "see init(5)")
        }
        try finish(name)
        return answer
    }

    private mutating func compound(_ name: String) throws(UnitFileError) -> UpstartStanza {
        if name == "respawn", !hasWord { return .respawn }
        let word = try self.word(name).text ?? ""
        let full = name + " " + word
        switch full {
        case "kill signal": return .killSignal(try self.word(full))
        case "kill timeout": return .killTimeout(try number(full))
        case "reload signal": return .reloadSignal(try self.word(full))
        case "normal exit": return .normalExit(try words(full))
        case "apparmor load": return .apparmorLoad(try self.word(full))
        case "apparmor switch": return .apparmorSwitch(try self.word(full))
        case "oom score":
            let score = try self.word(full)
            if score == "never" { return .oomScore(.never) }
            guard let value = score.text.flatMap({ Int($0) }) else {
                throw failure(full, score, "this is no score", "use -999 to 1000, or never")
            }
            return .oomScore(.adjustment(value))
        case "respawn limit":
            let count = try self.word(full)
            if count == "unlimited" { return .respawnLimit(.unlimited) }
            guard let number = count.text.flatMap({ Int($0) }) else {
                throw failure(full, count, "this is no number", "give one, or unlimited")
            }
            return .respawnLimit(.atMost(number, seconds: try self.number(full)))
        default:
            guard name == "limit", let resource = UpstartLimit(rawValue: word) else {
                throw failure(full, nil, "upstart has no such stanza", "see init(5)")
            }
            return .limit(resource, soft: try limitValue(full), hard: try limitValue(full))
        }
    }

    private mutating func limitValue(_ name: String) throws(UnitFileError) -> UpstartLimitValue {
        let text = try word(name)
        if text == "unlimited" { return .unlimited }
        guard let value = text.text.flatMap({ UInt64($0) }) else {
            throw failure(name, text, "this is no limit", "give a number, or unlimited")
        }
        return .value(value)
    }

    private mutating func finish(_ name: String) throws(UnitFileError) {
        guard !hasWord else { throw failure(name, ByteString(takeLine()), "there is a word too much", "leave it out") }
        _ = takeLine()
    }

    // MARK: Processes

    private mutating func process(_ process: UpstartProcess) throws(UnitFileError) -> UpstartStanza {
        let kind = try word(process.rawValue)
        switch kind {
        case "exec": return .process(process, try execution(process.rawValue))
        case "script": return .process(process, try script(process.rawValue))
        default: throw failure(process.rawValue, kind, "neither exec nor script", "use one of them")
        }
    }

    private mutating func execution(_ name: String) throws(UnitFileError) -> UpstartCommand {
        guard hasWord else { throw failure(name, nil, "no program", "name one") }
        guard let token = UpstartText.command(rest) else {
            throw failure(name, nil, "quotes stay open, or a backslash comes last", "close them")
        }
        rest = rest.dropFirst(token.length)
        line += token.newlines
        _ = takeLine()
        let words = token.text.split(whereSeparator: UpstartText.isBlank)
        let special = token.text.contains(where: UpstartText.shellCharacters.contains)
        guard !special || words.allSatisfy({ ShellLine.isPlain(Array($0)) }) else {
            return .shellLine(ByteString(token.text))
        }
        return .arguments(words.map { ByteString($0) })
    }

    private mutating func script(_ name: String) throws(UnitFileError) -> UpstartCommand {
        try finish(name)
        var lines: [ArraySlice<UInt8>] = []
        while !rest.isEmpty {
            let text = takeLine()
            if UpstartText.endsScript(text) {
                let blanks = UpstartText.commonBlanks(lines)
                let body = ByteString(lines.flatMap { Array($0.dropFirst(blanks)) + [0x0A] })
                return UpstartScript.words(of: body).map { .arguments($0) } ?? .script(body)
            }
            lines.append(text)
        }
        throw failure(name, nil, "the script has no end", "close it with end script")
    }

    // MARK: Events

    private mutating func events(_ name: String) throws(UnitFileError) -> UpstartEvents {
        skipBlanks()
        var reader = UpstartEventReader()
        repeat {
            skipBlanks()
            while hasWord {
                if rest.first == 0x28 || rest.first == 0x29 {
                    let opens = rest.first == 0x28
                    rest = rest.dropFirst()
                    skipBlanks()
                    guard opens ? reader.open() : reader.close() else {
                        throw failure(name, nil, "a parenthesis stands where none can", "balance them")
                    }
                    continue
                }
                let quoted = rest.first == 0x22 || rest.first == 0x27
                let word = try self.word(name, until: [0x28, 0x29])
                guard reader.take(word, isQuoted: quoted) else {
                    throw failure(name, word, "the word stands where none can", "see init(5)")
                }
            }
            _ = takeLine()
        } while reader.depth > 0 && !rest.isEmpty
        guard let events = reader.result else {
            throw failure(name, nil, "the events are not complete", "balance the parentheses, and end with an event")
        }
        return events
    }

    private func failure(
        _ name: String, _ value: ByteString?, _ reason: String, _ remedy: String
    ) -> UnitFileError {
        UnitFileError(
            .upstart, line: line, directive: name.isEmpty ? nil : name, value: value, reason: reason, remedy: remedy)
    }
}
