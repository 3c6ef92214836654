internal import GoTemplate

/// Lays JSON out anew without touching its strings and numbers, as Go's json.Indent and json.Compact do.
public enum JSONLayout {
    /// One member or element per line, four spaces for each level. The bytes must be JSON.
    public static func indented(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        var level = 0
        func newline() {
            output.append(10)
            output.append(contentsOf: [UInt8](repeating: 32, count: 4 * level))
        }
        var opened = false
        tokens(bytes) { token in
            let first = token[token.startIndex]
            if opened, first != UInt8(ascii: "}"), first != UInt8(ascii: "]") {
                level += 1
                newline()
            }
            switch Unicode.Scalar(first) {
            case "{", "[":
                output.append(first)
                opened = true
                return
            case "}", "]":
                if !opened {
                    level -= 1
                    newline()
                }
                output.append(first)
            case ",":
                output.append(first)
                newline()
            case ":": output.append(contentsOf: [first, 32])
            default: output.append(contentsOf: token)
            }
            opened = false
        }
        return GoText.string(output)
    }

    /// Everything on one line. The bytes must be JSON.
    public static func compact(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        tokens(bytes) { output.append(contentsOf: $0) }
        return GoText.string(output)
    }

    private static func tokens(_ bytes: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) {
        var index = 0
        while index < bytes.count {
            let start = index
            switch Unicode.Scalar(bytes[index]) {
            case " ", "\t", "\n", "\r":
                index += 1
                continue
            case "{", "}", "[", "]", ",", ":": index += 1
            case "\"":
                index += 1
                while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                    index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
                }
                index = min(index + 1, bytes.count)
            default:
                while index < bytes.count, !" \t\n\r{}[],:\"".utf8.contains(bytes[index]) { index += 1 }
            }
            body(bytes[start..<index])
        }
    }
}
