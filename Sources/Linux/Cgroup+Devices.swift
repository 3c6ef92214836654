import CLinux
import Glibc

extension Cgroup {
    /// Sets which devices the processes may use, for a new group. `rules` are as in `devices.allow` of v1, e.g.
    /// `c 1:3 rwm`, `*` being any number; nothing else is allowed. On hosts without the v1 controller it is a program in the
    /// kernel, which can be attached once.
    public func allowDevices(_ rules: [String]) throws(LinuxError) {
        if let directory = layout.legacy("devices")?.directory(of: group) {
            try HostFile.write("a", to: directory + "/devices.deny")
            for rule in rules { try HostFile.write(rule, to: directory + "/devices.allow") }
        } else if let unifiedDirectory {
            try restrictDevices(in: unifiedDirectory, rules)
        }
    }

    /// Allows all devices.
    public func allowAllDevices() throws(LinuxError) {
        guard let directory = layout.legacy("devices")?.directory(of: group) else { return }
        try HostFile.write("a", to: directory + "/devices.allow")
    }

    /// The program of v2, whatever else the host has.
    func restrictDevices(in directory: String, _ rules: [String]) throws(LinuxError) {
        var parsed: [clinux_device_rule] = []
        for rule in rules {
            guard let one = Self.rule(rule) else {
                throw LinuxError(call: "parse device rule", object: rule, code: EINVAL)
            }
            parsed += one
        }
        try LinuxError.check(
            clinux_restrict_devices(directory, parsed, parsed.count), "attach device program", directory)
    }

    /// `a` stands for both kinds.
    private static func rule(_ text: String) -> [clinux_device_rule]? {
        let fields = text.split(separator: " ")
        guard fields.count == 3, let kind = fields.first else { return nil }
        let numbers = fields[1].split(separator: ":").map { $0 == "*" ? -1 : Int32($0) }
        guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else { return nil }
        var access: UInt32 = 0
        for letter in fields[2] {
            switch letter {
            case "m": access |= 1
            case "r": access |= 2
            case "w": access |= 4
            default: return nil
            }
        }
        let types: [UInt32]
        switch kind {
        case "b": types = [1]
        case "c": types = [2]
        case "a": types = [1, 2]
        default: return nil
        }
        return types.map { clinux_device_rule(type: $0, access: access, major: major, minor: minor) }
    }
}
