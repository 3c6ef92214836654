import CLinux
import Glibc
import Model

extension Cgroup {
    /// The most rules a group takes once they are merged; a privileged container has none.
    public static let mostDeviceRules = 1024

    /// Sets which devices the processes may use; nothing else is allowed. Whatever the group had before is replaced: what was
    /// allowed and is not any more goes first, so that no process in it ever has more than one of the two allows.
    ///
    /// Errors: what the kernel refused; EINVAL where it took the rules and has others; E2BIG for more than `mostDeviceRules`;
    /// ENODEV on a host that has neither the v1 controller nor v2.
    public func allowDevices(_ rules: [DeviceRule]) throws(LinuxError) {
        let rules = DeviceRule.merged(rules)
        guard rules.count <= Self.mostDeviceRules else {
            throw LinuxError(call: "limit devices of", object: group, code: E2BIG)
        }
        if let directory = layout.legacy("devices")?.directory(of: group) {
            try Self.allow(rules, in: directory)
        } else if let unifiedDirectory {
            try restrictDevices(in: unifiedDirectory, rules)
        } else {
            throw LinuxError(call: "limit devices of", object: group, code: ENODEV)
        }
    }

    /// Allows all devices, as far as the groups above do.
    public func allowAllDevices() throws(LinuxError) {
        if let directory = layout.legacy("devices")?.directory(of: group) {
            if Self.words(directory + "/devices.list") == Self.everything { return }
            try Self.writeAll(to: "allow", in: directory)
        } else if let unifiedDirectory {
            let code = clinux_unrestrict_devices(unifiedDirectory)
            // A kernel or a sandbox without these programs has none that limits.
            if code == -ENOSYS || code == -EINVAL || code == -EPERM { return }
            try LinuxError.check(code, "detach device program", unifiedDirectory)
        }
    }

    private static let everything = ["a", "*:*", "rwm"]

    /// The controller of v1. A group that has the rules already is left as it is: a restart costs one read.
    private static func allow(_ rules: [DeviceRule], in directory: String) throws(LinuxError) {
        if try has(rules, in: directory) { return }
        try writeAll(to: "deny", in: directory)
        for rule in rules { try HostFile.write(rule.text, to: directory + "/devices.allow") }
        guard try has(rules, in: directory) else {
            throw LinuxError(call: "limit devices of", object: directory, code: EINVAL)
        }
    }

    private static func has(_ rules: [DeviceRule], in directory: String) throws(LinuxError) -> Bool {
        let listed = try HostFile.read(directory + "/devices.list").split(byte: "\n").map(String.init)
        return listed.count == rules.count && Set(listed) == Set(rules.map(\.text))
    }

    /// `a` is refused while there are groups below: those of an ended run are taken away, and the kernel forgets them a moment later.
    private static func writeAll(to list: String, in directory: String) throws(LinuxError) {
        var attempt = 0
        while true {
            do {
                try HostFile.write("a", to: directory + "/devices." + list)
                return
            } catch {
                guard error.code == EINVAL, attempt < 50 else { throw error }
                try removeTrees(below: directory)
                attempt += 1
                usleep(useconds_t(min(10_000, 200 * attempt)))
            }
        }
    }

    /// The program of v2, whatever else the host has.
    func restrictDevices(in directory: String, _ rules: [DeviceRule]) throws(LinuxError) {
        let parsed = rules.map { rule in
            clinux_device_rule(
                type: rule.kind == .block ? 1 : 2, access: rule.access.rawValue, major: rule.major ?? -1,
                minor: rule.minor ?? -1)
        }
        try LinuxError.check(
            clinux_restrict_devices(directory, parsed, parsed.count), "attach device program to", directory)
    }
}
