/// Small rules of Go's strings, which are bytes and not characters.
package enum GoText {
    /// Go's order of strings: by their bytes.
    package static func less(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Makes a string of bytes, with the replacement character where they are not UTF-8.
    package static func string(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: Array(bytes), as: UTF8.self)
    }

    /// `strings.Split`: an empty separator cuts between code points.
    package static func split(_ text: String, _ separator: String) -> [String] {
        if separator.isEmpty { return text.unicodeScalars.map { String($0) } }
        let bytes = Array(text.utf8)
        let cut = Array(separator.utf8)
        var parts: [String] = []
        var start = 0
        var index = 0
        while index + cut.count <= bytes.count {
            if bytes[index..<index + cut.count].elementsEqual(cut) {
                parts.append(string(bytes[start..<index]))
                index += cut.count
                start = index
            } else {
                index += 1
            }
        }
        parts.append(string(bytes[start...]))
        return parts
    }

    /// `strings.ReplaceAll` for a text that is not empty.
    package static func replacing(_ text: String, _ old: String, with new: String) -> String {
        split(text, old).joined(separator: new)
    }

    /// `strings.Title`: the first letter of each word in upper case, the rest as it is.
    package static func title(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var previousIsSeparator = true
        for scalar in text.unicodeScalars {
            if previousIsSeparator {
                result.append(contentsOf: scalar.properties.titlecaseMapping.unicodeScalars)
            } else {
                result.append(scalar)
            }
            previousIsSeparator = isSeparator(scalar)
        }
        return String(result)
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            switch scalar {
            case "0"..."9", "a"..."z", "A"..."Z", "_": return false
            default: return true
            }
        }
        return scalar.properties.isWhitespace
    }

    /// `strings.TrimSpace` for ASCII space.
    package static func trimmed(_ text: String) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 32 || (9...13).contains($0) }
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return string(bytes)
    }

    /// Hexadecimal digits of a number, at least `width` of them.
    package static func hex(_ value: some BinaryInteger, width: Int = 0, uppercase: Bool = false) -> String {
        let digits = String(value, radix: 16, uppercase: uppercase)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
