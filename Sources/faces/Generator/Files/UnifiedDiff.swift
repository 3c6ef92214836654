public import UnitFiles

/// The difference of two files in the unified format, that of diff(1) -u.
public enum UnifiedDiff {
    /// Number of unchanged lines shown around a change.
    static let context = 3

    private enum Line {
        case same, removed, added
    }

    /// The difference of two files; empty when there is none. A side that is nil is a missing file, named `/dev/null`.
    public static func between(
        _ old: ByteString?, _ new: ByteString?, oldName: String, newName: String
    ) -> ByteString {
        guard old != new else { return "" }
        let before = lines(old ?? "")
        let after = lines(new ?? "")
        var text = Array("--- \(old == nil ? "/dev/null" : oldName)\n+++ \(new == nil ? "/dev/null" : newName)\n".utf8)
        let script = Self.script(before, after)
        var index = 0
        while index < script.count {
            guard script[index].kind != .same else {
                index += 1
                continue
            }
            var last = index
            var next = index
            while next < script.count, next - last <= context * 2 {
                if script[next].kind != .same { last = next }
                next += 1
            }
            let range = max(0, index - context)...min(script.count - 1, last + context)
            text += hunk(script, range)
            index = range.upperBound + 1
        }
        return ByteString(text)
    }

    /// The lines of a file, with their newlines.
    private static func lines(_ file: ByteString) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var rest = file.bytes[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex
            lines.append(rest[..<end])
            rest = rest[end...]
        }
        return lines
    }

    private struct Step {
        var kind: Line
        var text: ArraySlice<UInt8>
        /// Number of lines of the old and of the new file before this one.
        var oldBefore: Int
        var newBefore: Int
    }

    private static func script(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [Step] {
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var steps: [Step] = []
        var (from, to) = (0, 0)
        while from < old.count || to < new.count {
            if from < old.count, removed.contains(from) {
                steps.append(Step(kind: .removed, text: old[from], oldBefore: from, newBefore: to))
                from += 1
            } else if to < new.count, added.contains(to) {
                steps.append(Step(kind: .added, text: new[to], oldBefore: from, newBefore: to))
                to += 1
            } else {
                steps.append(Step(kind: .same, text: old[from], oldBefore: from, newBefore: to))
                from += 1
                to += 1
            }
        }
        return steps
    }

    private static func hunk(_ script: [Step], _ range: ClosedRange<Int>) -> [UInt8] {
        let steps = script[range]
        let oldCount = steps.count { $0.kind != .added }
        let newCount = steps.count { $0.kind != .removed }
        let first = script[range.lowerBound]
        func place(_ before: Int, _ count: Int) -> String {
            // A side without lines has the place of the line before it.
            let start = count == 0 ? before : before + 1
            return count == 1 ? "\(start)" : "\(start),\(count)"
        }
        var text = Array(
            "@@ -\(place(first.oldBefore, oldCount)) +\(place(first.newBefore, newCount)) @@\n".utf8)
        for step in steps {
            switch step.kind {
            case .same: text.append(0x20)
            case .removed: text.append(0x2D)
            case .added: text.append(0x2B)
            }
            text += step.text
            if step.text.last != 0x0A { text += Array("\n\\ No newline at end of file\n".utf8) }
        }
        return text
    }
}
