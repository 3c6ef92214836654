/// The release of this tree.
public enum Release {
    /// Version of every program in it, as in the heading of CHANGELOG.md. It is a literal, because the keeper has no heap to
    /// build a text in.
    public static let version: StaticString = "0.1.0"
}
