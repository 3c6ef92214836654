internal import APIServer
internal import Confinement
internal import Engine
internal import Linux
internal import Logging
internal import Model
internal import NIOCore
internal import NIOPosix
internal import Supervision
internal import Supervisor
internal import Synchronization

/// The supervisor's engine as a process: one event loop on the main thread, which owns everything.
struct Daemon: Sendable {
    let options: DaemonOptions
    private let ownSockets = OwnSockets()

    init(options: DaemonOptions) { self.options = options }

    /// Runs until the process ends.
    func run() -> Never {
        if options.showHelp {
            StandardOutput.write(DaemonOptions.help)
            CurrentProcess.exit(0)
        }
        if options.showVersion {
            StandardOutput.write("sereno \(Release.version)\n")
            CurrentProcess.exit(0)
        }
        CurrentProcess.shareHeaps(2)
        SignalWatch.ignoreBrokenPipes()
        // Each container that runs takes four descriptors, and the usual limit is 1024.
        CurrentProcess.raiseOpenFilesLimit()
        let log = makeLogger()
        // Before any thread exists.
        do { try Confinement.engine.enter() } catch { fail(log, error) }
        let lock = lockRecords(log)
        MultiThreadedEventLoopGroup.withCurrentThreadAsEventLoop { loop in
            let shutdownRequest = loop.makePromise(of: Void.self)
            do {
                // Before any thread exists, so that every thread has the signals blocked.
                try SignalWatch.start([.terminate, .interrupt]) { _ in shutdownRequest.succeed(()) }
                let supervisor = try Supervisor(
                    configuration: configuration(), loop: loop, log: log,
                    onReplace: { CurrentProcess.exit(0) }, onKeeperGone: { CurrentProcess.exit(1) })
                loop.makeFutureWithTask { try await self.start(supervisor, loop, log) }.whenFailure { error in
                    fail(log, error)
                }
                shutdownRequest.futureResult.whenSuccess {
                    loop.makeFutureWithTask { await supervisor.engine.shutdown() }.whenComplete { _ in
                        self.removeFiles()
                        CurrentProcess.exit(0)
                    }
                }
            } catch {
                fail(log, error)
            }
        }
        withExtendedLifetime(lock) {}
        CurrentProcess.exit(0)
    }

    /// How long an engine whose keeper was lost may take to end.
    private static let lastEnginePatience = 15_000

    /// Two engines must not write the same records: an engine whose keeper is gone ends by itself, and is waited for.
    private func lockRecords(_ log: Logger) -> FileLock? {
        do {
            try prepareDirectories()
            let path = options.configuration.dataRoot + "/lock"
            if let lock = try FileLock.take(path, waiting: Self.lastEnginePatience) { return lock }
            let holder = FileLock.holder(of: path).map { " (process \($0))" } ?? ""
            fail(log, StartRefusal(message: "another supervisor uses \(options.configuration.dataRoot)\(holder)"))
        } catch {
            fail(log, error)
        }
    }

    private func start(_ supervisor: Supervisor, _ loop: any EventLoop, _ log: Logger) async throws {
        // Before the keeper is greeted, which from then on starts again what ends.
        if let files = options.tls { try files.check(by: configuration().programs + "/sereno-tls") }
        let engine = supervisor.engine
        let held = try await engine.recover()
        let server = APIServer(
            supervisor: supervisor, group: loop, bounds: APIBounds(openFiles: CurrentProcess.openFilesLimit),
            onRest: { CurrentProcess.letGoOfCode() })
        var activated: [String] = []
        for (name, listener) in held.sorted(by: { $0.key < $1.key }) where name.hasPrefix("socket/") {
            let path = UnixListener.path(of: listener) ?? name
            _ = try await server.serve(listening: try listener.duplicateNumber())
            activated.append(path)
            log.info("listening", metadata: ["socket": "\(path)", "of": "the service manager"])
        }
        for path in options.sockets where !activated.contains(path) {
            if !activated.isEmpty, !options.namesSockets { continue }
            let name = "listen/" + String(path.suffix(56))
            let listener = try held[name] ?? listen(path)
            try await engine.hold(listener, name: name)
            ownSockets.add(path)
            _ = try await server.serve(listening: try listener.duplicateNumber())
            log.info("listening", metadata: ["socket": "\(path)"])
        }
        if let files = options.tls {
            let front = TLSFront(
                program: configuration().programs + "/sereno-tls", files: files, server: server, loop: loop, log: log)
            for (host, port) in options.ports {
                let name = "listen/tcp/\(host.suffix(40)):\(port)"
                let listener = try held[name] ?? TCPSocket.listen(host: host, port: port)
                try await engine.hold(listener, name: name)
                try await front.serve(listener)
                log.info("listening with TLS", metadata: ["address": "\(host):\(port)"])
            }
        }
        if !options.pidfile.isEmpty {
            try HostFile.replace(options.pidfile, with: "\(CurrentProcess.number)\n")
        }
        await engine.announceReady()
        log.info("ready")
        loop.scheduleTask(in: Self.startTime) { CurrentProcess.letGoOfCode() }
    }

    /// After which what runs is no start any more.
    private static let startTime = TimeAmount.seconds(2)

    private func listen(_ path: String) throws -> SharedDescriptor {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try HostFile.makeDirectories(String(path[..<slash]))
        }
        let group: UInt32?
        if options.group.isEmpty {
            group = UnixListener.groupNumber("sereno")
        } else {
            group = UnixListener.groupNumber(options.group)
            guard group != nil else {
                throw LinuxError(call: "group", object: options.group, code: Errno.noSuchFile)
            }
        }
        return try UnixListener.make(path: path, mode: 0o660, group: group)
    }

    private func prepareDirectories() throws {
        try HostFile.makeDirectories(options.configuration.dataRoot, mode: 0o710)
        try HostFile.makeDirectories(options.configuration.execRoot, mode: 0o711)
    }

    /// The other programs stand beside this one.
    private func configuration() -> EngineConfiguration {
        var configuration = options.configuration
        configuration.openFiles = CurrentProcess.openFilesLimit
        let own = CurrentProcess.programPath
        if let slash = own.lastIndex(of: "/") { configuration.programs = String(own[..<slash]) }
        return configuration
    }

    private func removeFiles() {
        // A socket unit's socket is the service manager's.
        for path in ownSockets.all { try? HostFile.remove(path) }
        if !options.pidfile.isEmpty { try? HostFile.remove(options.pidfile) }
    }

    private func makeLogger() -> Logger {
        let level: Logger.Level =
            switch options.logLevel {
            case "debug": .debug
            case "warn": .warning
            case "error", "fatal": .error
            default: .info
            }
        return Logger(label: "serenod") { _ in
            var handler = StandardErrorLog()
            handler.logLevel = level
            handler.isJournal = StandardError.isJournal
            return handler
        }
    }
}

/// The paths of sockets that this process has made.
private final class OwnSockets: Sendable {
    private let paths = Mutex<[String]>([])

    var all: [String] { paths.withLock { $0 } }

    func add(_ path: String) { paths.withLock { $0.append(path) } }
}

/// A reason not to start.
private struct StartRefusal: ReadableError {
    let message: String
}

/// Says why the supervisor cannot start, and ends it.
private func fail(_ log: Logger, _ error: any Error) -> Never {
    log.critical("cannot start: \(error.inFull)")
    Engine.announceFailure(error.sentence)
    // EX_CONFIG of sysexits.h: the keeper gives up when the first start ends so.
    CurrentProcess.exit(78)
}
