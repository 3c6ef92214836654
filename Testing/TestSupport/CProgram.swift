import Synchronization

/// Small static C programs that tests run inside containers: attacks, probes and racers.
public enum CProgram {
    private struct Built {
        let directory: TemporaryDirectory
        var paths: [String: String] = [:]
    }

    private static let built = Mutex<Built?>(nil)

    /// Compiles `source` once per test process and returns a directory that holds the static program `name` and nothing
    /// else but other programs built here: bind it into a container.
    public static func directory(holding name: String, source: String) throws -> String {
        try built.withLock { state in
            var made = try state ?? Built(directory: TemporaryDirectory("sereno-programs"))
            defer { state = made }
            if made.paths[name] == nil {
                let out = made.directory.child(name)
                try expect(
                    Command.run(
                        ["gcc", "-std=gnu11", "-O1", "-Wall", "-Werror", "-static", "-o", out, source], timeout: 120))
                try expect(Command.run(["chmod", "755", made.directory.path, out]))
                made.paths[name] = out
            }
            return made.directory.path
        }
    }
}
