import APIClient
import Glibc
import JSONFormat

/// Creates a container, with the pull of a missing image and the file for its ID.
struct ContainerCreation {
    let session: Session
    let request: CreateRequest

    /// The new container's ID; warnings of the engine go to standard error.
    func perform() throws -> String {
        let options = request.options
        guard ["always", "missing", "never", ""].contains(options.pull) else {
            throw ExitFailure(
                "invalid pull option: '\(options.pull)': must be one of \"always\", \"missing\" or \"never\"")
        }
        let body = try request.body()
        let file = try options.cidfile.map { try CIDFile(path: $0) }
        if options.pull == "always" { try pull() }
        let answer: JSON
        do {
            answer = try create(body)
        } catch let failure as EngineError where failure.status == 404 && options.pull == "missing" {
            if !options.quiet {
                Output.error.line("Unable to find image '\(ImageReference.tagged(request.image))' locally")
            }
            try pull()
            answer = try create(body)
        }
        for warning in answer["Warnings"]?.elements ?? [] { Output.error.line("WARNING: \(warning.string ?? "")") }
        guard let id = answer["Id"]?.string else { throw EngineError.malformed("a created container without an Id") }
        try file?.write(id)
        return id
    }

    private func create(_ body: JSON) throws -> JSON {
        let query = request.options.name.map { [(name: "name", value: $0)] } ?? []
        return try session.client.json(Request(.post, "/containers/create", query: query, body: .json(body)))
    }

    private func pull() throws {
        let (name, tag) = ImageReference.split(request.image)
        var query = [(name: "fromImage", value: name), (name: "tag", value: tag)]
        if let platform = request.options.platform { query.append(("platform", platform)) }
        let response = try session.client.open(Request(.post, "/images/create", query: query))
        try ProgressStream(isQuiet: request.options.quiet, output: .error).show(response)
    }
}

/// The file of `--cidfile`: made before the container, so that an ID is never lost for want of a place.
final class CIDFile {
    private let path: String
    private var isWritten = false
    private let descriptor: Int32

    init(path: String) throws(ExitFailure) {
        self.path = path
        if access(path, F_OK) == 0 {
            throw ExitFailure(
                "container ID file found, make sure the other container isn't running or delete \(path)")
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw ExitFailure("failed to create the container ID file: open \(path): \(systemText(errno))")
        }
    }

    deinit {
        close(descriptor)
        if !isWritten { unlink(path) }
    }

    func write(_ id: String) throws(ExitFailure) {
        let bytes = Array(id.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw ExitFailure("failed to write the container ID to the file: \(systemText(errno))")
        }
        isWritten = true
    }
}

/// Names of images as typed.
enum ImageReference {
    /// The name with its tag or digest; `latest` where none is typed.
    static func tagged(_ text: String) -> String {
        let (name, tag) = split(text)
        return tag.contains(":") ? "\(name)@\(tag)" : "\(name):\(tag)"
    }

    /// Name and tag, or name and digest.
    static func split(_ text: String) -> (name: String, tag: String) {
        if let at = text.firstIndex(of: "@") {
            return (String(text[..<at]), String(text[text.index(after: at)...]))
        }
        let start = text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
        guard let colon = text[start...].lastIndex(of: ":") else { return (text, "latest") }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }
}
