import Glibc

/// What is not in the shape of dockerd's answers: in which versions, and why.
struct ShapeException {
    /// `GET NAME PATH: missing` and so on. A star stands for any text.
    let fault: String
    let versions: ClosedRange<Int>
    let because: String
    /// Whether it shows on some hosts only.
    let dependsOnHost: Bool

    private init(
        _ fault: String, in versions: ClosedRange<Int> = RecordedShape.versions, _ because: String,
        dependsOnHost: Bool = false
    ) {
        (self.fault, self.versions, self.because) = (fault, versions, because)
        self.dependsOnHost = dependsOnHost
    }

    /// Whether it is what was found in version 1.`minor`.
    func allows(_ found: String, _ minor: Int) -> Bool {
        versions.contains(minor) && fnmatch(fault.replacing("[", with: "\\["), found, 0) == 0
    }

    /// All that are of this host.
    static let all = everywhere + (access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0 ? unified : [])

    private static let everywhere = [
        Self("GET /_ping .Date: missing", "a field of Go's server, of which Docker's clients make nothing"),
        Self("GET /info .Containerd: missing", in: 46...47, "there is no containerd"),
        Self("GET /info .Runtimes{}.status: missing", in: 44...47, "runtimes are not asked for their features"),
        Self("GET /info .ContainerdCommit.Expected: not known", "as dockerd 20.10, which writes an empty one too"),
        Self("GET /info .InitCommit.Expected: not known", "as dockerd 20.10, which writes an empty one too"),
        Self("GET /info .RegistryConfig.Mirrors: array", "as dockerd 20.10"),
        Self("GET /info .Warnings: null", "the recorded host warned of its forwarding", dependsOnHost: true),
        Self("GET /*.NetworkSettings.Networks{}.GwPriority: missing", "of 1.48, and written to older clients too"),
        Self("GET /networks*.EnableIPv4: missing", "of 1.48, and written to older clients too"),
        Self("GET /networks*.IPAM.Config: array", "as dockerd 20.10"),
        Self(
            "GET /containers/{id}/json*.HostConfig.KernelMemory*: not known", in: 24...41,
            "as dockerd 20.10, whose versions these are"),
        Self("GET /containers/{id}/json* .Sereno: not known", "sereno's own: who restarts it, and why it ended"),
        Self("GET /containers/{id}/json* .State.StoppedBy: not known", "sereno's own: who stopped it"),
        Self(
            "GET /images/{name}/json .ContainerConfig: not known", in: 45...47,
            "older clients of any version stop without it"),
    ]

    /// Of a host with the unified hierarchy of control groups alone: dockerd was recorded on one with controllers of version 1.
    private static let unified = [
        Self("GET /containers/{id}/stats .blkio_stats*", "of the version of control groups", dependsOnHost: true),
        Self("GET /containers/{id}/stats .*cpu_stats*", "of the version of control groups", dependsOnHost: true),
        Self("GET /containers/{id}/stats .memory_stats*", "of the version of control groups", dependsOnHost: true),
        Self("GET /containers/{id}/stats .pids_stats*", "of the version of control groups", dependsOnHost: true),
        Self(
            "GET /containers/{id}/json*.OomKillDisable: null", "of the version of control groups", dependsOnHost: true),
    ]
}
