public import Model
public import UnitFiles

/// A foreign unit, job or program that runs a container: its command, and its restarts and times.
public struct ImportedUnit: Hashable, Sendable {
    /// The init system of the file's format.
    public var system: InitSystem
    /// The engine whose program the file calls.
    public var engine: EngineKind
    /// The command that starts the container.
    public var action: Action
    /// The policy nearest to the file's restarts; nil when it sets none.
    public var policy: RestartPolicy?
    /// The seconds of `stop -t`; nil when there are none.
    public var stopTimeout: Int?

    /// The verb that starts the container.
    public enum Action: Hashable, Sendable {
        /// `start [-a] NAME`: the container exists.
        case start(name: String)
        /// `run …`: the words after the verb.
        case run([String])
    }

    /// The reason why a file cannot be imported.
    public enum Failure: ReadableError, Hashable, Sendable {
        /// The file cannot be parsed.
        case unreadable(UnitFileError)
        /// The file has none of the three formats.
        case unknownFormat
        /// No command in the file starts a container by docker, podman or sereno.
        case noContainer(InitSystem)

        /// What is wrong with the file.
        public var message: String {
            switch self {
            case .unreadable(let error): error.message
            case .unknownFormat:
                "no systemd service, upstart job or supervisord program; give a file that ends in .service or .conf"
            case .noContainer:
                "it starts no container: there is no docker, podman or sereno with start or run in its commands"
            }
        }
    }

    /// Reads a file from its name and contents.
    public init(name: String, contents: ByteString) throws(Failure) {
        do throws(UnitFileError) {
            let text = "\n" + (contents.text ?? "")
            if ["program:", "supervisord]", "group:", "include]"].contains(where: { text.contains("\n[" + $0) }) {
                try self.init(supervisord: try SupervisordConfig(parsing: contents))
            } else if text.contains("\n[Service]") || name.hasSuffix(".service") {
                try self.init(systemd: try SystemdUnit(parsing: contents))
            } else if name.hasSuffix(".conf") {
                try self.init(upstart: try UpstartJob(parsing: contents))
            } else {
                self.init(nothingIn: .systemd)
            }
        } catch {
            throw .unreadable(error)
        }
        guard case .run(let words) = action, words.isEmpty else { return }
        throw name.hasSuffix(".service") || name.hasSuffix(".conf") ? .noContainer(system) : .unknownFormat
    }

    private init(nothingIn system: InitSystem) {
        self.system = system
        engine = .docker
        action = .run([])
    }

    // MARK: Formats

    private init(systemd unit: SystemdUnit) throws(UnitFileError) {
        self.init(nothingIn: .systemd)
        take(commands(unit, "ExecStart"), stops: commands(unit, "ExecStop") + commands(unit, "ExecStopPost"))
        let bound =
            plain(unit, "Unit", "StartLimitBurst").flatMap { Int($0) }
            ?? plain(unit, "Service", "StartLimitBurst").flatMap { Int($0) }
        switch plain(unit, "Service", "Restart") {
        case "always": policy = .always
        case "on-failure", "on-abnormal", "on-abort", "on-watchdog": policy = .onFailure(maximumRetryCount: bound)
        default: policy = nil
        }
    }

    private func commands(_ unit: SystemdUnit, _ directive: String) -> [[String]] {
        unit.values(of: directive, in: "Service").flatMap { value -> [[String]] in
            guard case .commands(let commands) = value else { return [] }
            return commands.map { ([$0.program] + $0.arguments).map(Self.text) }
        }
    }

    private func plain(_ unit: SystemdUnit, _ section: String, _ directive: String) -> String? {
        guard case .plain(let text)? = unit.values(of: directive, in: section).last else { return nil }
        return text.text
    }

    /// A text in the file's spelling, specifiers and variables included.
    private static func text(_ text: SystemdText) -> String {
        text.pieces.map { piece in
            switch piece {
            case .literal(let bytes): String(decoding: bytes.bytes, as: UTF8.self)
            case .specifier(let letter): "%" + String(UnicodeScalar(letter))
            case .variable(let name): "${\(name)}"
            case .splitVariable(let name): "$\(name)"
            }
        }.joined()
    }

