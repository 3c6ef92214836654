internal import Linux

extension UserDatabase {
    /// The users of a container's root file system.
    static func of(_ root: String) throws(IsolationError) -> UserDatabase {
        do {
            return try UserDatabase(root: root)
        } catch {
            throw .invalid(error.message)
        }
    }
}
