/// The capabilities (capabilities(7)) that programs of the supervisor may keep, by their numbers.
public enum Capability: Int, Hashable, Sendable, CaseIterable {
    /// Give files to others.
    case chown = 0
    /// Reach files whatever their permissions.
    case dacOverride = 1
    /// Change files of others.
    case fowner = 3
    /// Keep set-user-ID bits.
    case fsetid = 4
    /// `trusted.` attributes of files, by which overlayfs is steered, and much more.
    case sysAdmin = 21
    /// Make device nodes.
    case mknod = 27
    /// Give files capabilities.
    case setfcap = 31
}
