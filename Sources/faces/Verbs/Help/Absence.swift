import Flags

/// What Docker's client has and this command lacks, each with the reason that a user is given.
enum Absence {
    /// The commands by their words; a group stands for all that is below it.
    static let commands: KeyValuePairs<String, String> = [
        "build": building, "builder": building, "buildx": building, "image build": building, "commit": committing,
        "container commit": committing, "pull": pulling, "push": pushing, "image pull": pulling, "image push": pushing,
        "login": registries, "logout": registries, "search": registries, "manifest": registries,
        "trust": contentTrust, "plugin": "plugins are not built yet", "checkpoint": checkpoints,
        "context create": contexts, "context export": contexts, "context import": contexts, "context rm": contexts,
        "context update": contexts,
        "compose": "compose is a program of its own: run docker-compose with DOCKER_HOST", "config": swarm,
        "node": swarm, "secret": swarm,
        "service": swarm, "stack": swarm, "swarm": swarm, "volume update": swarm,
    ]

    /// The reason for a command; `nil` when it is not known as one of Docker's.
    static func reason(for words: [String]) -> String? {
        let path = words.joined(separator: " ")
        return commands.first { $0.key == path }?.value
    }

    /// The refusal of a context by its name.
    static func context(_ name: String) -> ExitFailure {
        ExitFailure("context \(quoted(name)): context not found: \(contexts)")
    }

    private static let windows = "a limit of Windows"
    static let swarm = "swarm mode is not built"
    static let checkpoints = "checkpoints are not built yet"
    static let contentTrust = "signatures of images are not built yet"
    static let platforms = "the engine keeps an image for one platform, its own"
    private static let building = "building images is not built yet: build elsewhere, and bring the image with load"
    private static let committing = "making images from containers is not built yet: use export and import"
    private static let registries = "registries are not built yet"
    private static let pulling = "registries are not built yet: bring the image with load or import"
    private static let pushing = "registries are not built yet: take the image out with save"
    private static let contexts = "there is one context, default: name an engine with -H or DOCKER_HOST"

    /// Flags of `create` and `run`.
    static let creation: KeyValuePairs<String, String> = [
        "cpu-count": windows, "cpu-percent": windows, "io-maxbandwidth": windows, "io-maxiops": windows,
        "gpus": "giving GPUs to containers is not built yet: name their devices with --device",
        "use-api-socket": "no socket is given to containers unasked: name it with -v",
    ]

    /// Flags of `volume create` for volumes of a swarm.
    static let clusterVolume: KeyValuePairs<String, String> = [
        "availability": swarm, "group": swarm, "limit-bytes": swarm, "required-bytes": swarm, "scope": swarm,
        "secret": swarm, "sharing": swarm, "topology-preferred": swarm, "topology-required": swarm, "type": swarm,
    ]
}
