import Glibc
import TestSupport
import Testing

/// The keeper is killed where no service manager keeps its descriptors, only something that starts it again.
@Suite("The keeper is killed")
struct KeeperDeathTests {
    @Test(
        "Containers live on, are found again, and what was lost is told", arguments: ["shared", "private"])
    func foundAgain(propagation: String) throws {
        let supervisor = try SupervisorUnderTest(inside: { _ in
            ["unshare", "--mount", "--propagation", propagation, "sh", "-c", "until \"$@\"; do :; done", "sh"]
        })
        try expect(
            supervisor.sereno(
                "run", "-d", "--name", "counter", "--restart", "always", "busybox", "sh", "-c",
                "echo kept >>/kept; i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done"))
        try expect(supervisor.sereno("run", "-d", "-i", "--name", "reader", "busybox", "cat"))
        let process = try supervisor.process(of: "counter")
        let keeper = supervisor.keeperProcess
        kill(keeper, SIGKILL)
        #expect(eventually(timeout: 60) { ![keeper, 0].contains(supervisor.keeperProcess) })
        try supervisor.waitUntilReady()

        #expect(try supervisor.process(of: "counter") == process)
        let why = try expect(supervisor.sereno("why", "counter")).output
        #expect(why.contains("its process was found running and is kept"), "\(why)")
        #expect(try expect(supervisor.sereno("exec", "counter", "cat", "/kept")).output == "kept\n")
        let lines = try supervisor.sereno("logs", "counter").output.count { $0 == "\n" }
        #expect(try eventually { try supervisor.sereno("logs", "counter").output.count { $0 == "\n" } > lines + 10 })
        // Standard input went with the keeper: the reader sees its end.
        #expect(try eventually(timeout: 30) { try supervisor.inspect("reader", "{{.State.Status}}") == "exited" })

        // Its end is seen, and followed by its policy.
        kill(process, SIGKILL)
        #expect(
            try eventually { try supervisor.inspect("counter", "{{.RestartCount}} {{.State.Status}}") == "1 running" })
        #expect(try expect(supervisor.sereno("why", "counter")).output.contains("killed by SIGKILL"))
        #expect(try expect(supervisor.sereno("exec", "counter", "cat", "/kept")).output == "kept\nkept\n")
        try expect(supervisor.sereno("stop", "-t", "0", "counter"))
        let numbers = try supervisor.sereno("logs", "counter").output.split(separator: "\n").map { Int($0) ?? -1 }
        let restarted = try #require(numbers.lastIndex(of: 1))
        #expect(restarted > 10 && Array(numbers[..<restarted]) == Array(1...restarted))
        #expect(Array(numbers[restarted...]) == Array(1...(numbers.count - restarted)))
    }
}
