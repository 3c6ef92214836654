import Glibc
import KeeperClient
import KeeperProtocol
import LaunchPlan
import Linux
import Model
import TestSupport

@testable import Isolation

/// A busybox container run by a real keeper, to look at its restrictions from inside.
///
/// The keeper's engine is a sleeping program; the test takes a copy of its socket and speaks in its place.
final class ContainerUnderTest {
    struct Outcome {
        var output = ""
        var error = ""
        var status: ExitStatus?
        var failure: LaunchFailure?
        var warnings: [String] = []
    }

    /// The image, made once.
    private static let image: TemporaryDirectory? = {
        guard let directory = try? TemporaryDirectory("sereno-image") else { return nil }
        chmod(directory.path, 0o755)
        guard (try? BusyboxRootfs.make(at: directory.path)) != nil else { return nil }
        atexit { if let path = ContainerUnderTest.image?.path { TestFiles.removeTree(path) } }
        return directory
    }()

    let directory: TemporaryDirectory
    let runtime: any IsolationRuntime
    private(set) var prepared: PreparedContainer
    private let keeper: BackgroundCommand
    private let client: KeeperClient
    private var nextSlot: UInt64 = 1

    init(
        _ spec: ContainerSpec, runtime: (HostFacts) -> any IsolationRuntime = { NativeIsolation(host: $0) },
        rootfs: RootfsSource? = nil
    ) throws {
        guard let image = Self.image else { throw TestFailure("no busybox image") }
        directory = try TemporaryDirectory("sereno-box")
        chmod(directory.path, 0o755)
        self.runtime = runtime(try HostFacts.detect())
        var generator = SystemRandomNumberGenerator()
        var context = LaunchContext(
            id: .random(using: &generator), spec: spec,
            rootfs: rootfs ?? .overlay(layers: [image.path], directory: directory.child("fs")),
            runDirectory: directory.child("run"))
        context.initPath = try BuiltProgram.path("sereno-keeper")
        // One for each: a parent that tests share is taken away by one while another makes its own group in it.
        let parent = "sereno-isolation-test-" + context.id.short
        context.spec.resources.cgroupParent = "/" + parent
        TestRun.note(group: parent)
        // First, as it is what may be refused: a throwing initializer runs no deinit, which ends the keeper's child.
        do { prepared = try self.runtime.prepare(context) } catch {
            try? self.runtime.discard(context)
            throw error
        }
        keeper = try BackgroundCommand([
            try BuiltProgram.path("sereno-keeper"), "--engine", BusyboxRootfs.busybox, "sleep", "100000",
        ])
        client = try Self.connect(keeper)
    }

    deinit {
        try? prepared.cgroup?.killAll()
        // Stopped first, so that it starts no other engine meanwhile.
        keeper.signal(SIGSTOP)
        let children = Self.children(of: keeper.processID)
        keeper.signal(SIGKILL)
        _ = keeper.wait(timeout: 5)
        for child in children { kill(child, SIGKILL) }
        do {
            try runtime.release(prepared)
        } catch {
            print("release failed: \(error)")
        }
        _ = try? Command.run(["rm", "-rf", directory.child("fs/work")])
        for group in prepared.cgroup?.directories ?? [] { rmdir(String(group.dropLast(65))) }
    }

    private static func children(of process: Int32) -> [Int32] {
        let text = (try? TestFiles.read("/proc/\(process)/task/\(process)/children")) ?? ""
        return text.split(separator: " ").compactMap { Int32($0) }
    }

    private static func connect(_ keeper: BackgroundCommand) throws -> KeeperClient {
        var client: KeeperClient?
        // Before the engine executes, its descriptor 3 may still be something else.
        _ = eventually(timeout: 15) {
            for child in children(of: keeper.processID) {
                guard let process = try? Pidfd(process: child), let copy = try? process.descriptor(number: 3)
                else { continue }
                client = try? KeeperClient(adopting: copy)
            }
            return client != nil
        }
        guard let client else { throw TestFailure("no engine under the keeper: \(keeper.error)") }
        try client.hello()
        while true {
            if case .handoverDone = try next(client) { return client }
        }
    }

    private static func next(_ client: KeeperClient, timeout: Int32 = 30_000) throws -> KeeperEvent {
        while true {
            if let event = try client.receive() { return event }
            var entry = pollfd(fd: client.readable.rawValue, events: Int16(POLLIN), revents: 0)
            if poll(&entry, 1, timeout) != 1 { throw TestFailure("no event from the keeper") }
        }
    }

