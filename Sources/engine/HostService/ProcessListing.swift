internal import Linux
internal import Model

/// Listing of `top`: the output of the host's ps(1), cut down to the processes of one container.
enum ProcessListing {
    /// Cause of a missing listing.
    struct Failure: ReadableError {
        var message: String
    }

    /// Longest list of process numbers that is given to ps, in bytes; execve(2) takes twice as much in one argument.
    private static let longestList = 64 * 1024

    /// Runs `ps` for the processes `wanted`. ps picks them itself (`-q`); where options keep it from that, as those for trees do,
    /// its whole listing is cut down.
    static func read(options: [String], of wanted: Set<String>) throws -> ProcessTable {
        let list = wanted.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }.joined(separator: ",")
        if !list.isEmpty, list.utf8.count <= longestList, let text = try? run(options + ["-q", list]) {
            return rows(of: text, hasHead: try hasHead(options))
        }
        return try select(from: try run(options), wanted)
    }

    /// Whether ps prints a head: without any title it does not (`-o pid=`).
    private static func hasHead(_ options: [String]) throws -> Bool {
        guard options.contains(where: { $0.hasSuffix("=") }) else { return true }
        // No process has the largest number (proc(5), pid_max).
        return !(try run(options + ["-q", "\(Int32.max)"], mayFail: true)).isEmpty
    }

    private static func run(_ arguments: [String], mayFail: Bool = false) throws -> String {
        guard let program = ["/usr/bin/ps", "/bin/ps"].first(where: HostFile.exists) else {
            throw Failure(message: "ps is not installed on the host")
        }
        // A child's captured output is descriptor 3.
        let ended = try ChildProcess.run(
            path: "/bin/sh", arguments: ["-c", "exec \"$0\" \"$@\" >&3", program] + arguments,
            environment: ["PATH=/usr/bin:/bin"])
        guard ended.exitCode == 0 || mayFail else {
            // Its first line has the cause.
            let said = String(decoding: ended.standardError, as: UTF8.self)
            throw Failure(message: "ps: " + (said.split(byte: "\n").first ?? "failed"))
        }
        return String(decoding: ended.result, as: UTF8.self)
    }

    /// The titles and rows of a listing; the last column keeps its blanks. Without a head a row is one column.
    static func rows(of text: String, hasHead: Bool) -> ProcessTable {
        var lines = text.split(byte: "\n")[...]
        let titles = hasHead ? lines.popFirst()?.split(byte: " ").map(String.init) ?? [] : []
        return ProcessTable(
            titles: titles, processes: lines.map { cells($0, titles.isEmpty ? 1 : titles.count) })
    }

    private static func cells(_ line: Substring, _ count: Int) -> [String] {
        Substring(line.utf8.drop { $0 == UInt8(ascii: " ") }).split(byte: " ", maxSplits: count - 1).map(String.init)
    }

    /// The rows of a whole listing whose process is among `wanted`. The numbers end where their title ends, as ps aligns them to the
    /// right; a name before them may hold blanks.
    static func select(from text: String, _ wanted: Set<String>) throws -> ProcessTable {
        var lines = text.split(byte: "\n")[...]
        guard let head = lines.popFirst() else { throw Failure(message: "ps printed nothing") }
        let titles = head.split(byte: " ")
        guard let title = titles.first(where: { $0 == "PID" }) else {
            throw Failure(message: "Couldn't find PID field in ps output")
        }
        let end = head.utf8.distance(from: head.startIndex, to: title.endIndex)
        let chosen = lines.filter { line in
            let number = line.utf8.prefix(end).split(separator: UInt8(ascii: " ")).last
            return number.flatMap { String($0) }.map(wanted.contains) ?? false
        }
        return ProcessTable(titles: titles.map(String.init), processes: chosen.map { cells($0, titles.count) })
    }
}
