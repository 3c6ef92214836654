import Streaming

/// The question before a removal.
enum Confirmation {
    /// Shows a warning and reads a line; `y` in either case means yes, all else no.
    static func ask(_ warning: String) -> Bool {
        Output.standard.write(warning + " [y/N] ")
        let answer = (readLine() ?? "").filter { !$0.isWhitespace }
        return answer.lowercased() == "y"
    }
}
