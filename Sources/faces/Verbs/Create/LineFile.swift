import Flags
import Linux
import Model

/// Files of `NAME=VALUE` lines: `--env-file` and `--label-file`.
enum LineFile {
    /// The longest file that is read, in bytes.
    static let maximumLength = 64 * 1024 * 1024

    /// The lines that count, in order, by the rules and in the words of Docker's client (docker/cli, pkg/kvfile). A name without a
    /// value takes its value from `environment`, or is left out.
    static func read(_ path: String, environment: [String: String]?) throws(ExitFailure) -> [String] {
        let contents: [UInt8]
        do {
            contents = try bytes(of: path)
        } catch {
            // A file that cannot be opened is named by that alone.
            if error.message.hasPrefix(bytes: "open ") { throw error }
            throw ExitFailure("invalid env file (\(path)): \(error.message)")
        }
        var lines: [String] = []
        for (index, line) in contents.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            do throws(ExitFailure) {
                let text = try text(of: line.last == 0x0D ? line.dropLast() : line, number: index + 1)
                if let kept = try entry(text, environment: environment) { lines.append(kept) }
            } catch {
                throw ExitFailure("invalid env file (\(path)): \(error.message)")
            }
        }
        return lines
    }

    /// A line without its byte order mark and what is blank before it.
    private static func text(of line: ArraySlice<UInt8>, number: Int) throws(ExitFailure) -> Substring {
        guard let whole = String(validating: line, as: UTF8.self) else {
            let values = line.map { String($0) }.joined(separator: " ")
            throw ExitFailure("invalid utf8 bytes at line \(number): [\(values)]")
        }
        let marked = number == 1 ? whole.dropping(prefix: "\u{FEFF}") : nil
        let scalars = (marked ?? whole[...]).unicodeScalars
        return Substring(scalars.drop(while: \.properties.isWhitespace))
    }

    private static func entry(_ line: Substring, environment: [String: String]?) throws(ExitFailure) -> String? {
        if line.isEmpty || line.hasPrefix(bytes: "#") { return nil }
        let (name, value) = line.cut(at: "=")
        if name.isEmpty { throw ExitFailure("no variable name on line '\(line)'") }
        if name.unicodeScalars.contains(where: \.properties.isWhitespace) {
            throw ExitFailure("variable '\(name)' contains whitespaces")
        }
        if value != nil { return String(line) }
        return environment?[String(name)].map { "\(name)=\($0)" }
    }

    /// The contents of a whole file.
    static func bytes(of path: String) throws(ExitFailure) -> [UInt8] {
        do throws(LinuxError) {
            let file = try OwnedDescriptor(opening: path)
            return try file.borrowed.readAll(limit: maximumLength)
        } catch {
            if error.code == Errno.fileTooLarge { throw ExitFailure("read \(path): file too large") }
            throw ExitFailure("\(error.call) \(path): \(LinuxError.text(error.code))")
        }
    }
}
