import APIClient
import Flags
import JSONFormat
import Linux
import Model
import Streaming

/// The creation of a container, with the pull of a missing image and the file for the container's ID.
struct ContainerCreation {
    let session: Session
    let request: CreateRequest

    /// The body of the request, from the command line alone. Throws where Docker's client refuses the command line.
    func body() throws(ExitFailure) -> JSON {
        guard ["always", "missing", "never", ""].contains(request.options.pull) else {
            throw ExitFailure(
                "invalid pull option: '\(request.options.pull)': must be one of \"always\", \"missing\" or \"never\"")
        }
        guard request.options.disableContentTrust else { throw ExitFailure(Absence.contentTrust) }
        return try request.body()
    }

    /// Creates the container and returns its ID. Warnings of the engine go to standard error.
    func perform(_ body: JSON) throws -> String {
        let options = request.options
        let file = try options.cidfile.map { try CIDFile(path: $0) }
        let image = try named()
        let platform = try platform()
        if options.pull == "always", let image { try pull(image) }
        let answer: JSON
        do {
            answer = try create(body, platform)
        } catch let failure as ClientError where failure.status == 404 && options.pull == "missing" {
            guard let image else { throw failure }
            if !options.quiet { Output.error.line("Unable to find image '\(image.familiar)' locally") }
            do {
                try pull(image)
            } catch let refusal as ClientError where refusal.status == 501 && !failure.message.contains("No such image")
            {
                // An engine that does not pull has the image, and has said what is wrong with it.
                throw failure
            }
            answer = try create(body, platform)
        }
        for warning in answer["Warnings"]?.elements ?? [] { Output.error.line("WARNING: \(warning.string ?? "")") }
        guard let id = answer["Id"]?.string else { throw ClientError.malformed("a created container without an Id") }
        try file?.write(id)
        return id
    }

    private func create(_ body: JSON, _ platform: Platform?) throws -> JSON {
        var query = request.options.name.map { [(name: "name", value: $0)] } ?? []
        if let platform { query.append(("platform", platform.description)) }
        return try session.client.json(Request(.post, "/containers/create", query: query, body: .json(body)))
    }

    /// The platform of `--platform`; `nil` for none.
    private func platform() throws(ExitFailure) -> Platform? {
        guard let text = request.options.platform, !text.isEmpty else { return nil }
        do throws(Platform.Invalid) { return try Platform(parsing: text, on: HostMachine.platform) } catch {
            throw ExitFailure("error parsing specified platform: \(error.message)")
        }
    }

    /// The image's name with its tag; `nil` for an ID, which no registry knows.
    private func named() throws(ExitFailure) -> ImageReference? {
        if request.image.hasPrefix(bytes: "sha256:") { return nil }
        do throws(ImageReference.Invalid) {
            return try ImageReference(parsing: request.image).withDefaultTag
        } catch .hexadecimalName {
            return nil
        } catch {
            throw ExitFailure(error.message)
        }
    }

    private func pull(_ image: ImageReference) throws {
        var query = [
            (name: "fromImage", value: image.familiarName), (name: "tag", value: image.digest ?? image.tag ?? ""),
        ]
        if let platform = request.options.platform { query.append(("platform", platform)) }
        let response = try session.client.open(Request(.post, "/images/create", query: query))
        try ProgressStream(isQuiet: request.options.quiet, output: .error).show(response)
    }
}

/// The file of `--cidfile`. It is created before the container, so that no ID is lost when the file cannot be.
final class CIDFile {
    private let path: String
    private var isWritten = false
    private let file: OwnedDescriptor

    init(path: String) throws(ExitFailure) {
        self.path = path
        if HostFile.exists(path) {
            throw ExitFailure(
                "container ID file found, make sure the other container isn't running or delete \(path)")
        }
        do throws(LinuxError) {
            file = try OwnedDescriptor(opening: path, [.writeOnly, .create, .truncate], mode: 0o666)
        } catch {
            throw ExitFailure("failed to create the container ID file: open \(path): \(LinuxError.text(error.code))")
        }
    }

    deinit {
        if !isWritten { try? HostFile.remove(path) }
    }

    func write(_ id: String) throws(ExitFailure) {
        do throws(LinuxError) { try file.borrowed.writeAll(Array(id.utf8)) } catch {
            throw ExitFailure(
                "failed to write the container ID to the file: write \(path): \(LinuxError.text(error.code))")
        }
        isWritten = true
    }
}
