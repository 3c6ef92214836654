internal import Model

/// The supervisor's own directories. What fails in one of them is told without its path: it means nothing to whoever asked, who
/// may be in another place altogether, and the log has it.
package struct OwnPlaces: Sendable {
    private let places: [(path: [UInt8], tell: @Sendable ([Substring]) -> String)]

    /// The places of a supervisor.
    package init(_ configuration: EngineConfiguration) {
        let all: [(path: [UInt8], tell: @Sendable ([Substring]) -> String)] = [
            (Array(configuration.dataRoot.utf8), Self.tellData), (Array(configuration.execRoot.utf8), Self.tellRun),
            (Array(configuration.programs.utf8), { $0.last.map(String.init) ?? "the programs of the supervisor" }),
        ]
        // One may be inside another.
        places = all.filter { $0.path.count > 1 }.sorted { $0.path.count > $1.path.count }
    }

    /// The text with words in place of every path below one of the directories. What is in a container's root file system keeps its
    /// path there.
    package func hidden(in text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(Self.slash) else { return text }
        var shown: [UInt8] = []
        var at = 0
        while at < bytes.count {
            guard bytes[at] == Self.slash, at == 0 || !Self.isOfPath(bytes[at - 1]),
                let place = places.first(where: { Self.begins($0.path, bytes[at...]) })
            else {
                shown.append(bytes[at])
                at += 1
                continue
            }
            let rest = bytes[(at + place.path.count)...].prefix(while: Self.isOfPath)
            shown += Array(place.tell(String(decoding: rest, as: UTF8.self).split(byte: "/")).utf8)
            at = rest.endIndex
        }
        return String(decoding: shown, as: UTF8.self)
    }

    private static let slash = UInt8(ascii: "/")

    private static func begins(_ path: [UInt8], _ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.starts(with: path) else { return false }
        let next = bytes.dropFirst(path.count).first
        return next == nil || next == slash || next.map(isOfPath) == false
    }

    /// Whether a path goes on with this byte: our own have no others than these.
    private static func isOfPath(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: ";"),
            UInt8(ascii: "("), UInt8(ascii: ")"), 0x7F:
            false
        default: true
        }
    }

    /// `containers/ID/rootfs/merged/etc/x` is `/etc/x` for who is in the container.
    private static func tellData(_ parts: [Substring]) -> String {
        switch parts.first {
        case "containers"? where parts.count > 3 && parts[2] == "rootfs":
            parts.count > 4 ? "/" + parts[4...].joined(separator: "/") : "the container's root file system"
        case "containers"? where parts.count > 1: "the container's data"
        case "images"?: "the image store"
        default: "the supervisor's data"
        }
    }

    private static func tellRun(_ parts: [Substring]) -> String {
        parts.last == "netns" ? "the container's network namespace" : "the supervisor's run directory"
    }
}

extension OwnPlaces {
    /// What a user is told of an error. What a user typed, or what was refused for its own sake, is told as it is.
    package func sentence(of error: any Error) -> String { hidden(in: error.sentence) }
}
