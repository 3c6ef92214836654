public import Model

/// The parameter `platform` of a request.
public enum PlatformQuery {
    /// The platform of a parameter; `nil` for none. A text that is none is refused, in the words of dockerd.
    public static func platform(of text: String, on host: Platform) throws(RequestError) -> Platform? {
        if text.isEmpty { return nil }
        do throws(Platform.Invalid) { return try Platform(parsing: text, on: host) } catch {
            throw .invalid(error.message)
        }
    }
}
