internal import APIServer
internal import CLinux
internal import Glibc
internal import Linux
internal import Logging
internal import Model
internal import NIOCore

/// The three files of the server's side, as Docker names them.
struct TLSOptions: Hashable, Sendable {
    var authority = ""
    var certificate = ""
    var key = ""
}

/// TCP: `sereno-tls` accepts, verifies, and hands each connection over with the subject of its certificate. It is a program of its
/// own, so that a supervisor without TCP holds no line of libssl, and one with it none of what is untrusted.
struct TLSFront: Sendable {
    /// How long a program that ended is waited for before the next is started.
    private static let pause: UInt32 = 1

    let program: String
    let files: TLSOptions
    let server: APIServer
    let loop: any EventLoop
    let log: Logger

    /// Why TCP is not served.
    struct Failed: Error, CustomStringConvertible {
        let code: Int32?

        /// The program has said the rest.
        var description: String { "sereno-tls ended" + (code.map { " with code \($0)" } ?? "") + ": see above" }
    }

    /// Serves a listening socket; returns when the certificates were found good. The program is started again whenever it ends.
    func serve(_ listener: SharedDescriptor) async throws {
        let ready = loop.makePromise(of: Void.self)
        try KernelThread.start(name: "tls") { run(listener, ready) }
        try await ready.futureResult.get()
    }

    private func run(_ listener: SharedDescriptor, _ ready: EventLoopPromise<Void>) {
        var isFirst = true
        while true {
            var code: Int32?
            do {
                code = try serveOnce(listener) { ready.succeed(()) }
            } catch {
                log.error("TCP is not served", metadata: ["error": "\(error)"])
            }
            if isFirst { ready.fail(Failed(code: code)) }
            isFirst = false
            log.error("sereno-tls ended and is started again", metadata: ["code": "\(code ?? -1)"])
            sleep(Self.pause)
        }
    }

    /// One life of the program; its exit code.
    private func serveOnce(_ listener: SharedDescriptor, _ isReady: () -> Void) throws -> Int32? {
        let null = try SharedDescriptor.openNull()
        var ends: [Int32] = [-1, -1]
        guard clinux_seqpacket_pair(&ends) == 0 else { throw Failed(code: nil) }
        let conduit = SharedDescriptor(takingOwnershipOf: ends[0])
        let process: pid_t
        do {
            let given = SharedDescriptor(takingOwnershipOf: ends[1])
            process = try start(
                ["listen", "--tlscacert", files.authority, "--tlscert", files.certificate, "--tlskey", files.key],
                [null.rawValue, null.rawValue, 2, listener.rawValue, given.rawValue])
            withExtendedLifetime((null, given)) {}
        }
        var bytes = [UInt8](repeating: 0, count: 2048)
        var descriptors = [Int32](repeating: -1, count: 64)
        while true {
            var count: Int32 = 0
            let length = clinux_receive_packet(conduit.rawValue, &bytes, bytes.count, &descriptors, &count, 1)
            guard length > 0 else { break }
            let subject = String(decoding: bytes[..<length], as: UTF8.self)
            guard count == 1 else {
                isReady()
                continue
            }
            let connection = descriptors[0]
            loop.execute { server.serve(connected: connection, client: .certificate(subject: subject)) }
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            if errno != EINTR { return nil }
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }

    /// Starts the program with these descriptors from 0 on and no other, and every signal at its default.
    private func start(_ arguments: [String], _ descriptors: [Int32]) throws(LinuxError) -> pid_t {
        // Moved up first, so that none is overwritten before it is used.
        let sources = descriptors.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
        defer { for source in sources where source >= 0 { close(source) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in sources.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
        }
        _ = clinux_spawn_close_from(&actions, Int32(sources.count))
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, program, &actions, &attributes, &words, [nil])
        guard code == 0 else { throw LinuxError(call: "posix_spawn", object: program, code: code) }
        return process
    }
}
