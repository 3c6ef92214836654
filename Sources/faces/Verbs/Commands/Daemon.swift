import APIClient
import ArgumentParser
import Flags
import Linux
import Streaming

/// `sereno daemon`: runs the supervisor in the foreground. The process becomes the keeper, which starts the engine.
struct Daemon: Verb {
    static let configuration = CommandConfiguration(
        verb: "daemon", abstract: "Run the supervisor in the foreground", subcommands: [DaemonReload.self])
    static let values =
        "data-root exec-root H/host G/group l/log-level default-runtime log-driver log-opt pidfile tlscacert tlscert tlskey"
    static let integers = "shutdown-timeout start-rate start-jitter"
    static let flags = FlagTable(switches: "D/debug init tlsverify", values: values, integers: integers)
    static let argumentCount = ArgumentCount.none

    @Option(help: "Root directory of persistent state.") var dataRoot: String?
    @Flag(name: [.customShort("D"), .long], help: "Enable debug mode.") var debug = false
    @Option(help: "Default runtime for containers.") var defaultRuntime: String?
    @Option(help: "Root directory for execution state files.") var execRoot: String?
    @Option(name: [.customShort("G"), .long], help: "Group for the unix socket.") var group: String?
    @Option(name: [.customShort("H"), .long], help: "Daemon socket(s) to connect to.") var host: [String] = []
    @Flag(help: "Run an init in the container to forward signals and reap processes.") var `init` = false
    @Option(help: "Default driver for container logs.") var logDriver: String?
    @Option(name: .shortAndLong, help: "Set the logging level (debug, info, warn, error, fatal).") var logLevel: String?
    @Option(help: "Default log driver options for containers.") var logOpt: [String] = []
    @Option(help: "Path to use for daemon PID file.") var pidfile: String?
    @Option(help: "Set the shutdown timeout in seconds.") var shutdownTimeout: Int?
    @Option(help: "Trust certs signed only by this CA.") var tlscacert: String?
    @Option(help: "Path to TLS certificate file.") var tlscert: String?
    @Option(help: "Path to TLS key file.") var tlskey: String?
    @Flag(help: "Use TLS and verify the remote.") var tlsverify = false

    @Option(help: "Starts per second when the supervisor comes up, 0 for no bound (default 50).") var startRate: Int?
    @Option(help: "Milliseconds at most by which such a start is put off at random (default 20).") var startJitter: Int?

    func perform(in session: Session) throws -> Int32 { try becomeKeeper([], in: session) }

    /// Becomes the keeper, with the keeper's options `own`.
    func becomeKeeper(_ own: [String], in session: Session) throws -> Int32 {
        for address in host { _ = try EngineAddress(parsing: address, forTunnel: true) }
        guard let keeper = Programs.find("sereno-keeper") else {
            throw ExitFailure("cannot find sereno-keeper beside sereno or in ../libexec/sereno")
        }
        guard let engine = Programs.find("serenod") else {
            throw ExitFailure("cannot find serenod beside sereno or in ../libexec/sereno")
        }
        let failure = Programs.become(keeper, [keeper] + own + ["--engine", engine] + words(session.options))
        throw ExitFailure("cannot run \(keeper): \(LinuxError.text(failure))")
    }

    /// The engine's arguments: the same flags, and the options before the verb.
    func words(_ options: GlobalOptions) -> [String] {
        var words: [String] = []
        func add(_ flag: String, _ value: String?) { if let value { words += ["--\(flag)", value] } }
        add("data-root", dataRoot)
        add("exec-root", execRoot)
        for address in host.isEmpty ? options.host.map({ [$0] }) ?? [] : host { add("host", address) }
        add("group", group)
        add("log-level", logLevel ?? options.logLevel)
        if debug || options.debug { words.append("--debug") }
        add("default-runtime", defaultRuntime)
        if `init` { words.append("--init") }
        add("log-driver", logDriver)
        for option in logOpt { add("log-opt", option) }
        add("shutdown-timeout", shutdownTimeout.map { String($0) })
        add("start-rate", startRate.map { String($0) })
        add("start-jitter", startJitter.map { String($0) })
        add("pidfile", pidfile)
        if tlsverify || options.tlsVerify { words.append("--tlsverify") }
        add("tlscacert", (tlscacert ?? options.tlsAuthority).map { LocalPath.absolute($0) })
        add("tlscert", (tlscert ?? options.tlsCertificate).map { LocalPath.absolute($0) })
        add("tlskey", (tlskey ?? options.tlsKey).map { LocalPath.absolute($0) })
        return words
    }
}
