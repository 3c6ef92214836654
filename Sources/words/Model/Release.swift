/// What this tree is released as.
public enum Release {
    /// The version of every program in it, as CHANGELOG.md heads it. A literal, because the keeper has no heap to build a text in.
    public static let version: StaticString = "0.1.0"
}
