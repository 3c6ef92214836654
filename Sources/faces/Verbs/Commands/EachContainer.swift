import APIClient
import Flags
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
            } catch let failure as ExitFailure {
                Output.error.line(failure.message)
                code = 1
            } catch let failure as ClientError {
                Output.error.line(failure.text)
                code = 1
                if failure.engineIsGone { return code }
            } catch {
                Output.error.line("\(error)")
                code = 1
            }
        }
        return code
    }
}
