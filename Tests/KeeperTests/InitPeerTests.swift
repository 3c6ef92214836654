import Glibc
import Model
import TestSupport
import Testing

/// tini's own test list, with tini and catatonit in the same run: where the three differ it is said.
@Suite(.timeLimit(.minutes(30))) struct InitPeerTests {
    @Test(arguments: InitPeer.allCases)
    func everyExitCodeIsReturned(by peer: InitPeer) throws {
        for code in 0...255 {
            let ended = try Command.run(try peer.running(script("exit \(code)")))
            #expect(ended.status == .exited(UInt8(code)))
        }
    }

    /// tini's inclusive and exclusive tests of `-e`.
    @Test(arguments: [InitPeer.sereno, .tini])
    func anExpectedCodeCountsAsZeroAndNoOtherDoes(by peer: InitPeer) throws {
        for code in stride(from: 0, through: 255, by: 5) {
            let expected = try Command.run(try peer.running(script("exit \(code)"), options: ["-e", "\(code)"]))
            #expect(expected.status == .exited(0))
            let others = (0...255).filter { $0 != code }.flatMap { ["-e", "\($0)"] }
            let other = try Command.run(try peer.running(script("exit \(code)"), options: others))
            #expect(other.status == .exited(UInt8(code)))
        }
        #expect(try !Command.run(try peer.running(script(":"), options: ["-e", "256"])).succeeded)
        #expect(try !Command.run(try peer.running(script(":"), options: ["-e", "x"])).succeeded)
    }

    /// Signals that every one of the three passes on: tini leaves those of a fault to the kernel (FPE, ILL, SEGV, BUS, ABRT, TRAP, SYS),
    /// catatonit leaves real-time ones that the C library keeps.
    @Test(arguments: InitPeer.allCases)
    func aSignalEndsTheProgramAndTheCodeSaysWhich(by peer: InitPeer) throws {
        for number in [1, 2, 3, 10, 12, 13, 14, 15, 16, 24, 25, 26, 27, 29, 30, 34, 50, 64] {
            let child = try BackgroundCommand(try peer.running(script("echo ready; exec sleep 100")))
            #expect(eventually(timeout: 30) { child.output.contains("ready") })
            child.signal(Int32(number))
            #expect(child.wait(timeout: 30).status == .exited(UInt8(128 + number)), "signal \(number)")
        }
    }

    /// tini's reaping test: a hundred orphans, and none is left a zombie while the program runs.
    @Test(arguments: InitPeer.allCases)
    func orphansAreReaped(by peer: InitPeer) throws {
        let ended = try Command.run(
            try peer.asFirstProcess(
                script(
                    """
                    i=0; while [ $i -lt 100 ]; do (sh -c ':' &); i=$((i+1)); done
                    n=1; tries=0
                    while [ $n -ne 0 ] && [ $tries -lt 200 ]; do
                        sleep 0.05; n=$(grep -l '^State:.Z' /proc/[0-9]*/status 2>/dev/null | wc -l); tries=$((tries+1))
                    done
                    echo "zombies $n"
                    """)))
        #expect(ended.output == "zombies 0\n", "\(ended.error)")
        #expect(ended.succeeded)
    }

    /// tini's test of `-w`.
    @Test(arguments: [InitPeer.sereno, .tini])
    func reapingIsToldWhenAskedFor(by peer: InitPeer) throws {
        let program = script("(sh -c ':' &); sleep 0.5")
        let silent = try Command.run(try peer.asFirstProcess(program))
        #expect(!silent.error.contains("Reaped zombie process"))
        let told = try Command.run(try peer.asFirstProcess(program, options: ["-w"]))
        #expect(told.error.contains("Reaped zombie process with pid="))
    }

    /// tini's process group test: the program ignores the signal, its child does not.
    @Test(arguments: [InitPeer.sereno, .tini])
    func theWholeGroupGetsTheSignalWhenAskedFor(by peer: InitPeer) throws {
        let program = """
            import signal, subprocess, sys
            signal.signal(signal.SIGUSR1, signal.SIG_IGN)
            reset = lambda: signal.signal(signal.SIGUSR1, signal.SIG_DFL)
            child = subprocess.Popen(['sleep', '100'], preexec_fn=reset)
            print('ready', flush=True)
            sys.exit(7 if child.wait() == -signal.SIGUSR1 else 1)
            """
        let python = ["/usr/bin/python3", "-c", program]
        let byOption = try BackgroundCommand(try peer.running(python, options: ["-g"]))
        let byEnvironment = try BackgroundCommand(["env", "TINI_KILL_PROCESS_GROUP=1"] + (try peer.running(python)))
        for child in [byOption, byEnvironment] {
            #expect(eventually(timeout: 30) { child.output.contains("ready") })
            child.signal(SIGUSR1)
            #expect(child.wait(timeout: 30).status == .exited(7))
        }
    }

    /// tini's signal configuration test: what was blocked and ignored stays so. catatonit's program has TSTP, TTIN and TTOU blocked.
    @Test(arguments: [InitPeer.sereno, .tini])
    func blockedAndIgnoredSignalsAreInherited(by peer: InitPeer) throws {
        let words = try peer.running(["/bin/cat", "/proc/self/status"])
        let setter = """
            import os, signal, sys
            for s in (signal.SIGTTOU, signal.SIGSEGV, signal.SIGINT): signal.signal(s, signal.SIG_IGN)
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, (signal.SIGTTIN, signal.SIGILL, signal.SIGTERM))
            os.execv(sys.argv[1], sys.argv[1:])
            """
        let ended = try Command.run(["python3", "-c", setter] + words)
        #expect(ended.succeeded)
        func set(_ name: String) -> UInt64? {
            let line = ended.output.split(separator: "\n").first { $0.hasPrefix(name + ":") }
            return line.flatMap { UInt64($0.dropFirst(name.count + 1).filter { !$0.isWhitespace }, radix: 16) }
        }
        func bits(_ numbers: Int32...) -> UInt64 { numbers.reduce(0) { $0 | 1 << UInt64($1 - 1) } }
        let ignored = try #require(set("SigIgn")), blocked = try #require(set("SigBlk"))
        #expect(ignored & bits(SIGTTOU, SIGSEGV, SIGINT) == bits(SIGTTOU, SIGSEGV, SIGINT))
        #expect(blocked == bits(SIGTTIN, SIGILL, SIGTERM))
    }

    /// tini's parent death test.
    @Test(arguments: [InitPeer.sereno, .tini])
    func theDeathOfTheParentIsToldWhenAskedFor(by peer: InitPeer) throws {
        let directory = try TemporaryDirectory()
        let file = directory.child("ended")
        let inner = try peer.running(
            script("trap 'echo ok >\(file); exit' TERM; echo ready; while :; do sleep 0.05; done"),
            options: ["-p", "SIGTERM"])
        let quoted = inner.map {
            "'" + $0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        }
        let parent = try BackgroundCommand(script(quoted.joined(separator: " ") + " & wait"))
        #expect(eventually(timeout: 30) { parent.output.contains("ready") })
        parent.signal(SIGKILL)
        #expect(eventually(timeout: 30) { (try? TestFiles.read(file)) == "ok\n" })
    }

    /// tini's outer tests: a missing program, an unknown option, help.
    @Test func wrongUseIsToldFromAFailureOfTheProgram() throws {
        for peer in [InitPeer.sereno, .tini] {
            #expect(try Command.run(try peer.running(["/no/such/program"])).status == .exited(127))
        }
        let keeper = try BuiltProgram.path("sereno-keeper")
        #expect(try Command.run([keeper, "-z", "--", "true"]).status == .exited(64))
        #expect(try Command.run([keeper, "-h"]).succeeded)
        #expect(try Command.run(["/usr/bin/tini", "-z", "--", "true"]).status == .exited(1))
    }

    /// Stopped from outside, the program goes on when it is told to. catatonit's program is not stopped by TSTP.
    @Test(arguments: [InitPeer.sereno, .tini])
    func aProgramThatIsStoppedGoesOn(by peer: InitPeer) throws {
        let child = try BackgroundCommand(try peer.running(script("echo $$; exec sleep 100")))
        #expect(eventually(timeout: 30) { child.output.contains("\n") })
        let program = try #require(Int32(child.output.dropLast()))
        func state() throws -> Character? {
            try TestFiles.read("/proc/\(program)/stat").split(separator: ")").last?.dropFirst().first
        }
        child.signal(SIGTSTP)
        #expect(try eventually(timeout: 30) { try state() == "T" })
        child.signal(SIGCONT)
        #expect(try eventually(timeout: 30) { try state() == "S" })
        child.signal(SIGTERM)
        #expect(child.wait(timeout: 30).status == .exited(143))
    }

    /// The storm that inits are there for.
    @Test func twentyThousandOrphansLeaveNoZombie() throws {
        let storm = """
            import os
            done = 0
            while done < 20000:
                child = os.fork()
                if child == 0:
                    for _ in range(500):
                        if os.fork() == 0: os._exit(0)
                    os._exit(0)
                os.waitpid(child, 0)
                done += 500
            import time
            deadline = time.time() + 60
            while time.time() < deadline:
                zombies = 0
                for name in os.listdir('/proc'):
                    if name.isdigit():
                        try: zombies += ') Z ' in open('/proc/' + name + '/stat').read()
                        except OSError: pass
                if zombies == 0: break
                time.sleep(0.05)
            print('orphans', done, 'zombies', zombies)
            """
        let ended = try Command.run(
            try InitPeer.sereno.asFirstProcess(["/usr/bin/python3", "-c", storm]), timeout: 120)
        #expect(ended.output == "orphans 20000 zombies 0\n", "\(ended.error)")
    }
}

