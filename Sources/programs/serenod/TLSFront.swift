internal import APIServer
internal import CLinux
internal import Linux
internal import Logging
internal import Model
internal import NIOCore

/// The three files of the server's side, as Docker names them.
struct TLSOptions: Hashable, Sendable {
    var authority = ""
    var certificate = ""
    var key = ""

    /// The words that `sereno-tls` takes.
    var arguments: [String] { ["--tlscacert", authority, "--tlscert", certificate, "--tlskey", key] }

    /// Has the program look at the files before anything else is done; throws what it says of them.
    func check(by program: String) throws {
        let ended = try ChildProcess.run(path: program, arguments: ["check"] + arguments)
        guard ended.exitCode == 0 else {
            throw TLSFront.Refused(words: String(decoding: ended.standardError, as: UTF8.self).filter { $0 != "\n" })
        }
    }
}

/// TCP: `sereno-tls` accepts, verifies, and hands each connection over with the subject of its certificate. It is a program of its
/// own, so that a supervisor without TCP holds no line of libssl, and one with it none of what is untrusted.
struct TLSFront: Sendable {
    /// How long a program that ended is waited for before the next is started.
    private static let pause = Nanoseconds.seconds(1)

    let program: String
    let files: TLSOptions
    let server: APIServer
    let loop: any EventLoop
    let log: Logger

    /// The program's own words.
    struct Refused: ReadableError {
        let words: String

        var message: String { words.isEmpty ? "sereno-tls ended without a word" : words }
    }

    /// Why TCP is not served.
    struct Failed: ReadableError {
        let code: Int32?

        /// The program has said the rest.
        var message: String { "sereno-tls ended" + (code.map { " with code \($0)" } ?? "") + ": see above" }
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
                log.error("TCP is not served", metadata: ["error": "\(error.inFull)"])
            }
            if isFirst { ready.fail(Failed(code: code)) }
            isFirst = false
            log.error("sereno-tls ended and is started again", metadata: ["code": "\(code ?? -1)"])
            KernelThread.sleep(for: Self.pause)
        }
    }

    /// One life of the program; its exit code.
    private func serveOnce(_ listener: SharedDescriptor, _ isReady: () -> Void) throws -> Int32? {
        let null = try SharedDescriptor.openNull()
        var ends: [Int32] = [-1, -1]
        guard clinux_seqpacket_pair(&ends) == 0 else { throw Failed(code: nil) }
        let conduit = SharedDescriptor(takingOwnershipOf: ends[0])
        let helper: SpawnedProgram
        do {
            let given = SharedDescriptor(takingOwnershipOf: ends[1])
            helper = try SpawnedProgram(
                path: program, arguments: ["listen"] + files.arguments,
                descriptors: [null.rawValue, null.rawValue, 2, listener.rawValue, given.rawValue].map {
                    BorrowedDescriptor(rawValue: $0)
                })
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
        return helper.waitForEnd()
    }
}
