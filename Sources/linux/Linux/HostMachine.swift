internal import Glibc
public import Model

/// The machine that this process runs on.
public enum HostMachine {
    /// Its architecture as the kernel calls it: `x86_64`, `aarch64` (uname(2)); empty when it does not say.
    public static var architecture: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "" }
        return withUnsafeBytes(of: name.machine) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// Its platform: the programs that it runs.
    public static var platform: Platform { Platform(os: "linux", architecture: architecture) }

    /// How many of its processors run, at least one (sysconf(3)).
    public static var processors: Int { max(1, sysconf(Int32(clamping: _SC_NPROCESSORS_ONLN))) }

    /// Writes all that is not on its disks yet (sync(2)).
    public static func synchronizeDisks() { sync() }
}
