import Synchronization

/// The figures of a torture, and what it broke.
final class Report: Sendable {
    /// Violations that are printed with words; the rest are counted.
    static let shownViolations = 20

    private struct State {
        var figures: [(name: String, value: String)] = []
        var violations: [String] = []
    }

    private let state = Mutex(State())

    /// A figure to publish.
    func figure(_ name: String, _ value: String) { state.withLock { $0.figures.append((name, value)) } }

    /// A number to publish.
    func figure(_ name: String, _ value: Int) { figure(name, "\(value)") }

    /// A number that has to be zero, with what each one is.
    func none(_ name: String, _ cases: [String]) {
        figure(name, cases.count)
        for one in cases { violated("\(name): \(one)") }
    }

    /// A promise that has to hold.
    func require(_ holds: Bool, _ what: @autoclosure () -> String) { if !holds { violated(what()) } }

    /// A promise was broken.
    func violated(_ what: String) { state.withLock { $0.violations.append(what) } }

    /// Whether all promises held.
    var isClean: Bool { state.withLock { $0.violations.isEmpty } }

    /// Everything, for a terminal.
    var text: String {
        state.withLock { state in
            let width = (state.figures.map(\.name.count).max() ?? 0) + 2
            var lines = state.figures.map { name, value in
                "  " + name + String(repeating: " ", count: width - name.count) + value
            }
            lines += state.violations.prefix(Self.shownViolations).map { "  VIOLATION " + $0 }
            let more = state.violations.count - Self.shownViolations
            if more > 0 { lines.append("  and \(more) more violations") }
            return lines.map { $0 + "\n" }.joined()
        }
    }
}
