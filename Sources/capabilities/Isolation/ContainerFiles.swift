import Linux
import Model

/// /etc/hosts, /etc/hostname and /etc/resolv.conf of a container: made on the host, with the container's own data, and bound over
/// those of the image. They are new for each run; the host's own are read for each.
struct ContainerFiles: Hashable {
    let hostname: String
    let hosts: String
    let resolvConf: String

    /// The most that is read of the host's /etc/hosts and /etc/resolv.conf, in bytes; whole lines of it.
    static let mostOfHosts = 4 << 20
    static let mostOfResolvConf = 64 << 10

    /// As a container's network and name say, from the host's files as they are now. One that is missing, or no ordinary file, is
    /// taken as empty.
    init(_ spec: ContainerSpec, hostname name: String, host: HostFacts) {
        let sharesHost = spec.network.mode == .host
        let hosts = sharesHost ? try? HostFile.readLines(host.hostsFile, atMost: Self.mostOfHosts) : nil
        let resolvConf = try? HostFile.readLines(host.resolvConfFile, atMost: Self.mostOfResolvConf)
        self.init(spec, hostname: name, hosts: hosts ?? "", resolvConf: resolvConf ?? "")
    }

    init(_ spec: ContainerSpec, hostname name: String, hosts hostsOfHost: String, resolvConf resolvConfOfHost: String) {
        hostname = name + "\n"
        var lines = [
            "127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback", "fe00::0\tip6-localnet",
            "ff00::0\tip6-mcastprefix", "ff02::1\tip6-allnodes", "ff02::2\tip6-allrouters",
        ]
        if spec.network.mode == .host {
            lines = hostsOfHost.split(byte: "\n", omittingEmptySubsequences: false).map(String.init)
            while lines.last?.isEmpty == true { lines.removeLast() }
        }
        for entry in spec.network.extraHosts {
            guard let (name, written) = entry.cut(atFirstOf: ":", "=") else { continue }
            var address = written
            if address == Self.hostGateway {
                // Only where the host's own network is the container's is there a way to it.
                guard spec.network.mode == .host else { continue }
                address = "127.0.0.1"
            }
            lines.append("\(address)\t\(name)")
        }
        hosts = lines.joined(separator: "\n") + "\n"
        resolvConf = Self.resolvConf(spec.network, resolvConfOfHost)
    }

    /// Names in /etc/hosts that are left out.
    static func shortcomings(of spec: ContainerSpec) -> [String] {
        guard spec.network.mode != .host else { return [] }
        return spec.network.extraHosts.filter {
            $0.hasSuffix(bytes: ":" + hostGateway) || $0.hasSuffix(bytes: "=" + hostGateway)
        }.map {
            "\($0): the container has no network on which it could reach the host. Left out of /etc/hosts."
        }
    }

    /// The address of the host as the container reaches it, in `--add-host NAME:host-gateway`.
    static let hostGateway = "host-gateway"

    private static func resolvConf(_ network: NetworkSpec, _ host: String) -> String {
        if network.dns.isEmpty && network.dnsSearch.isEmpty && network.dnsOptions.isEmpty { return host }
        let words = host.split(byte: "\n").map { $0.words.map(String.init) }
        func inherited(_ keyword: String) -> [[String]] {
            words.filter { $0.first == keyword }.map { Array($0.dropFirst()) }
        }
        var lines: [String] = []
        let search =
            network.dnsSearch.isEmpty
            ? inherited("search").last ?? [] : network.dnsSearch.filter { !$0.isSame(bytes: ".") }
        if !search.isEmpty { lines.append("search " + search.joined(separator: " ")) }
        for server in network.dns.isEmpty ? inherited("nameserver").compactMap(\.first) : network.dns {
            lines.append("nameserver " + server)
        }
        let options = network.dnsOptions.isEmpty ? inherited("options").last ?? [] : network.dnsOptions
        if !options.isEmpty { lines.append("options " + options.joined(separator: " ")) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What a masked file reads as where the container has a /dev of its own without a null device.
    static func emptyFile(_ context: LaunchContext) -> String { context.filesDirectory + "/empty" }

    /// The program that `--init` puts into the container: a copy of its own, as one that may mount could write to it. Not in the run
    /// directory, whose file system is small and, on many hosts, mounted noexec.
    static func initCopy(_ context: LaunchContext) -> String { context.filesDirectory + "/init" }

    /// Makes the copy unless it is there.
    static func copyInit(_ context: LaunchContext) throws(LinuxError) {
        let path = initCopy(context)
        if HostFile.exists(path) { return }
        let program = try HostFile.readBytes(context.initPath)
        try HostFile.replace(path + ".new", withBytes: program, mode: 0o555)
        try HostFile.rename(path + ".new", to: path)
    }

    /// Of the run directory: whoever is told a path below it may reach it.
    static let directoryMode: UInt32 = 0o710

    /// Puts them into the container's directory. What the last run wrote into them, or did to their owner and mode, is undone; a
    /// file that is as it should be is left, so that a restart costs three small reads.
    func write(to directory: String) throws(LinuxError) {
        try HostFile.makeDirectories(directory, mode: Self.directoryMode)
        try HostFile.keep("", at: directory + "/empty", mode: 0o444)
        for (name, text) in [("hostname", hostname), ("hosts", hosts), ("resolv.conf", resolvConf)] {
            try HostFile.keep(text, at: directory + "/" + name)
        }
    }

    /// Where each is bound.
    static let targets = [
        ("resolv.conf", "/etc/resolv.conf"), ("hostname", "/etc/hostname"), ("hosts", "/etc/hosts"),
    ]
}
