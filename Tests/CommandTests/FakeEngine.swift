import Foundation
import Synchronization
import Testing

/// A scripted engine on a Unix socket: every request is recorded, then answered by the script.
final class FakeEngine: Sendable {
    let path: String
    private let listening: Int32
    private let script: @Sendable (Exchange) -> Void
    private let keepsConnections: Bool
    private let endsAfterPing: Bool
    private let accepted = Mutex(0)
    private let recorded = Mutex<[String]>([])
    /// `nil` when it has stopped.
    private let connections = Mutex<Set<Int32>?>([])

    /// Listens at a path, an older socket there replaced. It closes a connection after one answer but that to a ping, or keeps it
    /// for more.
    init(
        at path: String, keepsConnections: Bool = false, endsAfterPing: Bool = false,
        script: @escaping @Sendable (Exchange) -> Void
    ) {
        self.endsAfterPing = endsAfterPing
        self.path = path
        self.script = script
        self.keepsConnections = keepsConnections
        unlink(path)
        listening = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { field in
            for (index, byte) in path.utf8.enumerated() { field[index] = byte }
        }
        _ = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listening, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        listen(listening, 64)
        Thread.detachNewThread { self.acceptAll() }
    }

    /// What was asked, without the version: `POST /containers/x/start`. Pings are left out.
    var requests: [String] { recorded.withLock { $0 } }

    /// How many connections there were.
    var connectionCount: Int { accepted.withLock { $0 } }

    /// Ends as a killed process does: all connections closed at once, the socket's name left behind.
    func stop() {
        connections.withLock { open in
            open?.forEach { shutdown($0, Int32(SHUT_RDWR)) }
            open = nil
        }
        // Closed by the thread that accepts, or it might accept from whoever has the number next.
        shutdown(listening, Int32(SHUT_RDWR))
    }

    private func acceptAll() {
        defer { close(listening) }
        while true {
            let descriptor = accept(listening, nil, nil)
            if descriptor < 0 {
                let reason = errno
                if connections.withLock({ $0 != nil }) { Issue.record("accept at \(path): errno \(reason)") }
                return
            }
            guard connections.withLock({ $0?.insert(descriptor).inserted ?? false }) else {
                close(descriptor)
                return
            }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            accepted.withLock { $0 += 1 }
            Thread.detachNewThread {
                self.serve(descriptor)
                _ = self.connections.withLock { $0?.remove(descriptor) }
                close(descriptor)
            }
        }
    }

    private func serve(_ descriptor: Int32) {
        var pending: [UInt8] = []
        while let exchange = Exchange(descriptor: descriptor, pending: &pending) {
            if exchange.target == "/_ping" {
                let end = endsAfterPing ? ["Connection: close"] : []
                exchange.answer(200, headers: ["Api-Version: 1.47"] + end)
                if endsAfterPing { return }
                continue
            }
            recorded.withLock { $0.append("\(exchange.method) \(exchange.target)") }
            script(exchange)
            if !keepsConnections { return }
        }
    }
}

/// One request and the means to answer it.
struct Exchange: Sendable {
    let descriptor: Int32
    let method: String
    /// Path and query without the version.
    let target: String
    let body: String

    var path: String { String(target.prefix { $0 != "?" }) }

    /// Reads a request; `pending` is what came before of it, and then what came after it.
    init?(descriptor: Int32, pending: inout [UInt8]) {
        self.descriptor = descriptor
        var bytes = pending
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let head = text[..<end.lowerBound]
                let length = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                    .flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) }
                let rest = text[end.upperBound...]
                if rest.utf8.count >= length ?? 0 {
                    let words = head.split(separator: " ")
                    method = String(words[0])
                    let parts = words[1].split(separator: "/", maxSplits: 1)
                    let isVersioned = words[1].hasPrefix("/v1.") && parts.count == 2
                    target = isVersioned ? "/" + parts[1] : String(words[1])
                    body = String(rest)
                    pending = Array(rest.utf8.dropFirst(length ?? 0))
                    return
                }
            }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { return nil }
            bytes += buffer[..<count]
        }
    }

    func write(_ bytes: [UInt8]) { _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
    func write(_ text: String) { write(Array(text.utf8)) }

    /// A whole answer.
    func answer(_ status: Int, _ json: String = "", headers: [String] = []) {
        let more = headers.map { $0 + "\r\n" }.joined()
        write(
            "HTTP/1.1 \(status) X\r\n\(more)Content-Length: \(json.utf8.count)\r\n\r\n\(method == "HEAD" ? "" : json)")
    }

    /// Takes over to a raw stream.
    func upgrade() { write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n") }

    /// The head of an answer whose body comes in chunks.
    func beginChunks() { write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") }

    func chunk(_ text: String) { write(String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n") }
    func chunk(_ bytes: [UInt8]) {
        write(Array((String(bytes.count, radix: 16) + "\r\n").utf8) + bytes + [13, 10])
    }
    func endChunks() { write("0\r\n\r\n") }

    /// A frame of the multiplexed stream.
    static func frame(_ stream: UInt8, _ text: String) -> [UInt8] {
        let length = UInt32(text.utf8.count)
        return [stream, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + Array(text.utf8)
    }
    func frame(_ stream: UInt8, _ text: String) { write(Exchange.frame(stream, text)) }

    /// What the client sends until it closes or half-closes.
    func readToEnd() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}

/// Something that happens once and that threads wait for.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func open() { semaphore.signal() }
    /// False when it has not been opened in time.
    @discardableResult
    func wait(seconds: Double = 20) -> Bool {
        guard semaphore.wait(timeout: .now() + seconds) == .success else { return false }
        semaphore.signal()
        return true
    }
}
