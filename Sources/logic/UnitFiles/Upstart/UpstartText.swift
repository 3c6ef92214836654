/// How libnih cuts a job into words, commands and scripts.
enum UpstartText {
    /// Blank, tab and carriage return.
    static func isBlank(_ byte: UInt8) -> Bool { byte.isBlank || byte == 0x0D }

    /// A piece of text up to a delimiter outside quotes.
    struct Token {
        /// Its bytes: newlines with the blanks around them made one blank, blanks at the end left out.
        var text: [UInt8]
        /// How many bytes of the input it took, those blanks included.
        var length: Int
        /// How many newlines were in it.
        var newlines: Int
    }

    /// Reads up to a byte of `delimiters`; nil when quotes stay open or a backslash comes last. With `unquoting`, quotes and
    /// backslashes are left out.
    static func token(_ input: ArraySlice<UInt8>, until delimiters: Set<UInt8>, unquoting: Bool) -> Token? {
        var token = Token(text: [], length: 0, newlines: 0)
        var blanks: [UInt8] = []
        var escaped = false
        var quote: UInt8?
        var newline = false
        scan: for byte in input {
            var isQuote = false
            var keepsSlash = false
            if escaped {
                escaped = false
                if byte == 0x0A {
                    newline = true
                    token.newlines += 1
                    token.length += 1
                    continue
                }
                keepsSlash = true
            } else if byte == 0x5C {
                escaped = true
                token.length += 1
                continue
            } else if let open = quote {
                if byte == open {
                    quote = nil
                    isQuote = true
                } else if byte == 0x0A {
                    newline = true
                    token.newlines += 1
                    token.length += 1
                    continue
                } else if isBlank(byte) {
                    blanks.append(byte)
                    token.length += 1
                    continue
                }
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
                isQuote = true
            } else if delimiters.contains(byte) {
                break scan
            } else if isBlank(byte) {
                blanks.append(byte)
                token.length += 1
                continue
            }
            token.text += newline ? [0x20] : blanks
            if keepsSlash, !unquoting { token.text.append(0x5C) }
            if !isQuote || !unquoting { token.text.append(byte) }
            blanks = []
            newline = false
            token.length += 1
        }
        return escaped || quote != nil ? nil : token
    }

    /// The command of an `exec`: to the end of the line or a comment.
    static func command(_ input: ArraySlice<UInt8>) -> Token? { token(input, until: [0x23, 0x0A], unquoting: false) }

    /// Whether a line of a script is its end: blanks, `end`, blanks, `script`, blanks, and maybe a comment.
    static func endsScript(_ line: ArraySlice<UInt8>) -> Bool {
        var rest = line.drop(while: isBlank)
        guard rest.starts(with: Array("end".utf8)) else { return false }
        rest = rest.dropFirst(3)
        guard let next = rest.first, isBlank(next) else { return false }
        rest = rest.drop(while: isBlank)
        guard rest.starts(with: Array("script".utf8)) else { return false }
        rest = rest.dropFirst(6).drop(while: isBlank)
        return rest.isEmpty || rest.first == 0x23
    }

    /// How many bytes, all blanks of the first line, every line begins with.
    static func commonBlanks(_ lines: some Collection<ArraySlice<UInt8>>) -> Int {
        guard let first = lines.first else { return 0 }
        var common = Array(first.prefix(while: isBlank))
        for line in lines.dropFirst() {
            common = Array(zip(common, line).prefix { $0 == $1 }.map(\.0))
        }
        return common.count
    }

    /// The characters that make upstart run an `exec` line through a shell (SHELL_CHARS, init/job_process.c).
    static let shellCharacters = Set("~`!$^&*()=|\\{}[];\"'<>?".utf8)
}
