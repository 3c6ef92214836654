import APIClient
import ArgumentParser
import Flags
import Streaming

/// `sereno rm`: removes containers.
struct Remove: Verb {
    static let configuration = CommandConfiguration(
        verb: "rm", abstract: "Remove one or more containers", aliases: ["remove"])
    static let flags = FlagTable(switches: "f/force l/link v/volumes")
    static let arguments = "CONTAINER [CONTAINER...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Flag(name: .shortAndLong, help: "Force the removal of a running container (uses SIGKILL).")
    var force = false

    @Flag(name: .shortAndLong, help: "Remove the specified link.")
    var link = false

    @Flag(name: .shortAndLong, help: "Remove anonymous volumes associated with the container.")
    var volumes = false

    @Argument(help: .hidden)
    var containers: [String] = []

    func perform(in session: Session) throws -> Int32 {
        var query: [(name: String, value: String)] = []
        if force { query.append(("force", "1")) }
        if link { query.append(("link", "1")) }
        if volumes { query.append(("v", "1")) }
        var code: Int32 = 0
        for name in containers {
            let request = Request(.delete, "/containers/\(Request.segment(name))", query: query)
            do {
                if name.utf8.allSatisfy({ $0 == UInt8(ascii: "/") }) {
                    throw ExitFailure("container name cannot be empty")
                }
                try session.client.perform(request)
                Output.standard.line(name)
            } catch let failure as ExitFailure {
                Output.error.line(failure.message)
                code = 1
            } catch let failure as ClientError {
                Output.error.line(failure.message)
                // With --force a missing container is reported, but is no failure.
                if !force || failure.status != 404 { code = 1 }
            }
        }
        return code
    }
}
