internal import FoundationEssentials
internal import Model

/// One Dockerfile instruction as `import --change` and `commit --change` take it.
enum ImageChange {
    static func apply(_ line: String, to config: inout ImageConfig) throws(ImageError) {
        let trimmed = line.trimmedOfBlanks
        let (first, following) = cut(trimmed)
        let name = String(first)
        let rest = String(following)
        let instruction = name.uppercased()
        guard known.contains(instruction) else { throw .invalid("\(name) is not a valid change command") }
        guard !rest.isEmpty else { throw .invalid("\(instruction) requires at least one argument") }
        switch instruction {
        case "CMD": config.command = try command(rest, config)
        case "ENTRYPOINT": config.entrypoint = try command(rest, config)
        case "ENV": try environment(rest, &config)
        case "EXPOSE": try expose(rest, &config)
        case "LABEL":
            var labels = config.labels ?? [:]
            for (key, value) in try pairs(rest, instruction) { labels[key] = value }
            config.labels = labels
        case "ONBUILD": config.onBuild = (config.onBuild ?? []) + [rest]
        case "USER": config.user = rest
        case "VOLUME":
            for path in array(rest) ?? Words.split(rest) {
                config.volumes = with(config.volumes, path, EmptyObject())
            }
        case "WORKDIR":
            let base = config.workingDirectory ?? "/"
            config.workingDirectory =
                rest.hasPrefix(bytes: "/") ? rest : (base.hasSuffix(bytes: "/") ? base : base + "/") + rest
        case "STOPSIGNAL": config.stopSignal = rest
        case "SHELL":
            guard let shell = array(rest) else { throw .invalid("SHELL requires the arguments to be in JSON form") }
            config.shell = shell
        default: config.healthcheck = try healthcheck(rest, config)
        }
    }

    private static let known: Set<String> = [
        "CMD", "ENTRYPOINT", "HEALTHCHECK", "ENV", "EXPOSE", "LABEL", "ONBUILD", "STOPSIGNAL", "USER", "VOLUME",
        "WORKDIR", "SHELL",
    ]

    /// The first word, and what follows it without blanks at its ends.
    private static func cut(_ text: Substring) -> (word: Substring, rest: Substring) {
        let end = text.utf8.firstIndex(where: \.isBlank) ?? text.endIndex
        return (text[..<end], text[end...].trimmedOfBlanks)
    }

    private static func with<Value>(_ all: [String: Value]?, _ key: String, _ value: Value) -> [String: Value] {
        var all = all ?? [:]
        all[key] = value
        return all
    }

    private static func array(_ text: String) -> [String]? {
        try? JSONDecoder().decode([String].self, from: Data(text.utf8))
    }

    private static func command(_ text: String, _ config: ImageConfig) throws(ImageError) -> [String] {
        array(text) ?? (config.shell ?? ["/bin/sh", "-c"]) + [text]
    }

    private static func environment(_ text: String, _ config: inout ImageConfig) throws(ImageError) {
        for (key, value) in try pairs(text, "ENV") {
            var all = (config.environment ?? []).filter { !$0.hasPrefix(bytes: key + "=") }
            all.append("\(key)=\(value)")
            config.environment = all
        }
    }

    /// `KEY=VALUE …`, or the old form `KEY the rest`.
    private static func pairs(_ text: String, _ instruction: String) throws(ImageError) -> [(String, String)] {
        let words = Words.split(text)
        guard let first = words.first else { return [] }
        if !first.contains(byte: "=") {
            let value = cut(text[...]).rest
            guard !value.isEmpty else { throw .invalid("\(instruction) must have two arguments") }
            return [(first, String(value))]
        }
        var pairs: [(String, String)] = []
        for word in words {
            let (name, value) = word.cut(at: "=")
            guard let value else {
                throw .invalid(
                    "Syntax error - can't find = in \"\(word)\". Must be of the form: name=value")
            }
            guard !name.isEmpty else { throw .invalid("\(instruction) names can not be blank") }
            pairs.append((String(name), String(value)))
        }
        return pairs
    }

    private static func expose(_ text: String, _ config: inout ImageConfig) throws(ImageError) {
        for word in Words.split(text) {
            let parts = word.split(byte: "/", omittingEmptySubsequences: false)
            let kind = parts.count > 1 ? parts[1].lowercased() : "tcp"
            let range = (parts.first ?? "").split(byte: "-", omittingEmptySubsequences: false)
            guard parts.count <= 2, ["tcp", "udp", "sctp"].contains(kind),
                let low = range.first.flatMap({ UInt16($0) }),
                let high = range.last.flatMap({ UInt16($0) }), range.count <= 2, low <= high
            else { throw .invalid("invalid containerPort: \(word)") }
            for port in low...high {
                config.exposedPorts = with(config.exposedPorts, "\(port)/\(kind)", EmptyObject())
            }
        }
    }

    private static func duration(_ text: Substring) throws(ImageError) -> Int64 {
        do throws(Nanoseconds.InvalidGoText) { return try Nanoseconds(goText: String(text)).count } catch {
            throw .invalid(error.message)
        }
    }

    private static func healthcheck(_ text: String, _ config: ImageConfig) throws(ImageError) -> ImageHealthcheck {
        var check = ImageHealthcheck()
        var rest = text[...]
        while rest.hasPrefix(bytes: "--") {
            let (option, following) = cut(rest)
            rest = following
            let parts = option.dropFirst(2).split(byte: "=", maxSplits: 1)
            guard parts.count == 2 else { throw .invalid("Unknown flag: \(option.dropFirst(2))") }
            switch parts[0] {
            case "interval": check.interval = try duration(parts[1])
            case "timeout": check.timeout = try duration(parts[1])
            case "start-period": check.startPeriod = try duration(parts[1])
            case "start-interval": check.startInterval = try duration(parts[1])
            // bounded: of a text, nothing where it is none.
            case "retries": check.retries = Int(parts[1])
            default: throw .invalid("Unknown flag: \(parts[0])")
            }
        }
        let (kind, following) = cut(rest)
        let words = String(following)
        switch kind.uppercased() {
        case "NONE": check.test = ["NONE"]
        case "CMD":
            guard !words.isEmpty else { throw .invalid("Missing command after HEALTHCHECK CMD") }
            check.test = array(words).map { ["CMD"] + $0 } ?? ["CMD-SHELL", words]
        default: throw .invalid("Unknown type \"\(kind.uppercased())\" in HEALTHCHECK (try CMD)")
        }
        return check
    }
}

/// Words as a Dockerfile splits them: quotes group and vanish, a backslash keeps the next character.
private enum Words {
    static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var inWord = false
        var quote: Unicode.Scalar?
        var escaped = false
        for character in text.unicodeScalars {
            if escaped {
                word.append(character)
                escaped = false
            } else if character == "\\", quote != "'" {
                escaped = true
                inWord = true
            } else if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                inWord = true
            } else if character.properties.isWhitespace {
                if inWord { words.append(String(word)) }
                word = .init()
                inWord = false
            } else {
                word.append(character)
                inWord = true
            }
        }
        if inWord { words.append(String(word)) }
        return words
    }
}
