import Flags

/// One line of a help page's options before it is laid out.
struct FlagUsage: Hashable {
    var short: Character?
    var long: String
    /// The word for a value, such as `string` or `list`; empty for a switch.
    var value: String
    /// The text about the flag, without a full stop.
    var text: String
}

/// Options in the layout of Docker's client, which is that of spf13/pflag's `FlagUsagesWrapped`.
struct FlagUsages {
    var flags: [FlagUsage]
    /// Number of the terminal's columns.
    var width: Int

    /// The lines, each ended by a newline.
    var text: String {
        let sorted = flags.sorted { $0.long < $1.long }
        let left = sorted.map { flag in
            (flag.short.map { "  -\($0), " } ?? "      ") + "--\(flag.long)"
                + (flag.value.isEmpty ? "" : " \(flag.value)")
        }
        let column = (left.map(\.count).max() ?? 0) + 3
        return zip(left, sorted).map { left, flag in
            left + String(repeating: " ", count: column - left.count) + wrap(flag.text, indent: column) + "\n"
        }.joined()
    }

    /// Columns by which a last word may overhang, so that no line holds a single short word.
    private static let slop = 5
    /// The least width of a text column, in columns; narrower text gets lines that start further left.
    private static let narrowest = 24

    private func wrap(_ text: String, indent: Int) -> String {
        var indent = indent
        var lines: [Substring] = []
        // Docker's client leaves the last column free.
        var room = width - 1 - indent
        if room < FlagUsages.narrowest {
            indent = 16
            room = width - 1 - indent
            lines.append("")
        }
        guard room >= FlagUsages.narrowest else { return text }
        room -= FlagUsages.slop
        var rest = text[...]
        while !rest.isEmpty {
            let (line, left) = split(rest, room: room)
            lines.append(line)
            rest = left
        }
        return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
    }

    private func split(_ text: Substring, room: Int) -> (line: Substring, rest: Substring) {
        let head = text.prefix(room)
        if let newline = head.firstIndex(of: "\n") { return (text[..<newline], text[text.index(after: newline)...]) }
        guard text.count >= room + FlagUsages.slop, let blank = head.lastIndex(of: " "), blank > text.startIndex else {
            return (text, "")
        }
        return (text[..<blank], text[text.index(after: blank)...])
    }
}
