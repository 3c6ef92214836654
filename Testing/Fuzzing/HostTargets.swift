@testable import Linux

extension FuzzTarget {
    /// Files of the host and of images: mountinfo, cgroup, passwd, group.
    static let hostFiles = FuzzTarget(
        "host-files",
        "tables of the kernel and of images are read line by line, and lines without the form are left out"
    ) { input in
        let parts = input.parts
        let table = MountTable(parsing: parts[0])
        try hold(table.entries.count <= parts[0].utf8.count { $0 == 0x0A } + 1, "more mounts than lines")
        let layout = CgroupLayout.parse(mounts: table, ownGroups: parts.count > 1 ? parts[1] : "", prefix: "/nowhere")
        for hierarchy in layout.legacy { try hold(!hierarchy.controllers.isEmpty, "a hierarchy without a controller") }
        let users = UserDatabase(passwd: parts[0], group: parts.count > 1 ? parts[1] : "")
        if let identity = try? users.identity(of: parts.count > 2 ? parts[2] : "root") {
            try hold(identity.uid <= UInt32(Int32.max), "the user \(identity.uid)")
            try hold(Set(identity.groups).count == identity.groups.count, "a group twice")
        }
    }
}
