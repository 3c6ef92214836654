internal import Linux
internal import Model

/// Listing of `top`: the output of the host's ps(1), cut down to the processes of one container.
enum ProcessListing {
    /// Cause of a missing listing.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Runs `ps` and keeps the lines whose PID column is among `wanted`.
    static func read(options: [String], of wanted: Set<String>) throws -> ProcessTable {
        guard let program = ["/usr/bin/ps", "/bin/ps"].first(where: HostFile.exists) else {
            throw Failure(description: "ps is not installed on the host")
        }
        // A child's captured output is descriptor 3.
        let ended = try ChildProcess.run(
            path: "/bin/sh", arguments: ["-c", "exec \"$0\" \"$@\" >&3", program] + options,
            environment: ["PATH=/usr/bin:/bin"])
        guard ended.exitCode == 0 else {
            // Its first line has the cause.
            let said = String(decoding: ended.standardError, as: UTF8.self)
            throw Failure(description: "ps: " + (said.split(separator: "\n").first ?? "failed"))
        }
        return try select(from: String(decoding: ended.result, as: UTF8.self), wanted)
    }

    /// The titles and rows of a listing; the last column keeps its blanks.
    static func select(from text: String, _ wanted: Set<String>) throws -> ProcessTable {
        var lines = text.split(separator: "\n")[...]
        guard let head = lines.popFirst() else { throw Failure(description: "ps printed nothing") }
        let titles = head.split(separator: " ").map(String.init)
        guard let column = titles.firstIndex(of: "PID") else {
            throw Failure(description: "Couldn't find PID field in ps output")
        }
        var rows: [[String]] = []
        for line in lines {
            let words = line.split(separator: " ", maxSplits: titles.count - 1).map(String.init)
            guard words.indices.contains(column), wanted.contains(words[column]) else { continue }
            rows.append(words)
        }
        return ProcessTable(titles: titles, processes: rows)
    }
}
