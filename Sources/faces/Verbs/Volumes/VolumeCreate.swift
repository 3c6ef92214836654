import APIClient
import ArgumentParser
import Flags
import JSONFormat
import Streaming

/// `sereno volume create`: creates a volume and prints its name.
struct VolumeCreate: Verb {
    static let configuration = CommandConfiguration(verb: "create", abstract: "Create a volume")
    static let flags = FlagTable(
        values: "d/driver label name o/opt", kinds: ["label": .label], absent: Absence.clusterVolume)
    static let arguments = "[VOLUME]"
    static let argumentCount = ArgumentCount.atMost(1)

    @Option(name: .shortAndLong, help: "Specify volume driver name.") var driver = "local"
    @Option(help: "Set metadata for a volume.") var label: [String] = []
    @Option(help: .hidden) var name: String?
    @Option(name: .shortAndLong, help: "Set driver specific options.") var opt: [String] = []

    @Argument(help: .hidden)
    var volume: String?

    func perform(in session: Session) throws -> Int32 {
        if volume != nil, name != nil {
            throw ExitFailure(
                "conflicting options: cannot specify a volume-name through both --name and as a positional arg")
        }
        let body: JSON = [
            "Name": .string(volume ?? name ?? ""), "Driver": .string(driver),
            "DriverOpts": .object(CreateRequest.pairs(opt)), "Labels": .object(CreateRequest.pairs(label)),
        ]
        let answer = try session.client.json(Request(.post, "/volumes/create", body: .json(body)))
        Output.standard.line(answer["Name"]?.string ?? "")
        return 0
    }
}
