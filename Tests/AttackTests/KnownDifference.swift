/// An outcome that may differ from runc's, and why.
struct KnownDifference {
    /// What a report without the probe is said to say.
    static let missing = "(not said)"

    /// The probes' names, or with a star at the end what they begin with.
    let probes: [String]
    /// What sereno's container must say; `nil` where each value is right.
    var sereno: [String]?
    /// What runc's must say.
    var runc: [String]?
    /// Why this is right.
    let reason: String

    func covers(_ probe: String, _ difference: ProbeReport.Difference) -> Bool {
        let isNamed = probes.contains {
            $0.hasSuffix("*") ? probe.hasPrefix($0.dropLast()) : probe == $0
        }
        return isNamed && sereno?.contains(difference.sereno) ?? true && runc?.contains(difference.runc) ?? true
    }

    static let all = [
        KnownDifference(
            probes: ["descriptor 0", "path /dev/stdin", "read /dev/stdin", "write /dev/stdin", "walk /dev/stdin"],
            reason:
                "runc in the foreground copies standard input through a pipe of its own; Docker, without -i, gives /dev/null"
        ),
        KnownDifference(
            probes: ["mount /sys/fs/cgroup flags"], sereno: ["ro,nosuid,nodev,noexec,relatime"],
            runc: ["rw,nosuid,nodev,noexec,relatime"],
            reason: "docs/isolation.md: the directory that holds the hierarchies of control groups is read-only"),
        KnownDifference(
            probes: ["write /sys/fs/cgroup", "makeCgroupRoot"], sereno: ["EROFS"], runc: ["ok", "EACCES"],
            reason: "the same: nothing can be made in it"),
        KnownDifference(
            probes: ["path /sys/fs/cgroup"], sereno: ["directory to directory 755 owner 0:0 device 0"],
            runc: ["directory to directory 555 owner 0:0 device 0"],
            reason: "runc gives a tmpfs the mode of what it covers; the owner may write either way"),
        KnownDifference(
            probes: ["mount /proc/*", "mount /sys/*"], sereno: ["tmpfs ro,size=0k"], runc: ["tmpfs ro"],
            reason: "what masks a directory can hold nothing, even where it becomes writable"),
        KnownDifference(
            probes: ["mount /proc/*"], sereno: ["rw,nosuid,noexec"], runc: ["rw,nosuid"],
            reason: "the node that masks a file is the engine's own, and not the one in the container's /dev"),
        KnownDifference(
            probes: ["open c tun *"], sereno: ["EPERM"], runc: ["ok"],
            reason: "runc before 1.2 allows c 10:200 by itself (opencontainers/runc#3468); Docker's list does not"),
        KnownDifference(
            probes: ["open c console *"], sereno: ["EPERM"], runc: ["ok"],
            reason: "runc allows c 5:1, the host's console, by itself"),
    ]
}
