import APIClient
import Flags
import JSONFormat
import Model

/// The file system of a container, reached by the Engine API's archive calls.
struct Remote {
    let client: EngineClient
    let name: String

    /// Go's mode bits of directories and of symbolic links (io/fs); the engine's modes have them.
    static let directoryBit: Int64 = 1 << 31
    static let linkBit: Int64 = 1 << 27

    init(_ client: EngineClient, _ name: String) {
        self.client = client
        self.name = name
    }

    private var path: String { "/containers/\(Request.segment(name))/archive" }

    /// The tar stream of a path.
    func open(_ place: String) throws(ClientError) -> Response {
        try client.open(Request(.get, path, query: [("path", place)]))
    }

    /// Unpacks a tar stream in a directory.
    func put(_ directory: String, _ body: Request.Body, owners: Bool) throws(ClientError) {
        var query: [(name: String, value: String)] = [("path", directory), ("noOverwriteDirNonDir", "true")]
        if owners { query.append(("copyUIDGID", "true")) }
        try client.perform(Request(.put, path, query: query, body: body))
    }

    /// The facts about a path to copy to; a link at its end is followed.
    func destination(_ place: String) throws(ClientError) -> CopySpec.Place {
        // As to Docker's client, the path of `web:` is none: only the content of a directory can go there.
        if place.isEmpty { return .init(path: ".", exists: false, isDirectory: false) }
        let absolute = place.hasPrefix(bytes: "/") ? place : "/" + place
        do {
            var path = absolute
            var mode = try Remote.mode(try stat(path))
            if mode & Remote.linkBit != 0, let target = try linkTarget(path) {
                path = target
                mode = try Remote.mode(try stat(path))
            }
            return .init(path: path, exists: true, isDirectory: mode & Remote.directoryBit != 0)
        } catch {
            // The path does not exist. A missing container is reported by the later upload.
            guard error.status == 404 else { throw error }
            return .init(path: absolute, exists: false, isDirectory: false)
        }
    }

    /// The absolute path to which a link points; `nil` when the path is no link.
    func linkTarget(_ place: String) throws(ClientError) -> String? {
        let status = try Remote.status(try stat(place))
        guard (status["mode"]?.integer ?? 0) & Remote.linkBit != 0, let target = status["linkTarget"]?.string else {
            return nil
        }
        if target.hasPrefix(bytes: "/") { return target }
        return LocalPath.clean(LocalPath.split(place).directory + "/" + target)
    }

    private func stat(_ place: String) throws(ClientError) -> ResponseHead {
        try client.open(Request(.head, path, query: [("path", place)])).head
    }

    /// Go's mode of the path in an answer.
    static func mode(_ head: ResponseHead) throws(ClientError) -> Int64 { try status(head)["mode"]?.integer ?? 0 }

    private static func status(_ head: ResponseHead) throws(ClientError) -> JSON {
        guard let text = head.header("X-Docker-Container-Path-Stat"), let bytes = base64(text) else {
            throw .malformed("no X-Docker-Container-Path-Stat")
        }
        return try JSON(answer: bytes)
    }

    /// The bytes of a base64 text (RFC 4648) in either alphabet; `nil` when it is malformed.
    static func base64(_ text: String) -> [UInt8]? {
        var out: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8 where byte != 0x3D {
            let value: UInt8
            switch byte {
            case 0x41...0x5A: value = byte - 0x41
            case 0x61...0x7A: value = byte - 0x61 + 26
            case 0x30...0x39: value = byte - 0x30 + 52
            case 0x2B, 0x2D: value = 62
            case 0x2F, 0x5F: value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
                bits &= (1 << UInt32(count)) - 1
            }
        }
        return out
    }
}
