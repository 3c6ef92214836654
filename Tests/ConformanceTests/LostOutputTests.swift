import Glibc
import TestSupport
import Testing

/// What a command prints and cannot: the loss is its exit code, with the reason.
@Suite("Lost output is told", .serialized)
struct LostOutputTests {
    private let supervisor: SupervisorUnderTest

    init() throws {
        supervisor = try SupervisorUnderTest()
        try expect(supervisor.sereno("run", "-d", "--name", "there", "busybox", "sh", "-c", "echo hello; sleep 1000"))
        #expect(try eventually { try supervisor.sereno("logs", "there").output == "hello\n" })
    }

    private func shell(_ words: String) throws -> Command {
        try Command.run(
            ["sh", "-c", words],
            environment: ["DOCKER_HOST=" + supervisor.host, "S=" + (try BuiltProgram.path("sereno"))])
    }

    @Test(
        "A full disk is exit code 1 with its name",
        arguments: [
            "export there", "save busybox", "cp there:/bin/busybox -", "logs there", "exec there echo hi", "ps",
            "run --rm --network none busybox echo hi", "inspect there", "top there", "version", "images -q",
            "stop there",
            "create busybox true", "--help",
            "start -a there-ended",
        ])
    func full(_ words: String) throws {
        _ = try supervisor.sereno("create", "--name", "there-ended", "busybox", "echo", "hi")
        let ended = try shell("timeout 30 $S \(words) > /dev/full")
        #expect(ended.status.code == 1, "\(words): \(ended.status)")
        #expect(ended.error.contains("write standard output: no space left on device"), "\(words): \(ended.error)")
    }

    @Test("A container's own exit code stays what it is")
    func code() throws {
        let ended = try shell("$S run --rm --network none busybox sh -c 'echo hi; exit 7' > /dev/full")
        #expect(ended.status.code == 7)
    }

    @Test("A reader that goes away ends a command as it does a filter")
    func reader() throws {
        #expect(try shell("$S export there | head -c 1 | wc -c").output == "1\n")
    }

    @Test(
        "Nothing but a file is replaced by what is saved",
        arguments: [
            ("null", "mknod null c 1 3", "a character device file"), ("pipe", "mkfifo pipe", "a named pipe (FIFO)"),
            ("folder", "mkdir folder", "a directory"), ("link", "ln -s nowhere link", "a symbolic link directly"),
        ])
    func replaced(_ name: String, _ make: String, _ kind: String) throws {
        let made = try shell("cd \(supervisor.directory.path) && \(make) && stat -c '%F %i' \(name)")
        let place = "\(supervisor.directory.path)/\(name)"
        for words in ["export -o \(place) there", "save -o \(place) busybox"] {
            let ended = try shell("$S \(words)")
            #expect(
                ended.status.code == 1 && ended.error.contains("cannot write to \(kind)"), "\(words): \(ended.error)")
        }
        if name == "null" {
            let ended = try shell("$S cp there:/bin/busybox \(place)")
            #expect(ended.status.code == 1 && ended.error.contains("got a device"), "\(ended.error)")
        }
        #expect(try shell("stat -c '%F %i' \(place)").output == made.output)
    }

    @Test("Closed standard descriptors are the null device, and no socket takes their number")
    func closed() throws {
        #expect(try shell("timeout 30 $S run -i --rm --network none busybox cat <&-").status.code == 0)
        #expect(try shell("timeout 30 $S run --rm --network none busybox echo hi <&-").output == "hi\n")
        let silent = try shell("timeout 30 $S exec there echo hi >&-; echo $?")
        #expect(silent.output == "0\n", "\(silent.error)")
        #expect(try shell("timeout 30 $S inspect there 2>&- <&- | wc -l").output != "0\n")
    }
}
