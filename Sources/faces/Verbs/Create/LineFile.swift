import Flags
import Linux

/// Files of `NAME=VALUE` lines: `--env-file` and `--label-file`.
enum LineFile {
    /// The longest file that is read, in bytes.
    static let maximumLength = 64 * 1024 * 1024

    /// The lines that count, in order. A name without a value takes its value from `environment`, or is left out.
    static func read(_ path: String, environment: [String: String]?) throws(ExitFailure) -> [String] {
        let text = String(decoding: try bytes(of: path), as: UTF8.self)
        var lines: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var line = line.drop { $0 == " " || $0 == "\t" }
            if index == 0, line.unicodeScalars.first == "\u{FEFF}" { line.removeFirst() }
            if line.hasSuffix("\r") { line.removeLast() }
            if line.isEmpty || line.hasPrefix("#") { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0]
            if name.contains(where: { $0 == " " || $0 == "\t" }) {
                throw ExitFailure("variable '\(name)' contains whitespaces")
            }
            if name.isEmpty { throw ExitFailure("no variable name on line '\(line)'") }
            if parts.count == 2 {
                lines.append(String(line))
            } else if let environment {
                if let value = environment[String(name)] { lines.append("\(name)=\(value)") }
            } else {
                lines.append(String(line))
            }
        }
        return lines
    }

    /// The contents of a whole file.
    static func bytes(of path: String) throws(ExitFailure) -> [UInt8] {
        do throws(LinuxError) {
            let file = try OwnedDescriptor(opening: path)
            return try file.borrowed.readAll(limit: maximumLength)
        } catch {
            if error.code == Errno.fileTooLarge { throw ExitFailure("read \(path): file too large") }
            throw ExitFailure("\(error.call) \(path): \(systemText(error.code))")
        }
    }
}
