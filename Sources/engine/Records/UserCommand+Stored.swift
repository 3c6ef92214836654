package import Model

extension UserStop: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(
            verb: try keys.read("verb"), signal: try keys.read("signal"), time: try keys.read("time"),
            client: try keys.readIfPresent("client"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("verb", verb)
        try keys.put("signal", signal)
        try keys.put("time", time)
        try keys.putIfPresent("client", client)
    }
}

extension UserStop.Verb: StoredName {
    package var storedName: String {
        switch self {
        case .stop: "stop"
        case .kill: "kill"
        case .remove: "remove"
        }
    }
}

extension UserCommand: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(
            try keys.read("verb"), try keys.readIfPresent("details") ?? "", by: try keys.readIfPresent("client"))
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("verb", verb)
        try keys.put("details", details)
        try keys.putIfPresent("client", client)
    }
}

extension UserCommand.Verb: StoredName {
    package var storedName: String {
        switch self {
        case .create: "create"
        case .start: "start"
        case .stop: "stop"
        case .restart: "restart"
        case .kill: "kill"
        case .pause: "pause"
        case .unpause: "unpause"
        case .rename: "rename"
        case .update: "update"
        case .remove: "rm"
        }
    }
}

extension Client: StoredChoice {
    package enum Word: String, CaseIterable, Sendable { case process, certificate }

    package init(_ word: Word, _ parts: ReadKeys) throws {
        switch word {
        case .process:
            self = .process(
                number: try parts.readIfPresent("number") ?? 0, program: try parts.readIfPresent("program"),
                uid: try parts.read("uid"), user: try parts.readIfPresent("user"), gid: try parts.read("gid"))
        case .certificate: self = .certificate(subject: try parts.read("subject"))
        }
    }

    package func store(in choice: inout WrittenChoice<Word>) throws {
        switch self {
        case .process(let number, let program, let uid, let user, let gid):
            try choice.put(.process) {
                try $0.put("number", number)
                try $0.putIfPresent("program", program)
                try $0.put("uid", uid)
                try $0.putIfPresent("user", user)
                try $0.put("gid", gid)
            }
        case .certificate(let subject): try choice.put(.certificate) { try $0.put("subject", subject) }
        }
    }
}
