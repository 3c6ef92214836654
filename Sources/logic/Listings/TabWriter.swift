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
