import Flags
import Linux

/// The control group of the unit that runs this process, if the init system has delegated it.
enum DelegatedGroup {
    /// Moves this process aside within the group, so that the group can hold the container's, and returns the group's
    /// name.
    static func enter() throws -> String {
        let layout = try CgroupLayout.detect()
        guard let group = layout.userUnitGroup ?? layout.delegatedGroup else {
            throw ExitFailure(
                "--cgroup=delegated: no control group was delegated to this process; has the unit Delegate=yes?")
        }
        try layout.stepAside(from: group)
        return group
    }
}
