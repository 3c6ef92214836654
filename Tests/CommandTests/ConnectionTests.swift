import TestSupport
import Testing

@Suite("The first request goes the way of the ping")
struct ConnectionTests {
    @Test(
        "over one connection where the engine keeps it, over another where it says that it ends",
        arguments: [true, false])
    func reused(endsAfterPing: Bool) throws {
        let bench = try Bench()
        let engine = FakeEngine(at: bench.socket, endsAfterPing: endsAfterPing) { $0.answer(204) }
        defer { engine.stop() }
        let result = try bench.begin("pause", "web").wait()
        #expect(result.output == "web\n", "\(result.error)")
        #expect(engine.requests == ["POST /containers/web/pause"])
        #expect(engine.connectionCount == (endsAfterPing ? 2 : 1))
    }
}
