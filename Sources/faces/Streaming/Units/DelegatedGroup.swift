import Flags
import Linux

/// The control group of the unit that runs this process, where the init system has delegated it.
enum DelegatedGroup {
    /// Steps aside within it, so that it can hold the container's, and gives its name.
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
