import APIClient
import ArgumentParser
import Flags
import Streaming

/// `sereno inspect`: shows the engine's full descriptions of objects of any kind.
struct Inspect: Verb {
    static let configuration = CommandConfiguration(
        verb: "inspect", abstract: "Return low-level information on objects")
    static let flags = FlagTable(switches: "s/size", values: "f/format type")
    static let arguments = "NAME|ID [NAME|ID...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Option(name: .shortAndLong, help: "Format output using a custom template: 'json' or 'TEMPLATE'.")
    var format = ""

    @Flag(name: .shortAndLong, help: "Display total file sizes if the type is container.")
    var size = false

    @Option(help: "Only inspect objects of the given type.")
    var type: String?

    @Argument(help: .hidden)
    var names: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let kinds = InspectedKind.allCases.map(\.rawValue).sorted().joined(separator: "\", \"")
        if type == "" { throw ExitFailure("type is empty: must be one of \"\(kinds)\"") }
        let wanted = try type.map { word in
            guard let kind = InspectedKind(rawValue: word) else {
                throw ExitFailure("unknown type: \(quoted(word)): must be one of \"\(kinds)\"")
            }
            return kind
        }
        return try Inspection(format: format).show(names) { name in
            try find(name, wanted, in: session)
        }
    }

    private func find(_ name: String, _ wanted: InspectedKind?, in session: Session) throws -> [UInt8] {
        let kinds = wanted.map { [$0] } ?? [.container, .image, .network, .volume, .plugin]
        for kind in kinds {
            do {
                let bytes = try session.client.open(kind.request(name, size: size)).body()
                if size, kind != .container { Output.error.line("WARNING: --size ignored for \(kind.rawValue)") }
                return bytes
            } catch {
                guard wanted == nil, error.meansNotThere else { throw error }
            }
        }
        throw ExitFailure("Error: No such object: \(name)")
    }
}

/// `sereno container inspect`: shows the engine's full descriptions of containers.
struct ContainerInspect: Verb {
    static let configuration = CommandConfiguration(
        verb: "inspect", abstract: "Display detailed information on one or more containers")
    static let flags = FlagTable(switches: "s/size", values: "f/format")
    static let arguments = "CONTAINER [CONTAINER...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Option(name: .shortAndLong, help: "Format output using a custom template: 'json' or 'TEMPLATE'.")
    var format = ""

    @Flag(name: .shortAndLong, help: "Display total file sizes.")
    var size = false

    @Argument(help: .hidden)
    var containers: [String] = []

    func perform(in session: Session) throws -> Int32 {
        try Inspection(format: format).show(containers) { name in
            try session.client.open(InspectedKind.container.request(name, size: size)).body()
        }
    }
}

/// `sereno image inspect`: shows the engine's full descriptions of images.
struct ImageInspect: Verb {
    static let configuration = CommandConfiguration(
        verb: "inspect", abstract: "Display detailed information on one or more images")
    static let flags = FlagTable(values: "f/format", absent: ["platform": Absence.platforms])
    static let arguments = "IMAGE [IMAGE...]"
    static let argumentCount = ArgumentCount.atLeast(1)

    @Option(name: .shortAndLong, help: "Format output using a custom template: 'json' or 'TEMPLATE'.")
    var format = ""

    @Argument(help: .hidden)
    var images: [String] = []

    func perform(in session: Session) throws -> Int32 {
        try Inspection(format: format).show(images) { name in
            try session.client.open(InspectedKind.image.request(name, size: false)).body()
        }
    }
}

/// A kind of object that the engine can describe.
enum InspectedKind: String, CaseIterable {
    case config, container, image, network, node, plugin, secret, service, task, volume

    /// The request for an object's description.
    func request(_ name: String, size: Bool) -> Request {
        let name = Request.segment(name)
        switch self {
        case .container: return Request(.get, "/containers/\(name)/json", query: size ? [("size", "1")] : [])
        case .image: return Request(.get, "/images/\(name)/json")
        case .plugin: return Request(.get, "/plugins/\(name)/json")
        case .service: return Request(.get, "/services/\(name)", query: [("insertDefaults", "true")])
        case .config, .network, .node, .secret, .task, .volume: return Request(.get, "/\(rawValue)s/\(name)")
        }
    }
}

extension ClientError {
    /// Whether the error means that there is no object of this kind, so that the next kind is tried.
    var meansNotThere: Bool {
        switch self {
        case .refused(let status, let message):
            status == 404 || status == 501 || message.contains("not supported")
                || message.contains("invalid reference format")
        case .invalidAddress, .emptyName, .unreachable, .disconnected, .noTunnel, .system, .redirected, .upgradeRefused,
            .malformed, .tooLong:
            false
        }
    }
}
