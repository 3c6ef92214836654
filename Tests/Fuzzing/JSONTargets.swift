import APIClient
import DockerAPI
import GoTemplate

extension FuzzTarget {
    /// The server's, the client's and the template's parser.
    static let json = FuzzTarget(
        "json", "what is written of a parsed value is parsed as the same value; all parsers take the same texts"
    ) { input in
        let served = try? DockerAPI.JSON(parsing: input)
        let asked = try? APIClient.JSON(parsing: input)
        if let served {
            let again = try? DockerAPI.JSON(parsing: served.encoded())
            try hold(again == served, "the server reads its own \(served.encoded().text) as something else")
        }
        if let asked {
            let again = try? APIClient.JSON(parsing: Array(asked.text.utf8))
            try hold(again == asked, "the client reads its own \(asked.text) as something else")
            do throws(JSONSyntaxError) {
                _ = try DockerAPI.JSON(parsing: Array(asked.text.utf8))
            } catch {
                // The client keeps the text of a number, whatever its size.
                try hold(
                    error.message.hasSuffix("out of range"),
                    "the server does not take what the client writes: \(asked.text)")
            }
        }
        if served != nil { try hold(asked != nil, "the server takes what the client does not: \(input.text)") }
    }
}
