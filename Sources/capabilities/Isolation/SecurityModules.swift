import Linux
import Model

/// The kernel's security modules that can confine containers, and which of them do; a value, so that any host can be had in tests.
public struct SecurityModules: Hashable, Sendable {
    /// AppArmor on a host.
    public enum AppArmor: Hashable, Sendable, CaseIterable {
        /// The kernel was built without it.
        case absent
        /// The kernel has it and does not use it.
        case disabled
        /// The kernel uses it, and profiles cannot be loaded: its files are not mounted.
        case unreachable
        /// Containers are confined by it.
        case enabled
    }

    /// Whether and why not AppArmor confines containers.
    public var appArmor: AppArmor
    /// Whether the kernel uses SELinux, enforcing or not.
    public var hasSELinux: Bool

    /// Modules by value; by default a host without any.
    public init(appArmor: AppArmor = .absent, hasSELinux: Bool = false) {
        self.appArmor = appArmor
        self.hasSELinux = hasSELinux
    }

    /// Looks at the host. `prefix` is put before each path, for trees of files in tests.
    public static func detect(prefix: String = "") -> SecurityModules {
        let appArmor: AppArmor
        if let enabled = try? HostFile.read(prefix + "/sys/module/apparmor/parameters/enabled") {
            let isMounted = HostFile.isDirectory(prefix + "/sys/kernel/security/apparmor")
            appArmor = !enabled.hasPrefix(bytes: "Y") ? .disabled : isMounted ? .enabled : .unreachable
        } else {
            appArmor = .absent
        }
        return SecurityModules(appArmor: appArmor, hasSELinux: HostFile.exists(prefix + "/sys/fs/selinux/enforce"))
    }

    /// What containers miss, one line each, in the form of Docker's warnings about a host.
    public var warnings: [String] {
        var lines: [String] = []
        if let reason = appArmor.reasonAgainst {
            lines.append("WARNING: No AppArmor: containers run without a profile, as \(reason)")
        }
        if hasSELinux {
            lines.append("WARNING: No SELinux labels: the kernel uses SELinux, and containers are not labelled")
        }
        return lines
    }
}

extension SecurityModules.AppArmor {
    /// Why it confines no container; `nil` when it does.
    fileprivate var reasonAgainst: String? {
        switch self {
        case .absent: "the kernel has none"
        case .disabled: "the kernel has it disabled (boot with apparmor=1 security=apparmor)"
        case .unreachable: "/sys/kernel/security/apparmor is missing (mount securityfs at /sys/kernel/security)"
        case .enabled: nil
        }
    }
}
