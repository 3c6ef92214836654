import APIClient
import ArgumentParser
import Flags
import Linux
import Streaming

/// `sereno cp`: copies files and folders between a container and this machine.
struct Copy: Verb {
    static let configuration = CommandConfiguration(
        verb: "cp", abstract: "Copy files/folders between a container and the local filesystem")
    static let flags = FlagTable(switches: "a/archive L/follow-link q/quiet")
    static let arguments = "CONTAINER:SRC_PATH DEST_PATH|-\n\tsereno cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH"
    static let argumentCount = ArgumentCount.exactly(2)

    @Flag(name: .shortAndLong, help: "Archive mode (copy all uid/gid information).")
    var archive = false

    @Flag(name: [.customShort("L"), .long], help: "Always follow symbol link in SRC_PATH.")
    var followLink = false

    @Flag(name: .shortAndLong, help: "Suppress progress output during copy.")
    var quiet = false

    @Argument(help: .hidden)
    var words: [String] = []

    func perform(in session: Session) throws -> Int32 {
        for (word, name) in zip(words, ["source", "destination"]) where word.isEmpty {
            throw ExitFailure("\(name) can not be empty")
        }
        switch (CopySpec.side(words[0]), CopySpec.side(words[1])) {
        case (.container(let name, let path), .local(let local)):
            try copyOut(Remote(session.client, name), path, to: local)
        case (.container(let name, let path), .standardStream):
            let response = try Remote(session.client, name).open(try follow(Remote(session.client, name), path))
            try FileStream.save(response, to: nil)
        case (.local(let local), .container(let name, let path)):
            try copyIn(local, to: Remote(session.client, name), path)
        case (.standardStream, .container(let name, let path)):
            let remote = Remote(session.client, name)
            guard try remote.destination(path).isDirectory else {
                throw ExitFailure("destination \"\(name):\(path)\" must be a directory")
            }
            try remote.put(path, FileStream.standardInput().body(contentType: "application/x-tar"), owners: archive)
        case (.container, .container): throw ExitFailure("copying between containers is not supported")
        case (.local, .local), (.standardStream, .local), (.local, .standardStream),
            (.standardStream, .standardStream):
            throw ExitFailure("must specify at least one container source")
        }
        return 0
    }

    private func copyOut(_ remote: Remote, _ typed: String, to local: String) throws {
        let destination = LocalPath.absolute(local) + (CopySpec.saysDirectory(local) && local != "/" ? "/" : "")
        let parent = LocalPath.split(destination).directory
        guard HostFile.exists(parent) else {
            throw ExitFailure("invalid output path: directory \(quoted(parent)) does not exist")
        }
        let path = try follow(remote, typed)
        if let kind = (try? FileStatus(of: destination))?.kind, kind == .characterDevice || kind == .blockDevice {
            throw ExitFailure(
                "invalid output path: \(quoted(destination)) must be a directory or a regular file: got a device")
        }
        let response = try remote.open(path)
        let isDirectory = try Remote.mode(response.head) & Remote.directoryBit != 0
        var base = CopySpec.split(path).base
        if CopySpec.split(path).base == "/" { base = "/" }
        let top = CopySpec.saysContents(path) ? "." : base
        let wanted = path == typed ? top : CopySpec.split(typed).base
        let target = try CopySpec.target(
            source: .init(path: path, exists: true, isDirectory: isDirectory), sourceBase: wanted,
            destination: Copy.place(destination, follows: true))
        let unpacker = try TreeUnpacker(into: target.directory, owners: archive) { name in
            let isBelow = name.starts(with: "./".utf8) && top != "."
            return CopySpec.rebase(isBelow ? Array(name.dropFirst(2)) : name, from: top, to: target.name)
        }
        while case .bytes(let bytes) = try response.receive() { try unpacker.take(bytes) }
        try unpacker.finish()
    }

    /// The target of a link in the container with `-L`; otherwise the path itself.
    private func follow(_ remote: Remote, _ path: String) throws -> String {
        guard followLink, let target = try remote.linkTarget(path) else { return path }
        return target
    }

    private func copyIn(_ local: String, to remote: Remote, _ path: String) throws {
        let source = LocalPath.absolute(local) + (CopySpec.saysContents(local) ? "/." : "")
        let follows = followLink || CopySpec.saysDirectory(local)
        let place = Copy.place(source, follows: follows)
        guard place.exists else {
            throw ExitFailure("lstat \(LocalPath.absolute(local)): \(LinuxError.text(Errno.noSuchFile))")
        }
        if local.hasSuffix("/"), !place.isDirectory { throw ExitFailure("not a directory") }
        let destination = try remote.destination(path)
        let target = try CopySpec.target(
            source: place, sourceBase: CopySpec.split(source).base, destination: destination)
        let packer = TreePacker(path: source, name: target.name, follows: follows)
        let body = Request.Body.stream(
            contentType: "application/x-tar", next: { () throws(ClientError) -> [UInt8]? in try packer.next() })
        try remote.put(target.directory, body, owners: archive)
    }

    private static func place(_ path: String, follows: Bool) -> CopySpec.Place {
        let status = try? FileStatus(of: path, followingLinks: follows)
        return .init(path: path, exists: status != nil, isDirectory: status?.isDirectory ?? false)
    }
}
