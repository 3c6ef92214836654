internal import Linux
internal import Model

/// Facts about the machine, read from /proc and /etc.
struct HostDescription: Sendable {
    var hostname = ""
    var kernelVersion = ""
    var operatingSystem = "Linux"
    var osVersion = ""
    var architecture = ""
    var processors = 1
    /// Memory of the machine in bytes.
    var memory: Int64 = 0
    var machineID = ""
    var cgroupVersion = "2"

    /// Reads the facts; unreadable ones keep their defaults.
    static func read() -> HostDescription {
        var host = HostDescription()
        host.hostname = hostname
        host.kernelVersion = line("/proc/sys/kernel/osrelease")
        host.architecture = line("/proc/sys/kernel/arch")
        host.machineID = line("/etc/machine-id")
        for entry in text("/etc/os-release").split(byte: "\n") {
            let value = entry.drop { $0 != "=" }.dropFirst().filter { $0 != "\"" }
            if entry.hasPrefix("PRETTY_NAME=") { host.operatingSystem = String(value) }
            if entry.hasPrefix("VERSION_ID=") { host.osVersion = String(value) }
        }
        host.processors = max(1, text("/proc/cpuinfo").split(byte: "\n").count { $0.hasPrefix("processor") })
        host.memory = memoryTotal()
        if let layout = try? CgroupLayout.detect() { host.cgroupVersion = String(layout.dockerVersion) }
        return host
    }

    /// Memory of the machine in bytes; zero when it cannot be read.
    static func memoryTotal() -> Int64 {
        for entry in text("/proc/meminfo").split(byte: "\n") where entry.hasPrefix("MemTotal:") {
            return (Int64(entry.filter { $0.isNumber }) ?? 0) * 1024
        }
        return 0
    }

    /// The host's own name.
    static var hostname: String { line("/proc/sys/kernel/hostname") }

    static func text(_ path: String) -> String { (try? HostFile.read(path)) ?? "" }

    private static func line(_ path: String) -> String { text(path).filter { $0 != "\n" } }
}

extension StatsSample {
    /// Adds the figures outside the control groups: the machine's time, its memory, the interfaces of the container.
    mutating func complete(pid: Int, networks wanted: Bool) {
        // Ticks of 10 ms (proc_stat(5)); guest time is in user time already.
        for entry in HostDescription.text("/proc/stat").split(byte: "\n") {
            let words = entry.split(byte: " ")
            if words.first == "cpu" {
                machineCPU = words.dropFirst().prefix(8).reduce(0) { $0 + (UInt64($1) ?? 0) } * 10_000_000
            } else if words.first?.hasPrefix("cpu") == true {
                onlineCPUs += 1
            }
        }
        onlineCPUs = max(1, onlineCPUs - 1)
        let total = UInt64(HostDescription.memoryTotal())
        if memoryLimit == 0 || memoryLimit > total { memoryLimit = total }
        if wanted { networks = Self.counters(pid: pid) }
    }

    private static func counters(pid: Int) -> [String: NetworkCounters] {
        var found: [String: NetworkCounters] = [:]
        for entry in HostDescription.text("/proc/\(pid)/net/dev").split(byte: "\n").dropFirst(2) {
            let parts = entry.split(byte: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let name = parts[0].filter { $0 != " " }
            let values = parts[1].split(byte: " ").map { UInt64($0) ?? 0 }
            guard name != "lo", values.count >= 12 else { continue }
            var counters = NetworkCounters()
            counters.receivedBytes = values[0]
            counters.receivedPackets = values[1]
            counters.receivedErrors = values[2]
            counters.receivedDropped = values[3]
            counters.sentBytes = values[8]
            counters.sentPackets = values[9]
            counters.sentErrors = values[10]
            counters.sentDropped = values[11]
            found[String(name)] = counters
        }
        return found
    }
}
