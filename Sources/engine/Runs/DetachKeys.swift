/// Finds the key sequence by which a client leaves a container's terminal (`ctrl-p,ctrl-q` unless told otherwise).
package struct DetachKeys {
    /// What part of the input to pass on, and whether the sequence was completed.
    struct Outcome: Equatable {
        var forward: [UInt8]
        var detached: Bool
    }

    private let sequence: [UInt8]
    private var matched = 0

    /// Docker's default.
    static let standard: [UInt8] = [16, 17]

    /// Parses Docker's text: letters, or `ctrl-` with a letter or one of `@ [ \ ] ^ _`, separated by commas; `nil` when it
    /// is not of that form. An empty text is the default.
    package init?(_ text: String) {
        if text.isEmpty {
            sequence = Self.standard
            return
        }
        var bytes: [UInt8] = []
        for key in text.split(separator: ",", omittingEmptySubsequences: false) {
            if key.utf8.count == 1, let byte = key.utf8.first {
                bytes.append(byte)
            } else if key.hasPrefix("ctrl-"), key.utf8.count == 6, let byte = key.utf8.last {
                switch byte {
                case 0x61...0x7A: bytes.append(byte - 0x60)
                case 0x40, 0x5B...0x5F: bytes.append(byte - 0x40)
                default: return nil
                }
            } else {
                return nil
            }
        }
        sequence = bytes
    }

    /// Takes input; a part of the sequence is held back until it is known whether the rest follows.
    mutating func consume(_ input: some Sequence<UInt8>) -> Outcome {
        var forward: [UInt8] = []
        for byte in input {
            if byte == sequence[matched] {
                matched += 1
                if matched == sequence.count {
                    matched = 0
                    return Outcome(forward: forward, detached: true)
                }
                continue
            }
            forward.append(contentsOf: sequence[..<matched])
            matched = 0
            if byte == sequence[0] {
                matched = 1
                if sequence.count == 1 { return Outcome(forward: forward, detached: true) }
            } else {
                forward.append(byte)
            }
        }
        return Outcome(forward: forward, detached: false)
    }
}
