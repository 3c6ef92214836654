import APIClient
import ArgumentParser
import Flags
import Streaming

/// `sereno network rm`: removes networks.
struct NetworkRemove: Verb {
    static let configuration = CommandConfiguration(
        verb: "rm", abstract: "Remove one or more networks", aliases: ["remove"])
    static let flags = FlagTable(switches: "f/force")
    static let arguments = "NETWORK [NETWORK...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Flag(name: .shortAndLong, help: "Do not error if the network does not exist.")
    var force = false

    @Argument(help: .hidden)
    var networks: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let code = session.forEach(networks, echo: false) { name in
            do throws(ClientError) {
                try session.client.perform(Request(.delete, "/networks/\(Request.segment(name))"))
                Output.standard.line(name)
            } catch {
                guard force, error.status == 404 else { throw error }
            }
        }
        // Docker's client ends so too.
        if code != 0 { throw ExitFailure("exit status \(code)", code: code) }
        return 0
    }
}
