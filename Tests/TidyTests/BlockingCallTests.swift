import TestSupport
import Testing

/// The loop on which everything is decided waits for no file: a path that a user typed may be on a mount that never answers. What looks at
/// files stands in few places, each of which is carried out on other threads or touches nothing that can make it wait.
@Suite struct BlockingCallTests {
    /// Files that may, with the reason.
    private static let allowed = [
        "FileService.swift": "in the bodies of transfers and inquiries",
        "Engine+Exec.swift": "in a step of supervision's threads",
        "Engine+Ground.swift": "in a step of supervision's threads",
        "Engine+HostPaths.swift": "in the body of a look-up",
        "Engine+Init.swift": "in a step of supervision's threads",
        "Engine+Insight.swift": "in a step of supervision's threads",
        "Engine+Launch.swift": "in a step of supervision's threads",
        "HostDescription.swift": "in the body of an inquiry",
        "PumpLoop.swift": "the pump has a thread of its own",
        "ProcessListing.swift": "in the body of an inquiry",
        "SupervisorMark+Machine.swift": "/proc",
        "StandardStreams.swift": "pipes; the terminals of containers in a step of supervision's threads",
        "ConnectionPeer.swift": "/proc and the host's /etc/passwd",
        "ContainerChangeRoutes.swift": "/sys",
    ]

    /// What waits for a file system, by the look of it.
    private static let calls =
        #"HostFile\.|FileManager|DirectoryListing|DirectorySize|DirectoryDescent|RootedPath|OverlayMount\(|TmpfsMount\(|TreeRemoval"#
        + #"|ProcessMounts\(|PseudoTerminal\.open|HostDevice|UserDatabase\.of|ChildProcess\.run|ContainerFilesystem\("#
        + #"|OwnedDescriptor\(opening|FileStatus\(of|DirectoryEntry\(|PollSet|KernelThread\.sleep|SpawnedProgram|UnixSocket\.|TCPSocket\.connect"#
        + #"|\.(?:synchronize|synchronizeFileSystem|synchronizeDisks|readAll|writeAll)\("#
        + #"|(?:^|[^\w.])(?:access|faccessat|open|openat|creat|stat|lstat|fstatat|statx|readlink|realpath|opendir|fopen|mkdir|unlink|rename)\("#
        + #"|\.(?:prepare|renew|plan)\((?:prepared|described|context)\b"#

    private static let places = ["Sources/engine/", "Sources/faces/APIServer/", "Sources/faces/DockerAPI/"]

    @Test func filesAreLookedAtOnlyWhereTheLoopDoesNotWait() throws {
        let call = try Regex(Self.calls)
        let files = try Tree.sources().filter { file in Self.places.contains { file.path.hasPrefix($0) } }
        #expect(files.count > 80)
        var found: Set<String> = []
        for file in files {
            for line in file.code where line.text.replacing(#/func \w+\(/#, with: "").firstMatch(of: call) != nil {
                found.insert(file.name)
                #expect(Self.allowed[file.name] != nil, "\(file.path):\(line.number): \(line.text)")
            }
        }
        #expect(found == Set(Self.allowed.keys), "no longer needed: \(Set(Self.allowed.keys).subtracting(found))")
    }

    @Test func theCheckKnowsWhatWaits() throws {
        let call = try Regex(Self.calls)
        for line in [
            "if access(mount.source, F_OK) != 0 {", "guard HostFile.exists(path) else {", "let file = open(path, 0)",
            "return try runtime.prepare(context)", "let file = try OwnedDescriptor(opening: path)",
            "KernelThread.sleep(for: pause)", "seen = try ProcessMounts(ofProcess: 1)",
        ] { #expect(line.firstMatch(of: call) != nil, "\(line)") }
        for line in [
            "gate.open()", "connection.open()", "let stat = try await statPath(name)", "engine.prepare(container)",
        ] { #expect(line.firstMatch(of: call) == nil, "\(line)") }
    }
}
