import APIClient
import ArgumentParser
import Flags

/// `sereno volume rm`: removes volumes.
struct VolumeRemove: Verb {
    static let configuration = CommandConfiguration(
        verb: "rm", abstract: "Remove one or more volumes", aliases: ["remove"])
    static let flags = FlagTable(switches: "f/force")
    static let arguments = "VOLUME [VOLUME...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Flag(name: .shortAndLong, help: "Force the removal of one or more volumes.")
    var force = false

    @Argument(help: .hidden)
    var volumes: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let query = force ? [(name: "force", value: "1")] : []
        return session.forEach(volumes) { name in
            try session.client.perform(Request(.delete, "/volumes/\(Request.segment(name))", query: query))
        }
    }
}
