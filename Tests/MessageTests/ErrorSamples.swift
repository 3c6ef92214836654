import KeeperProtocol
import LaunchPlan

@testable import APIClient
@testable import Archive
@testable import Generator
@testable import GoTemplate
@testable import Images
@testable import Isolation
@testable import KeeperClient
@testable import Linux
@testable import Logs
@testable import Model
@testable import Store
@testable import Streaming
@testable import SystemdKit
@testable import TLS
@testable import UnitFiles

/// An error of every kind that can be, each as whoever is told of it gets it. A test demands that no type and no case is missing.
enum ErrorSamples {
    static var all: [any ReadableError] { words + logic + linux + capabilities + images + faces + generator }

    private static let size = ByteSize.Invalid(text: "1zb")
    private static let file = FileError(.write, "/data/file", code: Errno.readOnlyFileSystem)
    private static let call = LinuxError(call: "open", object: "/data/file", code: Errno.permissionDenied)
    private static let unit = UnitFileError(
        .systemd, line: 3, directive: "Service.ExecStart", value: ByteString("a\u{0}b"),
        reason: "the value has a NUL byte",
        remedy: "leave it out")

    private static let words: [any ReadableError] = [
        ImageReference.Invalid.format, ImageReference.Invalid.uppercase(repository: "Busybox"),
        ImageReference.Invalid.empty, ImageReference.Invalid.tooLong,
        ImageReference.Invalid.hexadecimalName(String(repeating: "a", count: 64)),
        ImageReference.Invalid.digestAlgorithm, ImageReference.Invalid.digestLength,
        ImageReference.Invalid.noTagAllowed,
        ImageReference.Invalid.ambiguousName, size, RestartPolicy.Invalid.unknownName("sometimes"),
        RestartPolicy.Invalid.countNotAllowed(negative: true), RestartPolicy.Invalid.countNotAllowed(negative: false),
        RestartPolicy.Invalid.negativeCount, StartFailure.superseded, StartFailure.interrupted,
        FrameError.short, FrameError.wrongLength, FrameError.unknownKind, FrameError.badValue,
        FrameError.wrongDescriptors, FrameError.outOfPlace, FrameError.wrongVersion, FrameError.full,
    ]

    private static let logic: [any ReadableError] = [
        unit, PlanEncodingError.zeroByte(operation: 69), PlanEncodingError.executeNotLast(operation: 1),
        PlanEncodingError.noArguments(operation: 2), PlanEncodingError.tooLarge(bytes: 9 << 20),
        Functions.Complaint(text: "index out of range: 5"),
    ]

    private static let linux: [any ReadableError] = [
        call, LinuxError(call: "make a pipe", object: "", code: Errno.tooManyDescriptors),
        ChildProcessError.system(call: "posix_spawn", object: "/usr/bin/ps", errno: Errno.wouldBlock),
        ChildProcessError.system(call: "posix_spawn", object: "/usr/bin/ps", errno: Errno.noSuchFile),
        ChildProcessError.system(call: "poll", object: "output", errno: Errno.noMemory),
        FileError(.makeDirectory, "/data", code: Errno.notADirectory), file,
        UserDatabaseError.notAFile(path: "/etc/passwd", what: "a directory"),
        UserDatabaseError.tooLong(path: "/etc/group", maximum: 1 << 20), UserDatabaseError.host(call),
        UnixListenerError.symbolicLink("/run/sock"), UnixListenerError.notASocket("/run/sock"),
        UnixListenerError.foreign("/run/sock", owner: 1000), UnixListenerError.inUse("/run/sock"),
        UnixListenerError.system(call), UserLookupError.unknownUser("bob"), UserLookupError.unknownGroup("staff"),
        UserLookupError.unknownAdditionalGroup("extra"), UserLookupError.outOfRange,
    ]

    private static let damaged = DamagedRecord(
        id: ContainerID(String(repeating: "ab", count: 32)), file: "spec.json",
        damage: .newerVersion(found: 9, supported: 1), path: "/data/spec.json", isSetAside: false)

