import Glibc
import TestSupport

/// A raw client of a supervisor's socket, which says exactly what it is told to.
final class EngineSocket {
    private let descriptor: Int32

    init(_ supervisor: SupervisorUnderTest) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(supervisor.directory.child("sock").utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.prefix($0.count - 1)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw TestFailure("connect: errno \(errno)")
        }
    }

    deinit { close(descriptor) }

    /// Sends all of it; false when the other side does not take it.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// What has come, after waiting for it; `nil` when the other side has closed or nothing came in time.
    func receive(seconds: Int32 = 60, atMost bound: Int = 256 * 1024) -> [UInt8]? {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, seconds * 1000) > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: bound)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }

    /// All that comes until the other side closes.
    func receiveAll(seconds: Int32 = 60) -> [UInt8] {
        var all: [UInt8] = []
        while let bytes = receive(seconds: seconds) { all += bytes }
        return all
    }

    /// One request whose answer ends the connection; all of the answer.
    static func request(
        _ supervisor: SupervisorUnderTest, _ method: String, _ target: String, body: String = "", seconds: Int32 = 120
    ) throws -> String {
        let client = try EngineSocket(supervisor)
        client.send(
            "\(method) \(target) HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
        return String(decoding: client.receiveAll(seconds: seconds), as: UTF8.self)
    }
}
