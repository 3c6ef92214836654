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
