import Glibc

/// A page of the project that the tests write from the code: compared, or rewritten when SERENO_REGENERATE is set.
public enum GeneratedPage {
    /// The root of the project's tree.
    public static let root: String = {
        let path = #filePath
        guard let end = path.range(of: "/Testing/TestSupport/") else { return "." }
        return String(path[..<end])
    }()

    /// Whether the page says exactly this; it does after it was rewritten.
    public static func isInStep(_ path: String, with text: String) throws -> Bool {
        let file = root + "/" + path
        if getenv("SERENO_REGENERATE") != nil { try TestFiles.write(text, to: file) }
        return TestFiles.exists(file) ? try TestFiles.read(file) == text : false
    }

    /// Whether the part of the page between the two marks says exactly this.
    public static func isInStep(
        _ path: String, with text: String, between start: String, and end: String
    ) throws -> Bool {
        let whole = try TestFiles.read(root + "/" + path)
        guard let opened = whole.endOfOnly(start), let closed = whole[opened...].range(of: end) else { return false }
        return try isInStep(path, with: whole[..<opened] + text + whole[closed...])
    }
}

extension StringProtocol {
    /// Where a text begins; a plain search, so that no Foundation is needed.
    fileprivate func range(of wanted: String) -> String.Index? {
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(wanted) { return at }
            at = index(after: at)
        }
        return nil
    }

    /// Where a text that occurs once ends.
    fileprivate func endOfOnly(_ wanted: String) -> String.Index? {
        guard let start = range(of: wanted) else { return nil }
        let end = index(start, offsetBy: wanted.count)
        return self[end...].range(of: wanted) == nil ? end : nil
    }
}
