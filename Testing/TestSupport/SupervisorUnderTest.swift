internal import CLinux
import Glibc

/// A supervisor of its own for a test: keeper and engine on directories and a socket that nobody else uses, with a
/// busybox image in its store. It is ended with everything it started when the test lets go of it.
public final class SupervisorUnderTest: Sendable {
    /// Where its state and socket are.
    public let directory: TemporaryDirectory
    private let keeper: BackgroundCommand
    private let groups: ContainerGroups
    private let isInside: Bool

    /// Starts one and waits until it answers. `image` false leaves its store empty; `ownPrograms` gives it copies of the
    /// programs in `programs`, so that they can be replaced. `inside` gives, for its directory, a program with arguments that
    /// runs the keeper's command behind them, in a namespace for example.
    public init(
        image: Bool = true, options: [String] = [], ownPrograms: Bool = false, keeperOptions: [String] = [],
        inside: ((TemporaryDirectory) throws -> [String])? = nil
    ) throws {
        directory = try TemporaryDirectory("sereno-system")
        groups = ContainerGroups(recordsIn: directory.child("data/containers"))
        isInside = inside != nil
        if ownPrograms {
            try TestFiles.makeDirectories(directory.child("bin"))
            for name in ["serenod", "sereno-keeper", "sereno-archive"] {
                try expect(Command.run(["/bin/cp", BuiltProgram.path(name), directory.child("bin/" + name)]))
            }
        }
        keeper = try Self.start(directory, try inside?(directory) ?? [], ownPrograms, keeperOptions, options)
        try waitUntilReady()
        if image {
            let tar = directory.child("busybox.tar")
            try BusyboxRootfs.makeTar(at: tar)
            try expect(sereno("import", tar, "busybox:latest"))
        }
    }

    deinit {
        groups.look()
        for line in (try? sereno("ps", "-aq"))?.output.split(separator: "\n") ?? [] {
            _ = try? sereno("rm", "-f", String(line))
        }
        // What could not be removed would outlive its keeper.
        let left = Self.children(of: keeperProcess).map { clinux_pidfd_open($0, 0) }
        if isInside, keeperProcess != keeper.processID { kill(keeperProcess, SIGTERM) } else { keeper.signal(SIGTERM) }
        if keeper.wait(timeout: 30).timedOut { keeper.signal(SIGKILL) }
        for process in left where process >= 0 {
            _ = clinux_pidfd_send_signal(process, SIGKILL)
            close(process)
        }
        // Containers whose records are gone, and those of a keeper that was killed.
        groups.remove()
    }

    private static func start(
        _ directory: TemporaryDirectory, _ inside: [String], _ ownPrograms: Bool, _ keeperOptions: [String],
        _ options: [String]
    ) throws -> BackgroundCommand {
        func path(_ name: String) throws -> String {
            ownPrograms ? directory.child("bin/" + name) : try BuiltProgram.path(name)
        }
        return try BackgroundCommand(
            inside + [path("sereno-keeper")] + keeperOptions + [
                "--engine", path("serenod"),
                "--data-root", directory.child("data"), "--exec-root", directory.child("run"),
                "-H", "unix://" + directory.child("sock"),
            ] + options)
    }

    /// `unix://` and the path of its socket.
    public var host: String { "unix://" + directory.child("sock") }

    /// Where its own programs are, when it was given some.
    public var programs: String { directory.child("bin") }

    /// The keeper's process number, as the test sees it.
    public var keeperProcess: Int32 {
        isInside ? Self.find("sereno-keeper", from: keeper.processID) ?? keeper.processID : keeper.processID
    }

    /// Whether it has ended.
    public var hasEnded: Bool { keeper.poll() != nil }

    /// What the supervisor wrote to its standard error so far.
    public var log: String { keeper.error }

    /// Waits until it answers.
    public func waitUntilReady() throws {
        let ready = eventually(timeout: 30) { keeper.poll() != nil || (try? sereno("version").succeeded) ?? false }
        if !ready || keeper.poll() != nil { throw TestFailure("the supervisor does not answer; its log:\n\(log)") }
    }

