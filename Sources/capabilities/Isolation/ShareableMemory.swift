import Linux
import Model

/// The /dev/shm of a container that shares its IPC (`--ipc shareable`): a tmpfs of the engine's below the run directory, bound
/// into the container and into whoever joins it, as a mount inside one container cannot be the source of a bind in another.
enum ShareableMemory {
    /// What `--shm-size` is without it, in bytes.
    static let standardSize: Int64 = 64 << 20

    /// Where it is mounted, for the containers that offer theirs; `nil` for all others. With a mount of the user's own at
    /// /dev/shm there is nothing to share, as with Docker.
    static func path(_ spec: ContainerSpec, runDirectory: String) -> String? {
        guard spec.namespaces.ipc == .shareable else { return nil }
        if spec.mounts.contains(where: { ContainerPath.cleaned($0.target) == "/dev/shm" }) { return nil }
        return runDirectory + "/shm"
    }

    /// An empty one for the next run; whoever joined the last keeps that.
    static func renew(_ context: LaunchContext) throws(LinuxError) {
        guard let path = path(context.spec, runDirectory: context.runDirectory) else { return }
        let size = context.spec.resources.shmSize
        try TmpfsMount(target: path).renew(size: size > 0 ? size : standardSize)
    }

    /// Takes down what stands.
    static func remove(_ context: LaunchContext) throws(LinuxError) {
        guard let path = path(context.spec, runDirectory: context.runDirectory) else { return }
        try TmpfsMount(target: path).remove()
    }
}

extension LaunchContext {
    /// The host's path of what becomes /dev/shm and is mounted by the engine: the container's own, or its donor's; `nil` where
    /// /dev/shm is the container's alone, the host's, or none.
    var mountedSharedMemory: String? {
        if let own = ShareableMemory.path(spec, runDirectory: runDirectory) { return own }
        guard spec.namespaces.ipc.partner != nil, let path = shared.shmPath, path != "/dev/shm" else {
            return nil
        }
        return path
    }

    /// Where a donor's /dev/shm is for those that join its IPC: `nil` when it does not share. `donor` is as it was launched.
    public static func sharedMemory(of donor: LaunchContext) -> String? {
        switch donor.spec.namespaces.ipc {
        case .host: return "/dev/shm"
        case .container: return donor.shared.shmPath
        case .shareable:
            let path = ShareableMemory.path(donor.spec, runDirectory: donor.runDirectory)
            return path.flatMap { HostFile.isDirectory($0) ? $0 : nil }
        // The daemon's default is private (Docker's since API 1.40).
        case .unset, .own, .none: return nil
        }
    }
}
