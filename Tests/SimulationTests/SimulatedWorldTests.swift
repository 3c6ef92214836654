import Foundation
import TestSupport
import Testing

/// The engine in worlds made from seeds. Each runs in a process of its own, in which the order of sets and dictionaries is
/// the same every time, so that a seed that fails here fails everywhere.
@Suite("In simulated worlds")
struct SimulatedWorldTests {
    /// How many seeds that nobody has tried are tried for each commit, beside those that ever failed.
    static let fresh = 6

    /// Drawn from the commit, so that a run that failed can be had again; where there is none, by lot.
    private func firstFreshSeed() throws -> UInt64 {
        let tree = try Command.run(
            ["/usr/bin/env", "git", "-C", GeneratedPage.root, "rev-parse", "HEAD^{tree}"], timeout: 60)
        let drawn = tree.succeeded ? UInt64(tree.output.prefix(10), radix: 16) : nil
        return 1_000_000_000 + (drawn ?? UInt64.random(in: 0..<(1 << 40)))
    }

    private func simulate(_ arguments: [String]) throws -> Command {
        let program = try BuiltProgram.path("sereno-simulate")
        return try Command.run(
            ["/usr/bin/env", "SWIFT_DETERMINISTIC_HASHING=1", program] + arguments, timeout: 600)
    }

    @Test("every seed that ever failed passes")
    func corpus() throws {
        let seeds = try TestFiles.list(GeneratedPage.root + "/Tests/Corpus/sim").filter { UInt64($0) != nil }
        #expect(seeds.count >= 5)
        let result = try simulate(["--quiet"] + seeds.sorted())
        #expect(result.succeeded, "\(result.output)")
    }

    @Test("fresh seeds pass")
    func freshSeeds() throws {
        let first = try firstFreshSeed()
        let result = try simulate(["--first", "\(first)", "--count", "\(Self.fresh)"])
        print("simulated worlds:\n\(result.output)")
        #expect(result.succeeded, "scripts/sim SEED replays what failed:\n\(result.output)")
    }

    @Test("a seed goes the same way every time")
    func deterministic() throws {
        let runs = try (0..<2).map { _ in
            try simulate(["7"]).output.split(separator: "\n").filter { !$0.hasPrefix("took") }
        }
        #expect(runs[0].count > 20)
        #expect(runs[0] == runs[1])
    }

    @Test("an fsync that does nothing is found")
    func lyingDisk() throws {
        let result = try simulate(["--first", "1", "--count", "25", "--lying-sync", "1"])
        #expect(!result.succeeded)
        #expect(result.output.contains("is lost") || result.output.contains("nobody"), "\(result.output)")
    }
}
