import Linux
import TestSupport

/// A tree of plain files that looks like the cgroups of some host.
struct CgroupFixture {
    let directory: TemporaryDirectory

    enum Kind { case unified, legacy, hybrid }

    init(_ kind: Kind, controllers: String = "cpuset cpu io memory pids") throws {
        directory = try TemporaryDirectory("sereno-cgroup")
        try TestFiles.makeDirectories(directory.child("proc/self"))
        var mounts = "20 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
        var own = ""
        if kind != .legacy {
            let place = kind == .unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified"
            mounts += "30 20 0:30 / \(place) rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
            own += "0::/\n"
            try TestFiles.makeDirectories(directory.path + place)
            let available = kind == .unified ? controllers : ""
            try TestFiles.write(available + "\n", to: directory.path + place + "/cgroup.controllers")
            try TestFiles.write("", to: directory.path + place + "/cgroup.subtree_control")
        }
        if kind != .unified {
            for (number, name) in ["cpu,cpuacct", "memory", "pids", "freezer", "cpuset", "blkio"].enumerated() {
                let place = "/sys/fs/cgroup/" + name
                mounts += "\(40 + number) 20 0:\(40 + number) / \(place) rw - cgroup cgroup rw,\(name)\n"
                own += "\(number + 1):\(name):/\n"
                try TestFiles.makeDirectories(directory.path + place)
            }
            for file in ["cpuset.cpus", "cpuset.mems"] {
                try TestFiles.write("0-1\n", to: directory.child("sys/fs/cgroup/cpuset/" + file))
                try TestFiles.makeDirectories(directory.child("sys/fs/cgroup/cpuset/sereno/c1"))
                try TestFiles.write("", to: directory.child("sys/fs/cgroup/cpuset/sereno/" + file))
                try TestFiles.write("", to: directory.child("sys/fs/cgroup/cpuset/sereno/c1/" + file))
            }
        }
        try TestFiles.write(mounts, to: directory.child("proc/self/mountinfo"))
        try TestFiles.write(own, to: directory.child("proc/self/cgroup"))
    }

    /// Makes the control files that the kernel would have made in a group's directory.
    func populate(_ group: String, _ files: [String]) throws {
        let path = directory.child("sys/fs/cgroup/" + group)
        try TestFiles.makeDirectories(path)
        for file in files { try TestFiles.write("", to: path + "/" + file) }
    }

    func read(_ file: String) throws -> String { try TestFiles.read(directory.child("sys/fs/cgroup/" + file)) }

    func layout() throws -> CgroupLayout { try CgroupLayout.detect(prefix: directory.path) }
}
