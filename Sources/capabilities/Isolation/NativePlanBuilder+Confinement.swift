import LaunchPlan

extension NativePlanBuilder {
    /// What sets a process apart beside namespaces, capabilities and the filter; for the first process and every further one. It comes
    /// while the process still is the superuser, and while /proc is one that nobody inside has touched.
    ///
    /// The keyring has no name, as one with a name could be joined by every container that knows it (runc gives it `_ses.ID` and
    /// joins that for an exec); a further process has another one.
    var confinement: [Operation] {
        let profile = AppArmorProfile.name(
            for: security, privileged: container.context.spec.security.privileged, host)
        // First, as a further process requests it before it enters the container, whose /proc does not know it yet.
        return (profile.map { [.appArmorProfile($0)] } ?? []) + [.sessionKeyring(name: "")]
    }
}
