package import APIClient
package import Flags
import Linux

/// A local file from which a request's body is read, or to which an answer's body is written.
package final class FileStream {
    /// `nil` for standard input.
    private let owned: SharedDescriptor?
    private let path: String

    private init(_ owned: SharedDescriptor?, path: String) {
        self.owned = owned
        self.path = path
    }

    /// A stream from standard input.
    package static func standardInput() -> FileStream { FileStream(nil, path: "-") }

    /// A stream from a file.
    package static func reading(_ path: String) throws(ExitFailure) -> FileStream {
        FileStream(SharedDescriptor(sharing: try opened(path, named: path, [])), path: path)
    }

    private static func opened(
        _ path: String, named name: String, _ options: OpenOptions
    ) throws(ExitFailure) -> OwnedDescriptor {
        do throws(LinuxError) { return try OwnedDescriptor(opening: path, options, mode: 0o600) } catch {
            throw ExitFailure("open \(name): \(LinuxError.text(error.code))")
        }
    }

    /// The next bytes; `nil` at the end.
    package func next() throws(ClientError) -> [UInt8]? {
        let file = owned?.borrowed ?? .standardInput
        do throws(LinuxError) {
            let bytes = try file.read(atMost: 64 * 1024)
            return bytes.isEmpty ? nil : bytes
        } catch {
            throw .system(operation: "read \(path)", errno: error.code)
        }
    }

    /// The file as the body of a request.
    package func body(contentType: String) -> Request.Body {
        .stream(contentType: contentType, next: { () throws(ClientError) -> [UInt8]? in try self.next() })
    }

    /// Writes a body to standard output, or to a file that gets its name only when it is whole.
    package static func save(_ response: Response, to path: String?) throws {
        guard let path else {
            while case .bytes(let bytes) = try response.receive() { try Output.standard.emit(bytes) }
            return
        }
        let partial = path + ".sereno-partial"
        let file = try opened(partial, named: path, [.writeOnly, .create, .truncate])
        do {
            while case .bytes(let bytes) = try response.receive() { try file.borrowed.writeAll(bytes) }
            try HostFile.rename(partial, to: path)
        } catch {
            try? HostFile.remove(partial)
            guard let failure = error as? LinuxError else { throw error }
            throw ExitFailure("\(failure.call) \(path): \(LinuxError.text(failure.code))")
        }
    }
}
