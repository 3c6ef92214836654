import JSONFormat
internal import Model

extension HealthSnapshot {
    /// The text in brackets in the status column of `ps`.
    var statusText: String {
        switch status {
        case .starting: "health: starting"
        case .healthy, .unhealthy: status.rawValue
        }
    }

    /// `State.Health` of inspect.
    var json: JSON {
        let log = log.map { result -> JSON in
            [
                "Start": .string(result.start.rfc3339Nano), "End": .string(result.end.rfc3339Nano),
                "ExitCode": .integer(result.exitCode), "Output": .string(result.output),
            ]
        }
        return ["Status": .string(status.rawValue), "FailingStreak": .integer(failingStreak), "Log": .array(log)]
    }
}
