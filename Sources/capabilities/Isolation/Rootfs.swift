import Linux
import Model

/// Work on the root file system from the host's side.
enum Rootfs {
    /// Mounts the overlay unless it is.
    static func mount(_ source: RootfsSource) throws(IsolationError) {
        switch source {
        case .overlay(let layers, _):
            guard let overlay = overlay(source) else { return }
            do {
                try overlay.mount()
            } catch {
                if error.code == Errno.tooBig {
                    throw .unsupported("the image has too many layers for this kernel: \(layers.count)")
                }
                throw .host(error)
            }
        case .directory(let path):
            guard HostFile.isDirectory(path) else {
                throw .invalid("the root file system \(path) does not exist or is no directory")
            }
        case .host:
            return
        }
    }

    /// Refuses images in which the places of the kernel's file systems are symbolic links: what is mounted there would
    /// land somewhere else than it is looked for (CVE-2019-19921).
    static func checkKernelPlaces(in rootfs: String) throws(IsolationError) {
        for place in ["/proc", "/sys", "/dev"] where HostFile.isSymbolicLink(rootfs + place) {
            throw .invalid("the image has a symbolic link at \(place)")
        }
    }

    /// Whether the overlay is mounted; directories always are.
    static func isMounted(_ source: RootfsSource) -> Bool { overlay(source)?.isMounted ?? true }

    /// Unmounts the overlay.
    static func unmount(_ source: RootfsSource) throws(LinuxError) { try overlay(source)?.unmount() }

    private static func overlay(_ source: RootfsSource) -> OverlayMount? {
        guard case .overlay(let layers, let directory) = source else { return nil }
        return OverlayMount(
            layers: layers, upper: directory + "/diff", work: directory + "/work", target: directory + "/merged")
    }

    /// Makes a missing working directory, as Docker does when it creates the container.
    static func makeWorkingDirectory(_ path: String, in rootfs: String) throws(IsolationError) {
        if path.isEmpty || path == "/" { return }
        guard path.hasPrefix(bytes: "/") else {
            throw .invalid("the working directory '\(path)' is invalid, it needs to be an absolute path")
        }
        do {
            try RootedPath(root: rootfs, path: path).makeDirectories()
        } catch {
            if error.code == Errno.notADirectory { throw .invalid("Cannot mkdir: \(path) is not a directory") }
            // A read-only directory is enough when it exists.
            if error.code != Errno.readOnlyFileSystem {
                throw .invalid("cannot make the working directory \"\(path)\": \(error.reason)")
            }
        }
    }

    /// PATH_MAX.
    private static let longestPath = 4096

    /// Makes the directories that the image wants as volumes, where the container brings nothing of its own. What is no directory is
    /// refused, in Docker's words.
    static func makeVolumes(_ spec: ContainerSpec, in rootfs: String) throws(IsolationError) {
        for path in spec.unmountedVolumes {
            guard path.utf8.count < longestPath else {
                throw .invalid(
                    "the image wants a volume at a path of \(path.utf8.count) bytes, and Linux has none so long")
            }
            do {
                try RootedPath(root: rootfs, path: path).makeDirectories()
            } catch {
                if error.code == Errno.notADirectory {
                    throw .invalid("cannot mount volume over existing file, file exists \(path)")
                }
                if error.code != Errno.readOnlyFileSystem { throw .host(error) }
            }
        }
    }

    /// Refuses to share what the host does not share, in Docker's words (moby, daemon/oci_linux.go `ensureShared`,
    /// `ensureSharedOrSlave`).
    static func checkPropagation(_ mounts: [MountSpec]) throws(IsolationError) {
        for mount in mounts {
            guard let path = mount.source.hostPath else { continue }
            let wanted = try ContainerMounts.propagation(mount.propagation)
            guard wanted & (MountFlags.shared | MountFlags.slave) != 0 else { continue }
            let (source, table) = try onHost { () throws(LinuxError) in
                (try HostFile.resolved(path), try MountTable.current())
            }
            guard let holding = table.mount(holding: source) else { continue }
            let isEnough = holding.isShared || wanted & MountFlags.slave != 0 && holding.isSlave
            guard !isEnough else { continue }
            throw .invalid(
                "path \(path) is mounted on \(holding.mountPoint) but it is not a shared "
                    + (wanted & MountFlags.slave != 0 ? "or slave mount" : "mount"))
        }
    }

    /// The first Linux with mount_setattr(2).
    private static let recursiveReadOnly = (5, 12)

    /// `-v` makes a missing directory on the host, `--mount` refuses it.
    static func checkBindSources(_ mounts: [MountSpec]) throws(IsolationError) {
        for mount in mounts {
            if mount.readOnly, mount.forcesReadOnly, SeccompCompiler.kernelVersion() < recursiveReadOnly {
                throw .invalid("failed to make \(mount.target) recursively read-only: it needs Linux 5.12")
            }
            guard let path = mount.source.hostPath, !HostFile.exists(path) else { continue }
            guard mount.createSource else {
                throw .invalid(
                    "invalid mount config for type \"bind\": bind source path does not exist: \(path)")
            }
            do { try HostFile.makeDirectories(path) } catch {
                let why =
                    HostFile.isSymbolicLink(error.object)
                    ? "\(error.object) is a symbolic link that leads nowhere" : error.message
                throw .invalid("error while creating mount source path '\(path)': \(why)")
            }
        }
    }
}
