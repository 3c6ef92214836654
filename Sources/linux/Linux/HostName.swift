/// The name of this host.
public enum HostName {
    /// The name in this process's UTS namespace (/proc/sys/kernel/hostname, proc(5)); empty when /proc is not mounted. It never waits
    /// for a disk.
    public static var current: String {
        String(((try? HostFile.read("/proc/sys/kernel/hostname")) ?? "").prefix { $0 != "\n" })
    }
}
