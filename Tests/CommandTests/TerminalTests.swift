import CLinux
import Foundation
import TestSupport
import Testing

@Suite("On a terminal", .timeLimit(.minutes(2)))
struct TerminalTests {
    private func attached(
        _ words: String..., body: (OnTerminal, FakeContainer) throws -> Void
    ) throws {
        let bench = try Bench()
        let container = FakeContainer(hasTerminal: true, hasInput: true)
        let engine = FakeEngine(at: bench.socket) { container.answer($0) }
        defer { engine.stop() }
        let terminal = try OnTerminal(try bench.words(words), rows: 24, columns: 80)
        #expect(container.started.wait())
        #expect(eventually { !terminal.isOrdinary })
        try body(terminal, container)
        container.end(0)
    }

    @Test("the container's terminal has the size of this one, also after it changed")
    func size() throws {
        try attached("run", "-it", "img") { terminal, container in
            #expect(eventually { container.sizes.withLock { $0.contains("h=24&w=80") } })
            terminal.resize(rows: 50, columns: 132)
            #expect(eventually { container.sizes.withLock { $0.contains("h=50&w=132") } })
            container.output("prompt")
            #expect(terminal.shows("prompt"))
            container.end(6)
            #expect(terminal.exitCode() == 6)
            #expect(terminal.isOrdinary)
        }
    }

    @Test(
        "the detach keys leave with 0 and give the terminal back",
        arguments: [
            (["run", "-it", "img"], [UInt8(16), 17]), (["start", "-ai", "web"], [16, 17]),
            (["start", "-ai", "--detach-keys", "ctrl-a,x", "web"], [1, 0x78]),
        ])
    func detach(words: [String], keys: [UInt8]) throws {
        let bench = try Bench()
        let container = FakeContainer(hasTerminal: true, hasInput: true)
        let engine = FakeEngine(at: bench.socket) { container.answer($0) }
        defer { engine.stop() }
        let terminal = try OnTerminal(try bench.words(words), rows: 24, columns: 80)
        #expect(container.started.wait())
        #expect(eventually { !terminal.isOrdinary })
        for key in keys {
            terminal.type([key])
            usleep(20_000)
        }
        #expect(terminal.exitCode() == 0)
        #expect(terminal.isOrdinary)
        #expect(container.signals.withLock { $0.isEmpty })
        container.end(0)
    }

    @Test("run forwards signals on a terminal too")
    func forwards() throws {
        try attached("run", "-it", "img") { terminal, container in
            terminal.signal(SIGTERM)
            #expect(eventually { container.signals.withLock { $0 } == ["TERM"] })
            container.end(143)
            #expect(terminal.exitCode() == 143)
        }
    }

    @Test("start -a on a terminal is ended by a signal, the terminal given back first")
    func restores() throws {
        try attached("start", "-ai", "web") { terminal, container in
            terminal.signal(SIGTERM)
            #expect(terminal.exitCode() == 143)
            #expect(terminal.isOrdinary)
            #expect(container.signals.withLock { $0.isEmpty })
        }
    }
}
