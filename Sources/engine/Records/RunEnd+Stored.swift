package import Model

extension RunEnd: StoredChoice {
    package enum Word: String, CaseIterable, Sendable { case exited, startFailed }

    package init(_ word: Word, _ parts: ReadKeys) throws {
        switch word {
        case .exited:
            self = .exited(
                status: try parts.read("status"), ranFor: try parts.read("ranFor"),
                outOfMemory: try parts.read("outOfMemory"), memory: try parts.readIfPresent("memory"))
        case .startFailed: self = .startFailed(try parts.read(.only))
        }
    }

    package func store(in choice: inout WrittenChoice<Word>) throws {
        switch self {
        case .exited(let status, let ranFor, let outOfMemory, let memory):
            try choice.put(.exited) {
                try $0.put("status", status)
                try $0.put("ranFor", ranFor)
                try $0.put("outOfMemory", outOfMemory)
                try $0.putIfPresent("memory", memory)
            }
        case .startFailed(let failure): try choice.put(.startFailed) { try $0.put(.only, failure) }
        }
    }
}

extension ExitStatus: Stored {
    /// Reads an end; words of a later version are `unknown`.
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        if let code: UInt8 = try keys.readIfPresent("exited") {
            self = .exited(code)
        } else if let number: Int32 = try keys.readIfPresent("signal"), let signal = Signal(number: number) {
            self = .signaled(signal, coreDumped: try keys.readIfPresent("core") ?? false)
        } else {
            self = .unknown
        }
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        switch self {
        case .exited(let code): try keys.put("exited", code)
        case .signaled(let signal, let core):
            try keys.put("signal", signal)
            try keys.put("core", core)
        case .unknown: try keys.put("unknown", true)
        }
    }
}

extension StartFailure: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(exitCode: try keys.read("exitCode"), message: try keys.readIfPresent("message") ?? "")
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("exitCode", exitCode)
        try keys.put("message", message)
    }
}

extension MemoryAccount: StoredObject {
    package static var absent: Self { MemoryAccount() }

    package static let fields: [StoredField<Self>] = [
        StoredField("limit", \.limit), StoredField("peak", \.peak), StoredField("killsBefore", \.killsBefore),
        StoredField("killsAfter", \.killsAfter), StoredField("stalled", \.stalled),
    ]
}
