import APIClient
import Flags
import Model
import Streaming

extension Session {
    /// Runs `body` for each container, and prints the name of each success and the text of each error. Returns 1 when
    /// one failed, as Docker's client does.
    func forEach(_ names: [String], echo: Bool = true, _ body: (String) throws -> Void) -> Int32 {
        var code: Int32 = 0
        for name in names {
            do {
                try body(name)
                if echo { Output.standard.line(name) }
            } catch {
                Output.error.line(error.sentence)
                code = 1
                if (error as? ClientError)?.engineIsGone == true { return code }
            }
        }
        return code
    }
}
