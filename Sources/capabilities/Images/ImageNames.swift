internal import Model

/// The names of images; what repositories.json holds.
struct ImageNames: Hashable, Sendable {
    /// By full reference, `docker.io/library/busybox:latest`.
    var identities: [String: ImageID] = [:]
    /// When an image was last given a name, by its digits.
    var lastTagged: [String: WallTime] = [:]

    mutating func point(_ reference: ImageReference, to id: ImageID, at time: WallTime) {
        identities[reference.description] = id
        lastTagged[id.hex] = time
    }

    /// Sorted by text.
    func references(to id: ImageID) -> [ImageReference] {
        identities.filter { $0.value == id }.keys.sorted().compactMap { try? ImageReference(parsing: $0) }
    }
}

// The stored form: its keys are written out, so that a name in the code can change without it.
extension ImageNames: Codable {
    private enum CodingKeys: String, CodingKey { case identities, lastTagged }

    /// A moment, as it is stored.
    private struct Stamp: Codable {
        let nanoseconds: Int64

        private enum CodingKeys: String, CodingKey { case nanoseconds }

        init(_ time: WallTime) { nanoseconds = time.nanoseconds }
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        identities = try values.decodeIfPresent([String: ImageID].self, forKey: .identities) ?? [:]
        lastTagged = try (values.decodeIfPresent([String: Stamp].self, forKey: .lastTagged) ?? [:])
            .mapValues { WallTime(nanoseconds: $0.nanoseconds) }
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(identities, forKey: .identities)
        try values.encode(lastTagged.mapValues(Stamp.init), forKey: .lastTagged)
    }
}
