extension RestartPolicy: Codable {
    private enum CodingKeys: String, CodingKey { case name, count }

    /// Reads the name and the count; a policy that Docker would refuse is an error.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            name: try values.decode(String.self, forKey: .name),
            maximumRetryCount: try values.decodeIfPresent(Int.self, forKey: .count) ?? 0)
    }

    /// Writes the form that `init(from:)` reads.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(name, forKey: .name)
        try values.encode(maximumRetryCount, forKey: .count)
    }
}
