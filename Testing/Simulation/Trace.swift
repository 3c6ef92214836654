/// One line per event, in fixed columns: when, what, which container or process, and the rest.
final class Trace {
    private let prints: Bool
    private let keeps: Int
    private(set) var lines: [String] = []
    private(set) var count = 0

    /// `prints` writes every line out; else the last `keeps` are kept.
    init(prints: Bool, keeps: Int = 200) {
        self.prints = prints
        self.keeps = keeps
    }

    func note(_ time: Int64, _ what: String, _ who: String, _ rest: @autoclosure () -> String = "") {
        count += 1
        guard prints || keeps > 0 else { return }
        let line =
            Self.column(Self.seconds(time), 15, right: true) + "  " + Self.column(what, 10) + Self.column(who, 14)
            + rest()
        if prints {
            print(line)
        } else {
            if lines.count >= 2 * keeps { lines.removeFirst(keeps) }
            lines.append(line)
        }
    }

    /// Seconds with nine places.
    static func seconds(_ time: Int64) -> String {
        let fraction = String(time % 1_000_000_000)
        return "\(time / 1_000_000_000)." + String(repeating: "0", count: 9 - fraction.utf8.count) + fraction
    }

    private static func column(_ text: String, _ width: Int, right: Bool = false) -> String {
        let pad = String(repeating: " ", count: max(0, width - text.utf8.count))
        return right ? pad + text : text + pad + (pad.isEmpty ? " " : "")
    }
}
