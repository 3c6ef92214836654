/// Lines up the columns of tab-separated text, as Go's text/tabwriter does with docker's settings.
public struct TabWriter {
    private let minimumWidth: Int
    private let padding: Int
    private var lines: [[(text: String, width: Int)]] = [[]]
    private var cell = ""
    private var output = ""

    /// Makes a writer.
    ///
    /// - Parameters:
    ///   - minimumWidth: the least width of a column, its padding included.
    ///   - padding: how many spaces follow the widest cell of a column.
    public init(minimumWidth: Int, padding: Int) {
        self.minimumWidth = minimumWidth
        self.padding = padding
    }

    /// Takes text in; a tab ends a cell, a newline a line.
    public mutating func write(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\t", "\u{0B}":
                endCell()
            case "\n", "\u{0C}":
                endCell()
                let cells = lines[lines.count - 1].count
                lines.append([])
                // A line of one cell ends every column, so what came before can be laid out.
                if cells == 1 || scalar == "\u{0C}" { layOut() }
            default: cell.unicodeScalars.append(scalar)
            }
        }
    }

    /// Everything written, lined up; the writer is empty afterwards.
    public mutating func finish() -> String {
        if !cell.isEmpty { endCell() }
        layOut()
        let result = output
        output = ""
        return result
    }

    private mutating func endCell() {
        lines[lines.count - 1].append((cell, DisplayWidth.of(cell)))
        cell = ""
    }

    private mutating func layOut() {
        var widths: [Int] = []
        format(0, lines.count, &widths)
        lines = [[]]
    }

    /// Lays out lines that share the columns in `widths`; a block of lines with one more column is a step deeper.
    private mutating func format(_ first: Int, _ end: Int, _ widths: inout [Int]) {
        var pending = first
        let column = widths.count
        var line = first
        while line < end {
            guard column < lines[line].count - 1 else {
                line += 1
                continue
            }
            print(pending, line, widths)
            pending = line
            var width = minimumWidth
            while line < end, column < lines[line].count - 1 {
                width = max(width, lines[line][column].width + padding)
                line += 1
            }
            widths.append(width)
            format(pending, line, &widths)
            widths.removeLast()
            pending = line
        }
        print(pending, end, widths)
    }

    private mutating func print(_ first: Int, _ end: Int, _ widths: [Int]) {
        for index in first..<max(first, end) {
            for (column, cell) in lines[index].enumerated() {
                output += cell.text
                if column < widths.count {
                    output += String(repeating: " ", count: max(0, widths[column] - cell.width))
                }
            }
            if index + 1 < lines.count { output += "\n" }
        }
    }
}

/// How many columns of a terminal a text takes.
public enum DisplayWidth {
    /// The width of a text.
    public static func of(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + of($1) }
    }

    /// The width of one code point: 0 for control and combining characters, 2 for wide ones.
    public static func of(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: return 0
        case 0x20..<0x300: return 1
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
            0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return 1
        }
    }

    /// A text cut to a width, with an ellipsis for what is gone: docker's `Ellipsis`.
    public static func truncated(_ text: String, to width: Int) -> String {
        guard width > 0 else { return "" }
        let scalars = Array(text.unicodeScalars)
        func prefix(_ count: Int) -> String { String(String.UnicodeScalarView(scalars.prefix(count))) }
        if width == 1 { return prefix(1) }
        if scalars.count == text.utf8.count {
            return scalars.count <= width ? text : prefix(width - 1) + "…"
        }
        var total = 0
        let ends = scalars.map { scalar in
            total += max(1, of(scalar))
            return total
        }
        guard total > width else { return text }
        let kept = ends.lastIndex { $0 <= width - 1 }
        return kept.map { prefix($0 + 1) + "…" } ?? text
    }
}
