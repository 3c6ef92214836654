internal import FoundationEssentials
internal import Linux
internal import Model

/// The separate program that reads and writes archives, so that a hostile one meets only a process that lives in the
/// directory it unpacks into.
public struct ArchiveTool: Sendable {
    /// Path of `sereno-archive`.
    public let path: String

    /// The program at `path`; it is not looked at before the first use.
    public init(path: String) { self.path = path }

    /// Runs one verb to its end.
    func run(
        _ arguments: [String], operation: String, input: BorrowedDescriptor? = nil, output: BorrowedDescriptor? = nil,
        descriptors: [BorrowedDescriptor] = []
    ) throws(ImageError) -> ArchiveAnswer {
        let ended: ChildProcessResult
        do {
            ended = try ChildProcess.run(
                path: path, arguments: arguments + ["--result-fd", "3"], input: input, output: output,
                descriptors: descriptors)
        } catch {
            throw .tool(operation: operation, reason: error.message)
        }
        guard let report = try? JSONDecoder().decode(ArchiveAnswer.self, from: Data(ended.result)) else {
            throw .tool(operation: operation, reason: Self.lastWords(of: ended))
        }
        if let failure = report.error { throw failure.imageError(operation: operation) }
        guard ended.exitCode == 0 else { throw .tool(operation: operation, reason: Self.lastWords(of: ended)) }
        return report
    }

    private static func lastWords(of ended: ChildProcessResult) -> String {
        let text = String(decoding: ended.standardError, as: UTF8.self)
        let how = ended.signal.map { "ended by signal \($0)" } ?? "exit code \(ended.exitCode ?? -1)"
        return text.isEmpty ? "the archive program \(how)" : "the archive program \(how): \(text)"
    }
}

extension ArchiveAnswer.Failure {
    func imageError(operation outer: String) -> ImageError {
        switch kind {
        case .notFound: .pathNotFound(path)
        case .notADirectory: .notADirectory(path)
        case .conflict: .invalid(reason)
        case .system: .system(operation: operation, path: path, errno: errno ?? 0)
        case .truncated: .truncated(path: path)
        case .archive, .bound, .usage: .damagedTar(path: path, reason: reason)
        }
    }
}
