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

extension PreparedContainer {
    /// Whether a user, and a group, are known in the container, as its files are now. Reads them.
    ///
    /// Throws the sentence that says who is not.
    public func checkUser(_ user: String) throws(IsolationError) { _ = try identity(of: user) }

    /// Who a user is in the container, as its files are now. Reads them.
    func identity(of user: String) throws(IsolationError) -> UserIdentity {
        let database = try UserDatabase.of(rootfs)
        do { return try database.identity(of: user) } catch { throw .user(error) }
    }
}
