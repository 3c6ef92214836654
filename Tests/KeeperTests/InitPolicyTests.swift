import Glibc
import Model
import TestSupport
import Testing

/// `sereno-keeper --restart=POLICY -- CMD`: the decisions of the supervisor, made where there is none.
@Suite(.timeLimit(.minutes(30))) struct InitPolicyTests {
    private func run(_ options: [String], _ text: String, timeout: Double = 60) throws -> Command {
        try Command.run([try BuiltProgram.path("sereno-keeper")] + options + ["--"] + script(text), timeout: timeout)
    }

    @Test func onFailureHasItsBoundAndSaysWhy() throws {
        let ended = try run(["--restart=on-failure:3"], "echo run; exit 3")
        #expect(ended.status == .exited(3))
        #expect(ended.output == String(repeating: "run\n", count: 4))
        let told = ended.error.split(separator: "\n")
        #expect(told.count == 4)
        for (line, delay) in zip(
            told, ["100 ms (first delay)", "200 ms (grown from 100 ms)", "400 ms (grown from 200 ms)"])
        {
            #expect(line.hasSuffix(delay))
        }
        #expect(told.last?.hasSuffix("policy on-failure:3 has used up its restarts; gave up") == true)
    }

    @Test func onFailureLeavesAGoodEndAlone() throws {
        let ended = try run(["--restart", "on-failure"], "echo run")
        #expect(ended.status == .exited(0) && ended.output == "run\n")
        #expect(ended.error.contains("leaves alone what exited with code 0; no start"))
        // A code that is expected is a good end.
        #expect(try run(["--restart=on-failure", "-e", "7"], "echo run; exit 7").output == "run\n")
    }

    @Test func noPolicyIsSilent() throws {
        for options in [[], ["--restart=no"]] {
            let ended = try run(options, "exit 4")
            #expect(ended.status == .exited(4) && ended.error.isEmpty)
        }
    }

    @Test(arguments: ["always", "unless-stopped"])
    func aPolicyRestartsUntilAStop(policy: String) throws {
        let child = try BackgroundCommand(
            [try BuiltProgram.path("sereno-keeper"), "--restart=" + policy, "--"]
                + script("echo run; [ -e \"$0\" ] && exec sleep 100; exit 0"))
        #expect(eventually(timeout: 60) { child.output.split(separator: "\n").count >= 4 })
        child.signal(SIGTERM)
        let ended = child.wait(timeout: 30)
        // The program was ended by it, or it came between two runs and the code is the last run's.
        #expect([.exited(0), .exited(143)].contains(ended.status))
        #expect(ended.error.contains("kill with SIGTERM"))
    }

    @Test func aSignalThatIsNoStopKeepsThePolicy() throws {
        let child = try BackgroundCommand(
            [try BuiltProgram.path("sereno-keeper"), "--restart=on-failure", "--"]
                + script("trap 'exit 9' HUP; echo ready; while :; do sleep 0.02; done"))
        #expect(eventually(timeout: 30) { child.output == "ready\n" })
        child.signal(SIGHUP)
        #expect(eventually(timeout: 30) { child.output == "ready\nready\n" })
        child.signal(SIGTERM)
        #expect(child.wait(timeout: 30).status == .exited(143))
    }

    @Test func theFirstStartIsTheCallersToMend() throws {
        let keeper = try BuiltProgram.path("sereno-keeper")
        let ended = try Command.run([keeper, "--restart=always", "--", "/no/such/program"])
        #expect(ended.status == .exited(127))
        #expect(ended.error.contains("cannot execute /no/such/program: No such file or directory"))
    }

    @Test func aStartThatFailsLaterIsRetriedAndCounted() throws {
        let directory = try TemporaryDirectory()
        let program = directory.child("program")
        try TestFiles.write("#!/bin/sh\nrm \"$0\"\nexit 1\n", to: program, mode: 0o755)
        let keeper = try BuiltProgram.path("sereno-keeper")
        let ended = try Command.run([keeper, "--restart=on-failure:2", "--", program])
        #expect(ended.status == .exited(127))
        #expect(ended.error.contains("start failed with code 127: cannot execute \(program)"))
        #expect(ended.error.contains("has used up its restarts"))
    }

    /// In a container the end of its first process is the end of all others.
    @Test func nothingOfARunIsLeftForTheNext() throws {
        let text = "ps -o comm | grep -c sleep; sleep 1000 & setsid sleep 1000 & exit 1"
        let words = try InitPeer.sereno.asFirstProcess(script(text), options: ["--restart=on-failure:2"])
        #expect(try Command.run(words).output == "0\n0\n0\n")
        let outside = try run(["--restart=on-failure:1"], "sleep 1000 & echo $!; exit 1")
        let first = try #require(outside.output.split(separator: "\n").first.flatMap { Int32($0) })
        #expect(kill(first, 0) != 0)
        if let last = outside.output.split(separator: "\n").last.flatMap({ Int32($0) }), last != first {
            kill(last, SIGKILL)
        }
    }

    @Test func anUnknownPolicyIsRefused() throws {
        for word in ["--restart=sometimes", "--restart=on-failure:x", "--restart=always:3", "--restart="] {
            #expect(try run([word], ":").status == .exited(64))
        }
    }
}
