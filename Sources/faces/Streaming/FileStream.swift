package import APIClient
package import Flags
import Glibc

/// A local file from which a request's body is read, or to which an answer's body is written.
package final class FileStream {
    private let descriptor: Int32
    private let path: String
    private let owns: Bool

    private init(descriptor: Int32, path: String, owns: Bool) {
        self.descriptor = descriptor
        self.path = path
        self.owns = owns
    }

    deinit { if owns { close(descriptor) } }

    /// A stream from standard input.
    package static func standardInput() -> FileStream { FileStream(descriptor: 0, path: "-", owns: false) }

    /// A stream from a file.
    package static func reading(_ path: String) throws(ExitFailure) -> FileStream {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ExitFailure("open \(path): \(systemText(errno))") }
        return FileStream(descriptor: descriptor, path: path, owns: true)
    }

    /// The next bytes; `nil` at the end.
    package func next() throws(ClientError) -> [UInt8]? {
        var count = 0
        var failure: Int32 = 0
        let descriptor = self.descriptor
        let bytes = [UInt8](unsafeUninitializedCapacity: 64 * 1024) { buffer, used in
            repeat {
                count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                failure = errno
            } while count < 0 && failure == EINTR
            used = max(0, count)
        }
        guard count >= 0 else { throw .system(operation: "read \(path)", errno: failure) }
        return count == 0 ? nil : bytes
    }

    /// The file as the body of a request.
    package func body(contentType: String) -> Request.Body {
        .stream(contentType: contentType, next: { () throws(ClientError) -> [UInt8]? in try self.next() })
    }

    /// Writes a body to standard output, or to a file that gets its name only when it is whole.
    package static func save(_ response: Response, to path: String?) throws {
        guard let path else {
            while case .bytes(let bytes) = try response.receive() { Output.standard.write(bytes) }
            return
        }
        let partial = path + ".sereno-partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ExitFailure("open \(path): \(systemText(errno))") }
        defer { close(descriptor) }
        do {
            while case .bytes(let bytes) = try response.receive() { try writeAll(bytes, to: descriptor, path: path) }
            guard rename(partial, path) == 0 else { throw ExitFailure("rename \(path): \(systemText(errno))") }
        } catch {
            unlink(partial)
            throw error
        }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ExitFailure("write \(path): \(systemText(errno))") }
            rest = rest.dropFirst(count)
        }
    }
}
