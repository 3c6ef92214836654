import APIClient
import Flags
import JSONFormat
import Streaming

/// The lines of JSON in which the engine reports the progress of a pull, load or import.
struct ProgressStream {
    let isQuiet: Bool
    let output: Output

    /// Shows the messages until the end, one a line. An error among them is thrown with its own text.
    func show(_ response: Response) throws {
        var rest: [UInt8] = []
        while true {
            switch try response.receive() {
            case .bytes(let bytes): rest += bytes
            case .nothingYet: continue
            case .end:
                try showLine(rest[...])
                return
            }
            while let newline = rest.firstIndex(of: 0x0A) {
                try showLine(rest[..<newline])
                rest.removeFirst(newline + 1)
            }
        }
    }

    private func showLine(_ bytes: ArraySlice<UInt8>) throws {
        guard bytes.contains(where: { $0 > 0x20 }) else { return }
        let message = try JSON(answer: bytes)
        if let error = message["errorDetail"]?["message"]?.string ?? message["error"]?.string {
            throw ExitFailure(error)
        }
        if isQuiet { return }
        if let text = message["stream"]?.string {
            output.write(text)
        } else if message["progressDetail"]?["current"] == nil, let status = message["status"]?.string {
            output.line((message["id"]?.string).map { "\($0): \(status)" } ?? status)
        }
    }
}