/// On a terminal, with the three inits.
@Suite(.timeLimit(.minutes(30))) struct InitTerminalTests {
    private func onTerminal(_ words: [String]) throws -> OnTerminal {
        // posix_spawn wants a path; env finds the rest.
        try OnTerminal(words[0].hasPrefix("/") ? words : ["/usr/bin/env"] + words)
    }

    @Test(arguments: InitPeer.allCases)
    func theProgramIsInTheForegroundAndHasItsKeys(by peer: InitPeer) throws {
        let terminal = try onTerminal(try peer.running([BusyboxRootfs.busybox, "sh"]))
        terminal.type(Array("echo its $((6*7))\r".utf8))
        #expect(terminal.shows("its 42"))
        terminal.type(Array("exit 5\r".utf8))
        #expect(terminal.exitCode() == 5)
    }

    @Test(arguments: InitPeer.allCases)
    func controlCReachesTheProgramOnly(by peer: InitPeer) throws {
        let terminal = try onTerminal(try peer.running(script("echo ready; exec cat")))
        #expect(terminal.shows("ready"))
        terminal.type([3])
        #expect(terminal.exitCode() == 130)
    }

    /// Only here: the next run is in the foreground again.
    @Test func theNextRunHasTheTerminalToo() throws {
        let keeper = try BuiltProgram.path("sereno-keeper")
        let terminal = try onTerminal(
            [keeper, "--restart=always", "--"] + script("echo ready; read x; echo got $x; exit 1"))
        for round in 1...3 {
            terminal.type(Array("line\(round)\r".utf8))
            #expect(terminal.shows("got line\(round)"))
        }
        terminal.signal(SIGTERM)
        #expect([1, 143].contains(terminal.exitCode()))
    }
}
