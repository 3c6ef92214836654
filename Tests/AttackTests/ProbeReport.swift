/// What probes said: a line for each, its name, a tab and the outcome.
struct ProbeReport {
    /// What a probe said in two containers.
    struct Difference: Equatable {
        let sereno: String
        let runc: String
    }

    /// By the probe's name. One that spoke several times, as a place does that is mounted over, has its outcomes in order.
    let answers: [String: String]

    init(_ output: String) {
        var answers: [String: String] = [:]
        for line in output.split(separator: "\n") {
            guard let tab = line.firstIndex(of: "\t") else { continue }
            let outcome = String(line[line.index(after: tab)...])
            answers[String(line[..<tab]), default: ""] +=
                answers[String(line[..<tab])] == nil ? outcome : "; " + outcome
        }
        self.answers = answers
    }

    /// Every probe whose outcome is not that of the other report, and those that one of them lacks.
    func differences(from runc: ProbeReport) -> [String: Difference] {
        var found: [String: Difference] = [:]
        for probe in Set(answers.keys).union(runc.answers.keys) {
            let difference = Difference(
                sereno: answers[probe] ?? KnownDifference.missing, runc: runc.answers[probe] ?? KnownDifference.missing)
            if difference.sereno != difference.runc { found[probe] = difference }
        }
        return found
    }
}
