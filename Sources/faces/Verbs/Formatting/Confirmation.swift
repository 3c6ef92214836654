import Streaming

/// Asks before something is removed.
enum Confirmation {
    /// Shows a warning and reads a line; only `y` in either case means yes.
    static func ask(_ warning: String) -> Bool {
        Output.standard.write(warning + " [y/N] ")
        let answer = (readLine() ?? "").filter { !$0.isWhitespace }
        return answer.lowercased() == "y"
    }
}