    private init(upstart job: UpstartJob) throws(UnitFileError) {
        self.init(nothingIn: .upstart)
        var starts: [[String]] = []
        var stops: [[String]] = []
        var respawns = false
        var endsWell = false
        var bound: Int?
        for stanza in job.stanzas {
            switch stanza {
            case .process(.main, let command): starts += Self.lines(command)
            case .process(_, let command): stops += Self.lines(command)
            case .respawn: respawns = true
            case .respawnLimit(.atMost(let count, let seconds)) where seconds > 86_400: bound = count
            case .normalExit: endsWell = true
            default: continue
            }
        }
        take(starts, stops: stops)
        if respawns { policy = endsWell ? .onFailure(maximumRetryCount: bound) : .always }
    }

    /// The commands of a process. Of a script only those lines count of which a shell would do no more than take the
    /// quotes off.
    private static func lines(_ command: UpstartCommand) -> [[String]] {
        switch command {
        case .arguments(let words): [words.map { String(decoding: $0.bytes, as: UTF8.self) }]
        case .shellLine(let text), .script(let text):
            text.bytes.split(separator: 0x0A).compactMap { line in
                ShellLine(parsing: ByteString(line))?.words.map { String(decoding: $0.bytes, as: UTF8.self) }
            }
        }
    }

    private init(supervisord config: SupervisordConfig) throws(UnitFileError) {
        self.init(nothingIn: .supervisord)
        for section in config.sections {
            guard case .command(let words)? = section.value(of: "command") else { continue }
            take([words.map { String(decoding: $0.literal?.bytes ?? [], as: UTF8.self) }], stops: [])
            switch section.value(of: "autorestart") {
            case .text("true"): policy = .always
            case .text("unexpected"), nil: policy = .onFailure(maximumRetryCount: nil)
            default: policy = nil
            }
            if case .run(let words) = action, words.isEmpty { continue }
            return
        }
    }

    // MARK: Commands

    private mutating func take(_ starts: [[String]], stops: [[String]]) {
        for words in starts {
            guard let call = EngineCall(words) else { continue }
            engine = call.engine
            switch call.verb {
            case "start":
                guard let name = call.words.last, !name.hasPrefix("-") else { continue }
                action = .start(name: name)
            case "run": action = .run(call.words)
            default: continue
            }
            break
        }
        for words in stops {
            guard let call = EngineCall(words), call.verb == "stop" else { continue }
            for (index, word) in call.words.enumerated() {
                if ["-t", "--time", "--timeout"].contains(word), index + 1 < call.words.count {
                    stopTimeout = Int(call.words[index + 1])
                } else if word.hasPrefix("-t"), let seconds = Int(word.dropFirst(2)) {
                    stopTimeout = seconds
                } else if word.hasPrefix("--time"), let equals = word.firstIndex(of: "=") {
                    stopTimeout = Int(word[word.index(after: equals)...])
                }
            }
        }
    }
}

/// A command line that calls docker, podman or sereno, maybe through a shell or env.
private struct EngineCall {
    var engine: EngineKind
    var verb: String
    var words: [String]

    /// Flags before the verb that take a value.
    private static let values: Set<String> = [
        "-H", "--host", "--url", "-c", "--context", "--config", "-l", "--log-level",
    ]

    init?(_ words: [String]) {
        var rest = words[...]
        while let word = rest.popFirst() {
            let name = word.split(byte: "/").last.map(String.init) ?? ""
            if let engine = EngineKind(rawValue: name) {
                self.engine = engine
                while let flag = rest.first, flag.hasPrefix("-") {
                    rest = rest.dropFirst(Self.values.contains(flag) ? 2 : 1)
                }
                if rest.first == "container" { rest = rest.dropFirst() }
                guard let verb = rest.popFirst() else { return nil }
                self.verb = verb
                self.words = Array(rest)
                return
            }
            if ["sh", "bash", "dash"].contains(name) {
                guard let script = rest.last, let line = ShellLine(parsing: ByteString(script)) else { return nil }
                rest = line.words.map { String(decoding: $0.bytes, as: UTF8.self) }[...]
            } else if !["exec", "env", "nohup"].contains(name), !word.contains("=") {
                return nil
            }
        }
        return nil
    }
}
