extension ExitStatus: Codable {
    private enum CodingKeys: String, CodingKey { case exited, signal, core, unknown }

    /// Reads what `encode(to:)` wrote; words of a later version are `unknown`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let code = try values.decodeIfPresent(UInt8.self, forKey: .exited) {
            self = .exited(code)
        } else if let number = try values.decodeIfPresent(Int32.self, forKey: .signal),
            let signal = Signal(number: number)
        {
            self = .signaled(signal, coreDumped: try values.decodeIfPresent(Bool.self, forKey: .core) ?? false)
        } else {
            self = .unknown
        }
    }

    /// Writes the form that `init(from:)` reads.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .exited(let code): try values.encode(code, forKey: .exited)
        case .signaled(let signal, let core):
            try values.encode(signal.number, forKey: .signal)
            try values.encode(core, forKey: .core)
        case .unknown: try values.encode(true, forKey: .unknown)
        }
    }
}
