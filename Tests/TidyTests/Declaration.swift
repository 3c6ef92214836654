/// A declaration as a line of source shows it.
struct Declaration {
    let keyword: String
    let name: String
    let line: Int
    /// Whether it stands in no other and is not private to its file.
    let isShared: Bool

    private static let keywords: Set<String> = [
        "func", "var", "let", "struct", "class", "enum", "actor", "protocol", "typealias", "case",
    ]
    static let types: Set<String> = ["struct", "class", "enum", "actor", "protocol", "typealias"]

    /// The declarations of a file, as far as each keyword and its name stand on one line.
    static func all(in file: Tree.File) -> [Declaration] {
        file.code.flatMap { line -> [Declaration] in
            let words = Word.split(line.text)
            let isShared =
                line.text.first != " " && !line.text.hasPrefix("private") && !line.text.hasPrefix("fileprivate")
            let start = words.first?.text == "indirect" ? 1 : 0
            if words.count > start, words[start].text == "case" {
                return cases(line.text).map {
                    Declaration(keyword: "case", name: $0, line: line.number, isShared: false)
                }
            }
            return words.indices.dropLast().compactMap { index in
                guard keywords.contains(words[index].text), words[index].text != "case",
                    words[index + 1].follows(words[index])
                else { return nil }
                return Declaration(
                    keyword: words[index].text, name: words[index + 1].text, line: line.number, isShared: isShared)
            }
        }
    }

    /// The names of `case a, b(Int)`; none of a pattern.
    private static func cases(_ line: Substring) -> [String] {
        var names: [String] = []
        var depth = 0
        var expectsName = false
        for word in line.replacing("indirect ", with: "").drop(while: { $0 == " " }).dropFirst(4).split(separator: " ")
        {
            if names.isEmpty { expectsName = true }
            if expectsName, depth == 0 {
                let name = word.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "`" }
                guard name.first?.isNumber == false, name != "let", name != "var", name != "is", name != "nil" else {
                    return names
                }
                names.append(name.filter { $0 != "`" })
            }
            depth += word.count { $0 == "(" } - word.count { $0 == ")" }
            expectsName = word.hasSuffix(",")
            // A pattern of a switch, or a raw value.
            if depth == 0, word.contains(":") { return [] }
        }
        return names
    }
}

/// A word of source.
struct Word {
    let text: String
    private let start: Int
    private let end: Int

    /// Whether nothing but a space, or a quote of a name, stands between.
    func follows(_ other: Word) -> Bool { start - other.end <= 2 && start > other.end }

    static func split(_ line: Substring) -> [Word] {
        var words: [Word] = []
        var begin: Int?
        let bytes = Array(line.utf8) + [0x20]
        for (index, byte) in bytes.enumerated() {
            let isPart =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x5F
            if isPart, begin == nil { begin = index }
            if !isPart, let first = begin {
                words.append(
                    Word(text: String(decoding: bytes[first..<index], as: UTF8.self), start: first, end: index))
                begin = nil
            }
        }
        return words
    }
}
