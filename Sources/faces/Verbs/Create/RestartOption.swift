import APIClient
import Flags
import JSONFormat
import Model

/// The value of `--restart NAME[:COUNT]`, parsed as Docker's client does; the engine checks the name.
struct RestartOption: Hashable {
    var name: String
    var count: Int

    /// Parses the text; an empty text is no policy.
    init(parsing text: String) throws(ExitFailure) {
        let parts = text.split(byte: ":", maxSplits: 1, omittingEmptySubsequences: false)
        name = String(parts[0])
        count = 0
        if parts.count == 2 {
            if name.isEmpty { throw ExitFailure("invalid restart policy format: no policy provided before colon") }
            if parts[1].isEmpty { return }
            guard let number = Int(parts[1]) else {
                throw ExitFailure("invalid restart policy format: maximum retry count must be an integer")
            }
            count = number
        }
    }

    /// Whether the policy makes no restarts.
    var isNone: Bool { name.isEmpty || name == "no" }

    /// The policy in the Engine API's form.
    var json: JSON { ["Name": .string(name), "MaximumRetryCount": .integer(count)] }
}
