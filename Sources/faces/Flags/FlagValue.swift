import Model

/// The required form of a flag's value, as far as Docker's client checks it when it reads the command line.
package enum FlagValue: Hashable, Sendable {
    case text
    case bool
    case integer
    case unsigned(bits: Int)
    case bytes
    case decimal
    case duration
    case environment
    case label
    case stream
    case ulimit
    case host
    case sysctl
    case mount
    case filter

    /// The reason for refusing a value, in the words of Docker's client; `nil` when the value is good.
    package func refusal(of text: String) -> String? {
        switch self {
        case .text: nil
        case .bool:
            FlagValue.bool(text) == nil ? "strconv.ParseBool: parsing \(quoted(text)): invalid syntax" : nil
        case .integer: Int(text) == nil ? "strconv.ParseInt: parsing \(quoted(text)): invalid syntax" : nil
        case .unsigned(let bits): FlagValue.unsignedRefusal(text, bits: bits)
        case .bytes:
            text == "-1"
                ? nil
                : FlagValue.refusal { () throws(ByteSize.Invalid) in _ = try ByteSize.parse(text, .binary) }?.message
        case .decimal: NanoCPUs.parse(text) == nil ? "failed to parse \(text) as a rational number" : nil
        case .duration:
            FlagValue.refusal { () throws(Nanoseconds.InvalidGoText) in _ = try Nanoseconds(goText: text) }?.message
        case .environment: text.isEmpty || text.hasPrefix(bytes: "=") ? "invalid environment variable: \(text)" : nil
        case .label: text.hasPrefix(bytes: "=") ? "invalid label '\(text)': empty name" : nil
        case .stream:
            ["stdin", "stdout", "stderr"].contains(text.lowercased())
                ? nil : "valid streams are STDIN, STDOUT and STDERR"
        case .ulimit: UlimitOption.parse(text).refusal
        case .host:
            text.contains(byte: ":") || text.contains(byte: "=") ? nil : "bad format for add-host: \(quoted(text))"
        case .sysctl: Self.isNamespaced(sysctl: text) ? nil : "sysctl '\(text)' is not allowed"
        case .mount: MountOption.parse(text).refusal
        case .filter:
            text.isEmpty || text.contains(byte: "=") ? nil : "bad format of filter (expected name=value)"
        }
    }

    private static func refusal<Failure>(_ parse: () throws(Failure) -> Void) -> Failure? {
        do throws(Failure) { try parse() } catch { return error }
        return nil
    }

    /// Whether a setting belongs to a namespace of the container; the list is that of Docker's client.
    private static func isNamespaced(sysctl text: String) -> Bool {
        guard let equals = text.firstIndex(ofByte: "=") else { return false }
        let name = text[..<equals]
        if name.hasPrefix(bytes: "net.") || name.hasPrefix(bytes: "fs.mqueue.") { return true }
        return [
            "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
            "kernel.shmmni", "kernel.shm_rmid_forced",
        ].contains(name)
    }

    /// A truth value in a spelling of Go's strconv; `nil` for other text.
    package static func bool(_ text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "TRUE", "true", "True": true
        case "0", "f", "F", "FALSE", "false", "False": false
        default: nil
        }
    }

    private static func unsignedRefusal(_ text: String, bits: Int) -> String? {
        guard let value = UInt64(text) else {
            return "strconv.ParseUint: parsing \(quoted(text)): invalid syntax"
        }
        if bits < 64, value >> UInt64(bits) != 0 {
            return "strconv.ParseUint: parsing \(quoted(text)): value out of range"
        }
        return nil
    }
}

/// Text between double quotes.
package func quoted(_ text: some StringProtocol) -> String { "\"\(text)\"" }
