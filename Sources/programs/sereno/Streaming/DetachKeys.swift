/// The keys that leave a container on its terminal without ending it: `ctrl-p,ctrl-q` unless told otherwise.
struct DetachKeys: Hashable {
    /// The bytes the keys send.
    let sequence: [UInt8]

    /// Docker's default.
    static let standard = DetachKeys(sequence: [16, 17])

    private init(sequence: [UInt8]) { self.sequence = sequence }

    /// Parses `ctrl-a,x,ctrl-@`: letters, and control keys by `ctrl-` with one of `a` to `z`, `@ [ \ ] ^ _`. `nil`
    /// for anything else; an empty text is the standard keys.
    init?(parsing text: String) {
        guard !text.isEmpty else {
            self = .standard
            return
        }
        var sequence: [UInt8] = []
        for key in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let byte = DetachKeys.byte(of: key) else { return nil }
            sequence.append(byte)
        }
        self.sequence = sequence
    }

    private static func byte(of key: Substring) -> UInt8? {
        let bytes = Array(key.utf8)
        if bytes.count == 1 { return bytes[0] }
        if key == "DEL" { return 127 }
        guard key.hasPrefix("ctrl-"), bytes.count == 6 else { return nil }
        switch bytes[5] {
        case 0x61...0x7A: return bytes[5] - 0x60
        case 0x40, 0x5B...0x5F: return bytes[5] - 0x40
        default: return nil
        }
    }

    /// Watches input for the keys. Keys that may be the begin of the sequence are held back until it is known.
    struct Watch {
        private let keys: [UInt8]
        private var matched = 0

        init(_ keys: DetachKeys) { self.keys = keys.sequence }

        /// What of the input may go on to the container, and whether the sequence was typed to its end.
        mutating func pass(_ bytes: [UInt8]) -> (passed: [UInt8], detached: Bool) {
            var passed: [UInt8] = []
            for byte in bytes {
                if byte == keys[matched] {
                    matched += 1
                    if matched == keys.count { return (passed, true) }
                    continue
                }
                passed += keys[..<matched]
                matched = 0
                if byte == keys[0] {
                    matched = 1
                    if keys.count == 1 { return (passed, true) }
                } else {
                    passed.append(byte)
                }
            }
            return (passed, false)
        }
    }
}
