import KeeperClient
import KeeperProtocol
import LaunchPlan
import Model
import TestSupport
import Testing

/// What went wrong is told in words that a user of containers knows.
@Suite("Messages")
struct MessageTests {
    private let reader: MessageReader

    init() throws { reader = try MessageReader() }

    @Test("every error of every floor can be read")
    func everyError() {
        #expect(ErrorSamples.all.count > 130)
        for error in ErrorSamples.all {
            let faults = reader.faults(in: error.message)
            #expect(faults == [], "\(type(of: error)): \(error.message)")
            #expect("\(error)" == error.message && (error as any Error).sentence == error.message)
        }
    }

    @Test("every operation of a launch that fails can be read, at each of its steps and by each reason")
    func everyLaunch() {
        var messages: Set<String> = []
        for operation in Self.operations {
            let plan = Plan(operations: [operation, .pivotRoot(root: "/var/lib/x/rootfs")])
            for step in (0...UInt16(40)).compactMap(LaunchStep.init) {
                for code in [2, 13, 18, 20, 22, 40] as [Int32] {
                    let failure = LaunchFailure(phase: .operation, operation: 0, step: step, code: code)
                    messages.insert(LaunchProblem(failure, in: plan).message)
                }
            }
        }
        for phase in (0...UInt8(6)).compactMap(LaunchPhase.init) {
            messages.insert(LaunchProblem(LaunchFailure(phase: phase, code: 12), in: Plan(operations: [])).message)
        }
        for message in messages {
            #expect(reader.faults(in: message, hiding: ["/var/lib/x"]) == [], "\(message)")
        }
    }

    @Test("a mount that fails is told by its source, its target and the reason")
    func mounts() {
        let bind = Operation.bindInRoot(
            root: "/r", source: "/src", target: "/data", recursive: true, attributes: 0, propagation: 0)
        func message(_ step: LaunchStep, _ code: Int32) -> String {
            let failure = LaunchFailure(phase: .operation, operation: 0, step: step, code: code)
            return LaunchProblem(failure, in: Plan(operations: [bind])).message
        }
        let hint =
            ": Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and "
            + "is the expected type"
        #expect(message(.openSource, 2) == "mount /src on /data: open /src: no such file or directory")
        #expect(message(.attach, 20) == "mount /src on /data: not a directory" + hint)
        #expect(message(.makeTarget, 20) == "mount /src on /data: make /data in the container: not a directory" + hint)
        #expect(message(.makeTarget, 30) == "mount /src on /data: make /data in the container: read-only file system")
    }

    @Test("no number stands for a limit that is none")
    func limits() {
        let unlimited = Operation.setLimit(resource: 7, soft: 1024, hard: .max)
        #expect(unlimited.attempt(root: nil) == "set the limit nofile to 1024:unlimited")
    }

    @Test("an error of a library's is told as unexpected, without its type")
    func foreign() {
        struct Foreign: Error {}
        #expect((Foreign() as any Error).sentence == "an unexpected failure")
    }

    @Test("the reader finds what it is there to find")
    func finds() {
        for text in [
            "", "plan(LaunchPlan.PlanEncodingError.zeroByte(operation: 69))",
            "bind mount /a at /b: make target: not a directory",
            "cannot use Optional(3)", "mkdir /x: Not a directory", "permission denied", "open: permission denied",
            "raise the limit nofile to 18446744073709551615", "the call failed with errno 22",
            "open /run/x/file: it fails",
            "it failed.", "one\ntwo", "attach mount descriptor 0 at /nowhere",
        ] { #expect(reader.faults(in: text, hiding: ["/run/x"]) != [], "\(text)") }
        for text in ["mount /src on /data: no such file or directory", "No such image: x:latest"] {
            #expect(reader.faults(in: text, hiding: ["/run/x"]) == [])
        }
    }

    private static let operations: [Operation] = [
        .enterNamespace(descriptor: 0), .unshare(flags: 0x0200_0000),
        .writeFile(path: "/sys/fs/cgroup/cpu/x/cgroup.procs", data: "0", optional: false), .loopbackUp,
        .setHostname("web"), .setDomainname("example"), .propagation(path: "/var/lib/x/rootfs", flags: 0),
        .attachTree(descriptor: 0, target: "/var/lib/x/rootfs"), .attachTree(descriptor: 0, target: "/var/lib/x/shm"),
        .mount(source: "/var/lib/x/rootfs", target: "/var/lib/x/rootfs", type: "", flags: 0, data: ""),
        .mountInRoot(root: "/r", source: "tmpfs", target: "/t", type: "tmpfs", flags: 0, data: ""),
        .bindInRoot(root: "/r", source: "/src", target: "/t", recursive: true, attributes: 0, propagation: 0),
        .makeDirectoryInRoot(root: "/r", path: "/d", mode: 0o755), .symlinkInRoot(root: "/r", target: "/a", path: "/b"),
        .deviceInRoot(root: "/r", path: "/dev/x", mode: 0, major: 1, minor: 2, uid: 0, gid: 0),
        .pivotRoot(root: "/var/lib/x/rootfs"), .remount(path: "/", flags: 1), .remount(path: "/sys", flags: 1),
        .maskInRoot(root: "/r", path: "/proc/keys", empty: "/var/lib/x/empty"),
        .readonlyInRoot(root: "/r", path: "/proc/sys"),
        .sysctl(root: "/r", path: "sys/net/ipv4/ip_forward", value: "1"),
        .consoleInRoot(root: "/r", path: "/dev/console"), .ownNullDevice, .birth,
        .setLimit(resource: 7, soft: 1, hard: .max), .setLimit(resource: 99, soft: 1, hard: 1), .oomScoreAdjust(-5),
        .newSession, .controllingTerminal, .umask(0o22), .noNewPrivileges, .identity(uid: 1, gid: 1, groups: []),
        .capabilities(bounding: 0, effective: 0, permitted: 0, inheritable: 0, ambient: 0), .seccomp(program: []),
        .changeDirectory(path: "/w", create: true), .sessionKeyring(name: ""), .appArmorProfile("sereno-default"),
        .parentDeathSignal(9), .execute(arguments: ["sh"], environment: []),
    ]
}