    private static let capabilities: [any ReadableError] = [
        TLSError.file("/ca.pem", reason: "no start line"),
        TLSError.keyMismatch(key: "/key.pem", certificate: "/cert.pem"),
        TLSError.notTrusted(reason: "certificate has expired"), TLSError.handshake(reason: "wrong version number"),
        TLSError.openssl(reason: "it has no memory"), DamageFound(.undecodable("the field x is missing")),
        StoreError.file(file), StoreError.notEncodable(path: "/data/spec.json", reason: "a value is none of JSON"),
        StoreError.alreadyExists(ContainerID(String(repeating: "ab", count: 32))!),
        StoreError.unknown(ContainerID(String(repeating: "ab", count: 32))!), NewerRecords(among: [damaged])!,
        KeeperError.notStartedByKeeper, KeeperError.keyTooLong(String(repeating: "k", count: 65)),
        KeeperError.tooManyDescriptors(99), KeeperError.plan(.zeroByte(operation: 69)), KeeperError.system(call),
        KeeperError.closed, KeeperError.olderKeeper, KeeperError.malformed(.short),
        ArchiveError.truncated(path: "a/b"), ArchiveError.damaged(path: "", reason: "invalid header"),
        ArchiveError.escape(path: "../x"), ArchiveError.bound(name: "entries", limit: 5, path: "a"),
        ArchiveError.notFound(path: "/x"), ArchiveError.notADirectory(path: "/x"),
        ArchiveError.conflict(path: "/x", message: "cannot overwrite non-directory /x with directory"),
        ArchiveError.system(operation: "open", path: "/x", errno: 2),
        ArchiveError.usage("unpack needs --root"), SystemdError.absent(.system, reason: "connection refused"),
        SystemdError.absent(.user, reason: "connection refused"),
        SystemdError.refused(
            operation: "start", object: "a.service", name: "org.x.NoSuchUnit", message: "it is not there"),
        SystemdError.connection(operation: "start", object: "a.service", reason: "broken pipe"),
        SystemdError.timedOut(operation: "start", object: "a.service", seconds: 90), SystemdError.malformedName("a b"),
        IsolationError.invalid("invalid ulimit type: x"), IsolationError.user(.unknownUser("bob")),
        IsolationError.host(call),
        IsolationError.program("sh", code: Errno.isDirectory),
        IsolationError.unsupported("the host has no control groups"),
        LogOptionError.unknownOption("x", .journald), LogOptionError.unknownMode("fast"),
        LogOptionError.bufferSizeWithoutMode, LogOptionError.invalidBufferSize(size), LogOptionError.invalidSize(size),
        LogOptionError.sizeNotPositive, LogOptionError.notAnInteger("x"), LogOptionError.tooFewFiles,
        LogOptionError.notABoolean("x"), LogOptionError.compressWithoutRotation, LogOptionError.invalidTag("bad"),
        LogOptionError.invalidPattern("("), LogOptionError.tooManyFields(1 << 20), LogError.file(file),
        LogError.notReadable(.discard), LogError.journal(code: 13),
    ]

    private static let images: [any ReadableError] = [
        ImageError.invalidReference(.format), ImageError.noSuchImage("nosuch:latest"),
        ImageError.noSuchReference("nosuch:1"), ImageError.ambiguous("ab"),
        ImageError.conflict(.severalReferences(image: ContentDigest(of: []))), ImageError.invalid("no such change: X"),
        ImageError.archive(operation: "read", path: "manifest.json", reason: "invalid JSON"),
        ImageError.truncated(path: "layer.tar"), ImageError.damagedTar(path: "a", reason: "invalid header"),
        ImageError.pathNotFound("/x"), ImageError.notADirectory("/x"),
        ImageError.system(operation: "open", path: "/x", errno: 13),
        ImageError.tool(operation: "unpack", reason: "the archive program ended by signal 9"),
    ]

    private static let faces: [any ReadableError] = [
        ClientError.invalidAddress("x://"), ClientError.unreachable(address, errno: Errno.permissionDenied),
        ClientError.unreachable(address, errno: Errno.noSuchFile), ClientError.disconnected(request: "Get /_ping"),
        ClientError.noTunnel("no TLS connection: wrong version number"),
        ClientError.emptyName(of: "container"), ClientError.redirected(request: "DELETE /containers//web"),
        ClientError.system(operation: "receive from the engine", errno: Errno.connectionReset),
        ClientError.refused(status: 404, message: "No such container: x"),
        ClientError.upgradeRefused(status: 409, message: ""), ClientError.malformed("a number without digits"),
        ClientError.tooLong(limit: 1 << 20), StartRefused(error: .refused(status: 500, message: "no space left")),
    ]

    private static let address = (try? EngineAddress(parsing: "unix:///run/sock"))!

    private static let generator: [any ReadableError] = [
        ManifestError.unreadable(line: 3), ManifestError.foreign("a.service"), ManifestError.edited("a.service"),
        ManifestError.otherSystem("a.conf", .upstart), ImportedUnit.Failure.unreadable(unit),
        ImportedUnit.Failure.unknownFormat, ImportedUnit.Failure.noContainer(.systemd),
        GeneratorError.unknownContainer("web"), GeneratorError.ambiguousContainer("ab"),
        GeneratorError.noPolicy(container: "web"), GeneratorError.removesItself(container: "web"),
        GeneratorError.sharedFile(name: "a.service", first: "a", second: "b"),
        GeneratorError.nameTooLong(name: String(repeating: "n", count: 300), limit: 255),
        GeneratorError.inexpressible(container: "web", unit),
        GeneratorError.unusable(option: "--notify", reason: "x has none", remedy: "leave it out"),
        GeneratorError.signal(container: "web", signal: "SIGRTMIN+3", .upstart),
        GeneratorError.noHealthcheck(container: "web", option: "--notify"), GeneratorError.cycle(["a", "b"]),
    ]
}
