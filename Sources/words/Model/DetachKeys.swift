/// The keys that detach a client from a container's terminal without ending it; `ctrl-p,ctrl-q` by default.
public struct DetachKeys: Hashable, Sendable {
    /// The bytes that the keys send, at least one.
    public let sequence: [UInt8]

    /// Docker's default.
    public static let standard = DetachKeys(sequence: [16, 17])

    private init(sequence: [UInt8]) { self.sequence = sequence }

    /// Keys from a text such as `ctrl-a,x,DEL`, as moby/term reads it: single characters, `DEL`, and `ctrl-` with one of `a` to
    /// `z` or `@ [ \ ] ^ _`. `nil` for anything else; an empty text is the standard keys.
    public init?(parsing text: String) {
        guard !text.isEmpty else {
            self = .standard
            return
        }
        var sequence: [UInt8] = []
        for key in text.split(byte: ",", omittingEmptySubsequences: false) {
            guard let byte = Self.byte(of: key) else { return nil }
            sequence.append(byte)
        }
        self.sequence = sequence
    }

    private static func byte(of key: Substring) -> UInt8? {
        let bytes = Array(key.utf8)
        if bytes.count == 1 { return bytes[0] }
        if key == "DEL" { return 127 }
        guard key.hasPrefix(bytes: "ctrl-"), bytes.count == 6 else { return nil }
        switch bytes[5] {
        case 0x61...0x7A: return bytes[5] - 0x60
        case 0x40, 0x5B...0x5F: return bytes[5] - 0x40
        default: return nil
        }
    }

    /// A watch on input for the keys. Bytes that may begin the sequence are held back until that is known.
    public struct Watch: Sendable {
        /// The input that is passed on, and whether the sequence is complete. The input after a complete sequence is dropped.
        public struct Outcome: Hashable, Sendable {
            /// Bytes for the container.
            public var passed: [UInt8] = []
            /// Whether the client leaves.
            public var detached = false
        }

        private let sequence: [UInt8]
        private var matched = 0

        /// A watch for keys, none of which has been typed.
        public init(_ keys: DetachKeys) { sequence = keys.sequence }

        /// Handles the next input.
        public mutating func pass(_ input: some Sequence<UInt8>) -> Outcome {
            var outcome = Outcome()
            for byte in input {
                // The longest end of the input that begins the sequence stays held.
                var held = sequence[..<matched] + [byte]
                while !sequence.starts(with: held) { outcome.passed.append(held.removeFirst()) }
                matched = held.count
                if matched == sequence.count {
                    matched = 0
                    outcome.detached = true
                    return outcome
                }
            }
            return outcome
        }
    }
}
