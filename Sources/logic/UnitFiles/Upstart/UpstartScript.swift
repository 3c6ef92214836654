/// The script that starts a program with arguments that `exec` alone would change, and its reading.
enum UpstartScript {
    /// `exec 'a' 'b'` and a newline. A newline in an argument is followed by an empty pair of quotes, so that no line of the script
    /// begins with blanks or ends the script.
    static func execution(of words: [ByteString]) -> [UInt8] {
        var text = Array("exec".utf8)
        for word in words {
            text.append(0x20)
            for byte in ShellLine.quoted(word.bytes) {
                text.append(byte)
                if byte == 0x0A { text += [0x27, 0x27] }
            }
        }
        return text + [0x0A]
    }

    /// The words, when a script is one that `execution(of:)` writes.
    static func words(of script: ByteString) -> [ByteString]? {
        guard script.bytes.starts(with: Array("exec ".utf8)), script.bytes.last == 0x0A else { return nil }
        var words: [ByteString] = []
        var word: [UInt8] = []
        var quote: UInt8?
        for byte in script.bytes.dropFirst(5).dropLast() {
            if let open = quote {
                if byte == open { quote = nil } else { word.append(byte) }
            } else if byte == 0x27 || byte == 0x22 {
                quote = byte
            } else if byte == 0x20 {
                words.append(ByteString(word))
                word = []
            } else {
                word.append(byte)
            }
        }
        words.append(ByteString(word))
        return execution(of: words) == script.bytes ? words : nil
    }
}
