import TestSupport
import Testing

/// A few seconds of each torture; `scripts/torture` does them in full.
@Suite("Tortured for a few seconds", .serialized)
struct TortureTests {
    static let names = [
        "engine-deaths", "process-numbers", "spawn-faults", "kernel-features", "restart-cycles", "crash-loops",
        "log-sinks", "transitions", "runtime-faults", "hostile-containers", "many-containers",
        "hostile-launch",
    ]

    @Test("a supervisor holds its promises", arguments: names)
    func quick(_ name: String) throws {
        let result = try Command.run(
            [try BuiltProgram.path("sereno-torture"), "--quick", name], timeout: 300)
        print(result.output)
        #expect(result.succeeded, "scripts/torture \(name): \(result.output)\(result.error)")
    }

    @Test("no torture is left out")
    func complete() throws {
        let list = try Command.run([try BuiltProgram.path("sereno-torture"), "--list"])
        #expect(list.output.split(separator: "\n").map { String($0.prefix { $0 != ":" }) } == Self.names)
    }
}
