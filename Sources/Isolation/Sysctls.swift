import Model

/// Kernel parameters of a container: only those that belong to a namespace it has of its own.
enum Sysctls {
    private static let ipcNames: Set<String> = [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
        "kernel.shmmni", "kernel.shm_rmid_forced",
    ]

    /// Files below /proc/sys with their values, by name; Docker's errors for those that may not be set.
    static func files(
        _ sysctls: [String: String], _ modes: NamespaceModes
    ) throws(IsolationError) -> [(path: String, value: String)] {
        var files: [(path: String, value: String)] = []
        for (name, value) in sysctls.sorted(by: { $0.key < $1.key }) {
            if ipcNames.contains(name) || name.hasPrefix("fs.mqueue.") {
                guard modes.ipc != .host else {
                    throw .invalid("sysctl \"\(name)\" is not allowed in the hosts ipc namespace")
                }
            } else if name.hasPrefix("net.") {
                guard modes.network != .host else {
                    throw .invalid("sysctl \"\(name)\" not allowed in host network namespace")
                }
            } else if name == "kernel.domainname" {
                guard modes.uts != .host else {
                    throw .invalid("sysctl \"\(name)\" is not allowed in the hosts uts namespace")
                }
            } else {
                throw .invalid("sysctl \"\(name)\" is not in a separate kernel namespace")
            }
            files.append(("/proc/sys/" + path(of: name), value))
        }
        return files
    }

    /// Dots become slashes and slashes dots, so that `net.ipv4.conf.eth0/1.forwarding` means interface `eth0.1`.
    private static func path(of name: String) -> String {
        String(name.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
    }
}
