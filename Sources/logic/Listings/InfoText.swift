internal import GoTemplate
public import JSONFormat

/// The answer to `GET /info`, as `info` shows it.
public struct InfoText {
    private let info: JSON
    /// The lines below `Server:`, each with its newline.
    public private(set) var text = ""

    /// Lays the answer out.
    public init(_ info: JSON) {
        self.info = info
        counts()
        drivers()
        swarmAndRuntimes()
        security()
        machine()
        daemon()
        registries()
    }

    private mutating func line(_ label: String, _ value: String) { text += "\(label) \(value)\n" }

    private func shown(_ key: String) -> String {
        switch info[key] {
        case .string(let text)?: text
        case .number(let text)?: text
        case .bool(let value)?: value ? "true" : "false"
        case .null?, .array?, .object?, nil: ""
        }
    }

    private func flag(_ key: String) -> String { info[key]?.bool == true ? "true" : "false" }

    private mutating func optional(_ label: String, _ key: String) {
        let value = shown(key)
        if !value.isEmpty { line(label, value) }
    }

    private mutating func counts() {
        line(" Containers:", shown("Containers"))
        line("  Running:", shown("ContainersRunning"))
        line("  Paused:", shown("ContainersPaused"))
        line("  Stopped:", shown("ContainersStopped"))
        line(" Images:", shown("Images"))
        optional(" Server Version:", "ServerVersion")
    }

    private mutating func drivers() {
        optional(" Storage Driver:", "Driver")
        for pair in info["DriverStatus"]?.elements ?? [] {
            let words = pair.elements.map { $0.string ?? "" }
            if words.count == 2 { text += "  \(words[0]): \(words[1])\n" }
        }
        optional(" Logging Driver:", "LoggingDriver")
        optional(" Cgroup Driver:", "CgroupDriver")
        optional(" Cgroup Version:", "CgroupVersion")
        text += " Plugins:\n"
        for kind in ["Volume", "Network", "Authorization", "Log"] {
            let names = (info["Plugins"]?[kind]?.elements ?? []).compactMap(\.string)
            if kind == "Authorization", names.isEmpty { continue }
            line("  \(kind):", names.joined(separator: " "))
        }
        let directories = (info["CDISpecDirs"]?.elements ?? []).compactMap(\.string)
        if !directories.isEmpty { text += " CDI spec directories:\n" + directories.map { "  \($0)\n" }.joined() }
    }

    private mutating func swarmAndRuntimes() {
        line(" Swarm:", info["Swarm"]?["LocalNodeState"]?.string ?? "inactive")
        let runtimes = (info["Runtimes"]?.members ?? []).map(\.name)
        if !runtimes.isEmpty {
            line(" Runtimes:", runtimes.joined(separator: " "))
            line(" Default Runtime:", shown("DefaultRuntime"))
        }
    }

    private mutating func security() {
        guard shown("OSType") == "linux" else { return }
        line(" Init Binary:", shown("InitBinary"))
        for (label, key) in [("containerd", "ContainerdCommit"), ("runc", "RuncCommit"), ("init", "InitCommit")] {
            line(" \(label) version:", info[key]?["ID"]?.string ?? "")
        }
        let options = (info["SecurityOptions"]?.elements ?? []).compactMap(\.string)
        guard !options.isEmpty else { return }
        text += " Security Options:\n"
        for option in options {
            for part in GoText.split(option, ",") {
                let words = GoText.split(part, "=")
                if words.count == 1 { text += "  \(words[0])\n" }
                if words.count == 2, words[0] == "name" { text += "  \(words[1])\n" }
                if words.count == 2, words[0] == "profile" { text += "   Profile: \(words[1])\n" }
            }
        }
    }

    private mutating func machine() {
        optional(" Kernel Version:", "KernelVersion")
        optional(" Operating System:", "OperatingSystem")
        optional(" OSType:", "OSType")
        optional(" Architecture:", "Architecture")
        line(" CPUs:", shown("NCPU"))
        line(" Total Memory:", HumanUnits.binarySize(info["MemTotal"]?.double ?? 0))
        optional(" Name:", "Name")
        optional(" ID:", "ID")
    }

    private mutating func daemon() {
        line(" Docker Root Dir:", shown("DockerRootDir"))
        line(" Debug Mode:", flag("Debug"))
        if info["Debug"]?.bool == true {
            line("  File Descriptors:", shown("NFd"))
            line("  Goroutines:", shown("NGoroutines"))
            line("  System Time:", shown("SystemTime"))
            line("  EventsListeners:", shown("NEventsListener"))
        }
        optional(" HTTP Proxy:", "HttpProxy")
        optional(" HTTPS Proxy:", "HttpsProxy")
        optional(" No Proxy:", "NoProxy")
        let labels = (info["Labels"]?.elements ?? []).compactMap(\.string)
        if !labels.isEmpty { text += " Labels:\n" + labels.map { "  \($0)\n" }.joined() }
        line(" Experimental:", flag("ExperimentalBuild"))
    }

    private mutating func registries() {
        let configuration = info["RegistryConfig"]
        let ranges = (configuration?["InsecureRegistryCIDRs"]?.elements ?? []).compactMap(\.string)
        let indexes = configuration?["IndexConfigs"]?.members ?? []
        if !ranges.isEmpty || !indexes.isEmpty {
            text += " Insecure Registries:\n"
            for index in indexes where index.value["Secure"]?.bool != true { text += "  \(index.name)\n" }
            for range in ranges { text += "  \(range)\n" }
        }
        let mirrors = (configuration?["Mirrors"]?.elements ?? []).compactMap(\.string)
        if !mirrors.isEmpty { text += " Registry Mirrors:\n" + mirrors.map { "  \($0)\n" }.joined() }
        line(" Live Restore Enabled:", flag("LiveRestoreEnabled"))
        optional(" Product License:", "ProductLicense")
        let pools = info["DefaultAddressPools"]?.elements ?? []
        if !pools.isEmpty {
            text += " Default Address Pools:\n"
            for pool in pools {
                text += "   Base: \(pool["Base"]?.string ?? ""), Size: \(pool["Size"]?.integer ?? 0)\n"
            }
        }
    }
}
