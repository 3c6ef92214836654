/// Nothing is written down by the keeper, and Embedded Swift has no encoders: the words that the engine stores are only
/// words here.
public protocol Codable {}