    /// A process of the container that executes its program.
    struct Running {
        let slot: RunID
        let pid: Int32
        let pidfd: SharedDescriptor
        let output: String
        let error: String
    }

    /// Starts the container's first process and returns when it executes.
    func start(terminal: Int32? = nil) throws -> (Running?, Outcome) {
        let warnings = try runtime.renew(&prepared)
        var request = try runtime.plan(prepared)
        request.warnings += warnings
        return try launch(request, .container, terminal: terminal)
    }

    /// Starts the container's first process and waits for its end.
    func run(terminal: Int32? = nil) throws -> Outcome {
        let (running, outcome) = try start(terminal: terminal)
        guard let running else { return outcome }
        return try wait(running, outcome)
    }

    /// Runs a further process in the running container and waits for its end.
    func exec(
        _ arguments: [String], in container: Running, _ change: (inout ExecContext) -> Void = { _ in }
    ) throws -> Outcome {
        var context = ExecContext(arguments: arguments, container: container.pidfd)
        change(&context)
        let (running, outcome) = try launch(try runtime.plan(context, in: prepared), .exec)
        guard let running else { return outcome }
        return try wait(running, outcome)
    }

    private func launch(
        _ request: LaunchRequest, _ kind: SlotKind, terminal: Int32? = nil
    ) throws -> (Running?, Outcome) {
        let slot = RunID(nextSlot)
        nextSlot += 1
        let out = directory.child("out\(slot.value)")
        let err = directory.child("err\(slot.value)")
        let input = SharedDescriptor(takingOwnershipOf: open("/dev/null", O_RDONLY | O_CLOEXEC))
        let output = SharedDescriptor(takingOwnershipOf: open(out, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600))
        let error = SharedDescriptor(takingOwnershipOf: open(err, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600))
        func stream(_ own: SharedDescriptor) -> BorrowedDescriptor {
            BorrowedDescriptor(rawValue: terminal ?? own.rawValue)
        }
        try client.spawn(
            KeeperClient.SpawnRequest(
                slot: slot, kind: kind, key: "test", plan: request.plan, standardInput: stream(input),
                standardOutput: stream(output), standardError: stream(error),
                planned: request.descriptors.map { BorrowedDescriptor(rawValue: $0.rawValue) }))
        var outcome = Outcome(warnings: prepared.warnings + request.warnings)
        while true {
            switch try Self.next(client) {
            case .spawned(slot, let pid, _, let process):
                guard let pidfd = process.take(0) else { throw TestFailure("no pidfd") }
                let shared = SharedDescriptor(takingOwnershipOf: pidfd.release())
                return (Running(slot: slot, pid: pid, pidfd: shared, output: out, error: err), outcome)
            case .spawnFailed(slot, let failure):
                outcome.failure = failure
                return (nil, outcome)
            case .spawnWarning(_, let operation, _, let errno):
                outcome.warnings.append(
                    "\(request.plan.operations[operation].line): \(String(cString: strerror(errno)))")
            default:
                continue
            }
        }
    }

    /// Waits for the end of a process.
    func wait(_ running: Running, _ outcome: Outcome = Outcome()) throws -> Outcome {
        var outcome = outcome
        while true {
            guard case .exited(running.slot, let exit) = try Self.next(client) else { continue }
            outcome.status = exit.status
            outcome.output = try TestFiles.read(running.output)
            outcome.error = try TestFiles.read(running.error)
            return outcome
        }
    }

    /// The output of a shell script as the container's first process; fails the test run when it could not start.
    static func shell(_ script: String, _ change: (inout ContainerSpec) -> Void = { _ in }) throws -> String {
        try outcome(of: script, change).output
    }

    /// What became of a shell script as the container's first process.
    static func outcome(of script: String, _ change: (inout ContainerSpec) -> Void = { _ in }) throws -> Outcome {
        var spec = ContainerSpec()
        spec.process.command = ["/bin/sh", "-c", script]
        spec.network.mode = .none
        change(&spec)
        let outcome = try ContainerUnderTest(spec).run()
        if let failure = outcome.failure { throw TestFailure("not started: \(failure)") }
        return outcome
    }
}
