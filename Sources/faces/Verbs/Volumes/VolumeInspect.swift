import APIClient
import ArgumentParser
import Flags

/// `sereno volume inspect`: shows the engine's full descriptions of volumes.
struct VolumeInspect: Verb {
    static let configuration = CommandConfiguration(
        verb: "inspect", abstract: "Display detailed information on one or more volumes")
    static let flags = FlagTable(values: "f/format")
    static let arguments = "VOLUME [VOLUME...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Option(name: .shortAndLong, help: "Format output using a custom template: 'json' or 'TEMPLATE'.")
    var format = ""

    @Argument(help: .hidden)
    var volumes: [String] = []

    func perform(in session: Session) throws -> Int32 {
        try Inspection(format: format).show(volumes) { name in
            try session.client.open(InspectedKind.volume.request(name, size: false)).body()
        }
    }
}
