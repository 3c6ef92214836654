import Glibc
import Linux
import Model

/// /etc/hosts, /etc/hostname and /etc/resolv.conf of a container: made on the host and bound over those of the image.
struct ContainerFiles: Hashable {
    let hostname: String
    let hosts: String
    let resolvConf: String

    init(_ spec: ContainerSpec, hostname name: String, host: HostFacts) {
        hostname = name + "\n"
        var lines = [
            "127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback", "fe00::0\tip6-localnet",
            "ff00::0\tip6-mcastprefix", "ff02::1\tip6-allnodes", "ff02::2\tip6-allrouters",
        ]
        if spec.network.mode == "host" {
            lines = host.hosts.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            while lines.last == "" { lines.removeLast() }
        }
        for entry in spec.network.extraHosts {
            guard let colon = entry.firstIndex(where: { $0 == ":" || $0 == "=" }) else { continue }
            lines.append("\(entry[entry.index(after: colon)...])\t\(entry[..<colon])")
        }
        hosts = lines.joined(separator: "\n") + "\n"
        resolvConf = Self.resolvConf(spec.network, host.resolvConf)
    }

    private static func resolvConf(_ network: NetworkSpec, _ host: String) -> String {
        if network.dns.isEmpty && network.dnsSearch.isEmpty && network.dnsOptions.isEmpty { return host }
        let words = host.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
        func inherited(_ keyword: String) -> [[String]] {
            words.filter { $0.first == keyword }.map { Array($0.dropFirst()) }
        }
        var lines: [String] = []
        let search = network.dnsSearch.isEmpty ? inherited("search").last ?? [] : network.dnsSearch.filter { $0 != "." }
        if !search.isEmpty { lines.append("search " + search.joined(separator: " ")) }
        for server in network.dns.isEmpty ? inherited("nameserver").compactMap(\.first) : network.dns {
            lines.append("nameserver " + server)
        }
        let options = network.dnsOptions.isEmpty ? inherited("options").last ?? [] : network.dnsOptions
        if !options.isEmpty { lines.append("options " + options.joined(separator: " ")) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What a masked file reads as where the container has a /dev of its own without a null device.
    static func emptyFile(_ context: LaunchContext) -> String { context.runDirectory + "/empty" }

    /// The program that `--init` puts into the container: a copy of its own, as one that may mount could write to it.
    static func initCopy(_ context: LaunchContext) -> String { context.runDirectory + "/init" }

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

    /// Writes them into the container's run directory.
    func write(to directory: String) throws(LinuxError) {
        try HostFile.makeDirectories(directory, mode: Self.directoryMode)
        if !HostFile.exists(directory + "/empty") { try HostFile.replace(directory + "/empty", with: "", mode: 0o444) }
        for (name, text) in [("hostname", hostname), ("hosts", hosts), ("resolv.conf", resolvConf)] {
            let path = directory + "/" + name
            // A running container's users may have changed them: a restart does not undo that.
            if HostFile.exists(path) { continue }
            try HostFile.replace(path, with: text)
        }
    }

    /// Where each is bound.
    static let targets = [
        ("resolv.conf", "/etc/resolv.conf"), ("hostname", "/etc/hostname"), ("hosts", "/etc/hosts"),
    ]
}