    /// The engine's process number, from the keeper's children.
    public var engineProcess: Int32? {
        let keeper = keeperProcess
        return Self.children(of: keeper).first { Self.runs($0, "serenod") }
    }

    private static func children(of process: Int32) -> [Int32] {
        let text = (try? TestFiles.read("/proc/\(process)/task/\(process)/children")) ?? ""
        return text.split(separator: " ").compactMap { Int32($0) }
    }

    private static func runs(_ process: Int32, _ program: String) -> Bool {
        let line = (try? TestFiles.read("/proc/\(process)/cmdline")) ?? ""
        return line.split(separator: "\0").first?.hasSuffix("/" + program) == true
    }

    /// The process that runs a program, among one and its descendants.
    private static func find(_ program: String, from process: Int32) -> Int32? {
        if runs(process, program) { return process }
        for child in children(of: process) { if let found = find(program, from: child) { return found } }
        return nil
    }

    /// Ends the engine with SIGKILL and waits for the next one to answer.
    public func killEngine() throws {
        groups.look()
        guard let before = engineProcess else { throw TestFailure("there is no engine to kill") }
        kill(before, SIGKILL)
        guard eventually(timeout: 60, { engineProcess.map { $0 != before } ?? false }) else {
            throw TestFailure("no new engine came up; the log:\n\(log)")
        }
        try waitUntilReady()
    }

    /// Runs the project's own command against it.
    @discardableResult
    public func sereno(_ arguments: String..., input: String = "") throws -> Command {
        try run("sereno", arguments, input)
    }

    /// Runs the real docker client against it.
    @discardableResult
    public func docker(_ arguments: String..., input: String = "") throws -> Command {
        try run("docker", arguments, input)
    }

    /// Runs a client by its name, `sereno` or `docker`.
    public func run(_ client: String, _ arguments: [String], _ input: String = "") throws -> Command {
        defer { groups.look() }
        return try Command.run([try Clients.path(of: client), "-H", host] + arguments, input: input, timeout: 60)
    }

    /// The same in the background.
    public func start(_ client: String, _ arguments: [String], input: String = "") throws -> BackgroundCommand {
        try BackgroundCommand([try Clients.path(of: client), "-H", host] + arguments, input: input)
    }

    /// One field of `inspect`, by its template.
    public func inspect(_ name: String, _ template: String) throws -> String {
        let result = try sereno("inspect", "-f", template, name)
        return result.output.trimmingNewline
    }

    /// The process number of a container's first process.
    public func process(of name: String) throws -> Int32 {
        let text = try inspect(name, "{{.State.Pid}}")
        guard let number = Int32(text), number > 0 else { throw TestFailure("\(name) has no process: \(text)") }
        return number
    }
}

/// The clients that tests drive: the project's own, and the real docker client where it is installed.
public enum Clients {
    /// Their names.
    public static let all: [String] = hasDocker ? ["sereno", "docker"] : ["sereno"]

    /// Whether the real docker client is installed.
    public static var hasDocker: Bool {
        TestFiles.exists("/usr/local/bin/docker") || TestFiles.exists("/usr/bin/docker")
    }

    /// Where the program of one is.
    public static func path(of client: String) throws -> String {
        if client == "docker" {
            for path in ["/usr/local/bin/docker", "/usr/bin/docker"] where TestFiles.exists(path) { return path }
            throw TestFailure("there is no docker client on this host")
        }
        return try BuiltProgram.path(client)
    }
}

/// The command, when it succeeded; what it said otherwise.
@discardableResult
public func expect(_ command: Command) throws -> Command {
    guard command.succeeded else {
        throw TestFailure(
            "exit \(command.status.code)\(command.timedOut ? " (timed out)" : ""): \(command.error) \(command.output)")
    }
    return command
}

extension String {
    /// The text without one newline at its end.
    public var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
