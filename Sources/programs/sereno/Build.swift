/// What this build of the command is.
enum Build {
    /// The version that `sereno version` tells.
    static let version = "0.1.0"
}
