import Foundation
import TestSupport
import Testing

@Suite("start -a outlives its engine", .timeLimit(.minutes(2)))
struct EngineGoneTests {
    @Test("output and exit code of the same run come through the engine that came back")
    func comesBack() throws {
        let bench = try Bench()
        let first = FakeContainer()
        let old = FakeEngine(at: bench.socket) { first.answer($0) }
        let command = try bench.begin("start", "-a", "web")
        #expect(first.started.wait())
        first.output("one\n")
        #expect(eventually { command.output == "one\n" })
        // The quiet moment in which the command learns which run it is attached to.
        #expect(eventually { old.requests.contains("GET /containers/\(FakeContainer.id)/json") })
        usleep(20_000)
        old.stop()
        usleep(100_000)
        command.signal(SIGUSR2)

        let second = FakeContainer()
        second.adopt()
        let new = FakeEngine(at: bench.socket) { exchange in
            guard exchange.path.hasSuffix("/logs") else { return second.answer(exchange) }
            exchange.beginChunks()
            exchange.chunk(Exchange.frame(1, "two\n"))
            second.ended.wait(seconds: 60)
            exchange.endChunks()
        }
        defer { new.stop() }
        #expect(eventually { command.output == "one\ntwo\n" })
        #expect(eventually { second.signals.withLock { $0 } == ["USR2"] })
        #expect(command.poll() == nil)
        second.end(42)
        let result = command.wait()
        #expect(result.status.code == 42)
        #expect(result.error == "")
        first.end(0)
    }

    @Test("a container that ended while the engine was away gives its code and its last output")
    func endedMeanwhile() throws {
        let bench = try Bench()
        let first = FakeContainer()
        let old = FakeEngine(at: bench.socket) { first.answer($0) }
        let command = try bench.begin("start", "-a", "web")
        #expect(first.started.wait())
        #expect(eventually { old.requests.contains("GET /containers/\(FakeContainer.id)/json") })
        usleep(20_000)
        old.stop()
        let second = FakeContainer()
        second.leave(code: 9)
        let new = FakeEngine(at: bench.socket) { exchange in
            guard exchange.path.hasSuffix("/logs") else { return second.answer(exchange) }
            exchange.beginChunks()
            exchange.chunk(Exchange.frame(1, "last words\n"))
            exchange.endChunks()
        }
        defer { new.stop() }
        let result = command.wait()
        #expect(result.status.code == 9)
        #expect(result.output == "last words\n")
        first.end(0)
    }

    @Test("signals that come while the start is asked for are delivered afterwards, and none is lost")
    func heldSignals() throws {
        let bench = try Bench()
        let answered = Gate()
        let container = FakeContainer(startDelay: answered)
        let engine = FakeEngine(at: bench.socket) { exchange in
            if exchange.path.hasSuffix("/events") { return exchange.beginChunks() }
            if exchange.path.hasSuffix("/stop") {
                exchange.answer(204)
                return container.end(0)
            }
            container.answer(exchange)
        }
        defer { engine.stop() }
        let command = try bench.begin("start", "--attach", "--notify=started", "web")
        #expect(eventually { engine.requests.contains { $0.hasSuffix("/start") } })
        command.signal(SIGUSR1)
        // As systemd ends a unit.
        command.signal(SIGTERM)
        command.signal(SIGCONT)
        usleep(100_000)
        answered.open()
        #expect(command.wait().status.code == 0)
        let asked = engine.requests.filter { $0.hasSuffix("/start") || $0.hasSuffix("/stop") || $0.contains("/kill") }
        let path = "POST /containers/\(FakeContainer.id)"
        #expect(asked.prefix(2) == [path + "/start", path + "/kill?signal=USR1"], "\(engine.requests)")
        // The stop is not waited for, and each goes its own way.
        #expect(asked.dropFirst(2).sorted() == [path + "/kill?signal=CONT", path + "/stop"], "\(engine.requests)")
    }

    @Test("an engine lost between the request to start and its answer is asked again")
    func lostInStart() throws {
        let bench = try Bench()
        let never = Gate()
        let first = FakeContainer(startDelay: never)
        let old = FakeEngine(at: bench.socket) { first.answer($0) }
        let command = try bench.begin("start", "-a", "web")
        #expect(eventually { old.requests.contains { $0.hasSuffix("/start") } })
        old.stop()
        let second = FakeContainer()
        let new = FakeEngine(at: bench.socket) { second.answer($0) }
        defer { new.stop() }
        #expect(second.started.wait())
        second.output("ran\n")
        second.end(5)
        let result = command.wait()
        #expect(result.status.code == 5)
        #expect(result.output == "ran\n")
        never.open()
        first.end(0)
    }
}
