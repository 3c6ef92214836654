import Foundation
import TestSupport
import Testing

@Suite("start -a and run stay to the end and tell the truth", .timeLimit(.minutes(2)))
struct FollowTests {
    @Test("start -a attaches and waits before it starts, shows all output and returns the container's code")
    func wireOrder() throws {
        let bench = try Bench()
        let container = FakeContainer()
        let engine = FakeEngine(at: bench.socket) { container.answer($0) }
        defer { engine.stop() }
        let command = try bench.begin("start", "-a", "web")
        #expect(container.started.wait())
        container.output("out\n")
        container.output("err\n", stream: 2)
        container.output("last without newline")
        container.end(42)
        let result = command.wait()
        #expect(result.status.code == 42)
        #expect(result.output == "out\nlast without newline")
        #expect(result.error == "err\n")
        let id = FakeContainer.id
        #expect(
            engine.requests.filter { !$0.hasSuffix("/json") || $0 == "GET /containers/web/json" } == [
                "GET /containers/web/json", "POST /containers/\(id)/attach?stream=1&stdout=1&stderr=1",
                "POST /containers/\(id)/wait?condition=next-exit", "POST /containers/\(id)/start",
            ])
    }

    @Test("the exit code of a container is returned as it is", arguments: [0, 1, 125, 126, 127, 137, 143, 255])
    func exitCodes(code: Int) throws {
        let bench = try Bench()
        let container = FakeContainer()
        let engine = FakeEngine(at: bench.socket) { container.answer($0) }
        defer { engine.stop() }
        let command = try bench.begin("run", "img", "cmd", "-x", "--rm")
        #expect(container.started.wait())
        container.end(code)
        #expect(command.wait().status.code == Int32(code))
    }

    @Test("every signal that can be caught is forwarded by name, and the command stays")
    func everySignal() throws {
        let bench = try Bench()
        let container = FakeContainer()
        let engine = FakeEngine(at: bench.socket) { container.answer($0) }
        defer { engine.stop() }
        let command = try bench.begin("start", "-a", "web")
        #expect(container.started.wait())
        let numbers = (Array(1...31) + Array(34...64)).filter { ![9, 13, 17, 19].contains($0) }
        for number in numbers {
            let before = container.signals.withLock { $0.count }
            command.signal(Int32(number))
            let arrived = eventually { container.signals.withLock { $0.count } > before }
            #expect(arrived, "signal \(number)")
        }
        let names = container.signals.withLock { $0 }
        #expect(names.count == numbers.count)
        #expect(names.prefix(3) == ["HUP", "INT", "QUIT"])
        #expect(Set(names).isSuperset(of: ["PROF", "URG", "TERM", "WINCH", "RTMIN", "RTMIN+1", "RTMAX-1", "RTMAX"]))
        #expect(command.poll() == nil)
        container.output("after\n")
        container.end(7)
        let result = command.wait()
        #expect(result.status.code == 7)
        #expect(result.output == "after\n")
    }

    @Test("CHLD and PIPE are kept off")
    func notForwarded() throws {
        let bench = try Bench()
        let container = FakeContainer()
        let engine = FakeEngine(at: bench.socket) { container.answer($0) }
        defer { engine.stop() }
        let command = try bench.begin("start", "-a", "web")
        #expect(container.started.wait())
        command.signal(SIGCHLD)
        command.signal(SIGUSR1)
        #expect(eventually { container.signals.withLock { $0 } == ["USR1"] })
        container.end(0)
        #expect(command.wait().status.code == 0)
    }

    @Test("Ctrl-C twice is forwarded twice, and neither ends the command")
    func interruptTwice() throws {
        let bench = try Bench()
        let container = FakeContainer(onSignal: { container, _ in
            if container.signals.withLock({ $0.count }) == 2 {
                container.output("both\n")
                container.end(3)
            }
        })
        let engine = FakeEngine(at: bench.socket) { container.answer($0) }
        defer { engine.stop() }
        let command = try bench.begin("start", "-a", "web")
        #expect(container.started.wait())
        command.signal(SIGINT)
        #expect(eventually { container.signals.withLock { $0.count } == 1 })
        #expect(command.poll() == nil)
        command.signal(SIGINT)
        let result = command.wait()
        #expect(result.status.code == 3)
        #expect(result.output == "both\n")
        #expect(container.signals.withLock { $0 } == ["INT", "INT"])
    }

    @Test("a signal that comes before the container runs is forwarded once it does")
    func earlySignal() throws {
        let bench = try Bench()
        let delay = Gate()
        let container = FakeContainer(startDelay: delay, onSignal: { container, _ in container.end(143) })
        let engine = FakeEngine(at: bench.socket) { container.answer($0) }
        defer { engine.stop() }
        let command = try bench.begin("start", "-a", "web")
        #expect(eventually { engine.requests.contains { $0.hasSuffix("/start") } }, "\(command.error)")
        command.signal(SIGTERM)
        usleep(50_000)
        #expect(container.signals.withLock { $0.isEmpty })
        #expect(command.poll() == nil)
        delay.open()
        #expect(command.wait().status.code == 143)
        #expect(container.signals.withLock { $0 } == ["TERM"])
    }

    @Test("standard input is passed on and its end half-closes, output goes on")
    func input() throws {
        let bench = try Bench()
        let container = FakeContainer(hasInput: true)
        let engine = FakeEngine(at: bench.socket) { container.answer($0) }
        defer { engine.stop() }
        let command = try bench.begin("start", "-ai", "web", input: "typed\n")
        #expect(eventually { command.output == "in:typed\n" })
        #expect(container.started.wait())
        container.output("more\n")
        container.end(0)
        let result = command.wait()
        #expect(result.output == "in:typed\nmore\n")
        #expect(result.status.code == 0)
    }

    @Test("with --sig-proxy=false a signal ends the command and is not forwarded")
    func noProxy() throws {
        let bench = try Bench()
        let container = FakeContainer()
        let engine = FakeEngine(at: bench.socket) { container.answer($0) }
        defer { engine.stop() }
        let command = try bench.begin("run", "--sig-proxy=false", "img")
        #expect(container.started.wait())
        command.signal(SIGUSR1)
        command.signal(SIGTERM)
        #expect(command.wait().status.code == 143)
        #expect(container.signals.withLock { $0.isEmpty })
        container.end(0)
    }
}
