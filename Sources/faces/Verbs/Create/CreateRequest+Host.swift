import APIClient
import Flags
import JSONFormat
import Model
import Streaming

extension CreateRequest {
    /// The members of HostConfig; options that were not given are left out.
    func hostMembers() throws(ExitFailure) -> JSONObject {
        var members: JSONObject = []
        func add(_ name: String, _ text: String?) { if let text { members.append(.init(name, .string(text))) } }
        func add(_ name: String, _ on: Bool) { if on { members.append(.init(name, true)) } }
        func add(_ name: String, _ texts: [String]) {
            if !texts.isEmpty { members.append(.init(name, .strings(texts))) }
        }
        add("Binds", try splitVolumes().binds)
        add("ContainerIDFile", options.cidfile)
        members.append(.init("LogConfig", try logConfig()))
        members.append(.init("NetworkMode", .string(options.network.first.map(networkName) ?? "default")))
        members += try portMembers()
        members.append(.init("RestartPolicy", try RestartOption(parsing: options.restart ?? "no").json))
        members.append(.init("AutoRemove", .bool(options.rm)))
        add("VolumeDriver", options.volumeDriver)
        add("VolumesFrom", options.volumesFrom)
        if options.tty, !isDetached, let size = WindowSize.current() {
            members.append(.init("ConsoleSize", .array([size.rows, size.columns].map { .integer($0) })))
        }
        let annotations = CreateRequest.pairs(options.annotation)
        if !annotations.isEmpty { members.append(.init("Annotations", .object(annotations))) }
        add("CapAdd", options.capAdd.map(CreateRequest.capability))
        add("CapDrop", options.capDrop.map(CreateRequest.capability))
        add("CgroupnsMode", options.cgroupns)
        add("CgroupParent", options.cgroupParent)
        // Lists that Docker's client sends empty, and inspect shows so.
        members += [
            .init("Dns", .strings(options.dns)), .init("DnsOptions", .strings(options.dnsOption)),
            .init("DnsSearch", .strings(options.dnsSearch)),
        ]
        add("ExtraHosts", options.addHost.map(CreateRequest.hostEntry))
        add("GroupAdd", options.groupAdd)
        add("IpcMode", options.ipc)
        add("Links", options.link)
        add("PidMode", options.pid)
        add("Privileged", options.privileged)
        add("PublishAllPorts", options.publishAll)
        add("ReadonlyRootfs", options.readOnly)
        members += try securityMembers()
        let storage = CreateRequest.pairs(options.storageOpt)
        if !storage.isEmpty { members.append(.init("StorageOpt", .object(storage))) }
        var tmpfs = JSONObject()
        for text in options.tmpfs {
            let parts = text.split(byte: ":", maxSplits: 1, omittingEmptySubsequences: false)
            tmpfs.append(String(parts[0]), .string(parts.count == 2 ? String(parts[1]) : ""))
        }
        if !tmpfs.isEmpty { members.append(.init("Tmpfs", .object(tmpfs))) }
        add("UTSMode", options.uts)
        add("UsernsMode", options.userns)
        let sysctls = CreateRequest.pairs(options.sysctl)
        if !sysctls.isEmpty { members.append(.init("Sysctls", .object(sysctls))) }
        add("Runtime", options.runtime)
        add("Isolation", options.isolation)
        members += try resources.members()
        let mounts: [JSON] = options.mount.compactMap { text in
            guard case .mount(let mount) = MountOption.parse(text) else { return nil }
            return mount
        }
        if !mounts.isEmpty { members.append(.init("Mounts", .array(mounts))) }
        if options.`init` { members.append(.init("Init", true)) }
        return members
    }

    /// The full name of a capability, such as `CAP_NET_ADMIN`; `ALL` stays.
    private static func capability(_ text: String) -> String {
        let name = text.uppercased()
        return name == "ALL" || name.hasPrefix(bytes: "CAP_") ? name : "CAP_" + name
    }

    /// The entry `name=address` as `name:address`, the form that every engine reads.
    private static func hostEntry(_ text: String) -> String {
        let (name, address) = text.cut(at: "=")
        return address.map { "\(name):\($0)" } ?? text
    }

    private func logConfig() throws(ExitFailure) -> JSON {
        if options.logDriver == LogDriver.discard.rawValue, !options.logOpt.isEmpty {
            throw ExitFailure("invalid logging opts for driver none")
        }
        return [
            "Type": .string(options.logDriver ?? ""), "Config": .object(CreateRequest.pairs(options.logOpt)),
        ]
    }

    private func portMembers() throws(ExitFailure) -> JSONObject {
        var bindings: JSONObject = []
        for text in options.publish {
            for option in try PortOption.parse(text) {
                let binding: JSON = ["HostIp": .string(option.hostAddress), "HostPort": .string(option.hostPort)]
                if let index = bindings.firstIndex(where: { $0.name == option.port }) {
                    bindings[index].value = .array(bindings[index].value.elements + [binding])
                } else {
                    bindings.append(.init(option.port, .array([binding])))
                }
            }
        }
        return [.init("PortBindings", .object(bindings))]
    }

    private func securityMembers() throws(ExitFailure) -> JSONObject {
        var members: JSONObject = []
        var list: [String] = []
        for text in options.securityOpt {
            if text == "systempaths=unconfined" {
                members += [.init("MaskedPaths", []), .init("ReadonlyPaths", [])]
                continue
            }
            let separator: Unicode.Scalar = text.contains(byte: "=") ? "=" : ":"
            let parts = text.split(byte: separator, maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 || text == "no-new-privileges" else {
                throw ExitFailure("Invalid --security-opt: \(quoted(text))")
            }
            if parts.count == 2, parts[0] == "seccomp", parts[1] != "unconfined", parts[1] != "builtin" {
                list.append("seccomp=" + (try seccompProfile(String(parts[1]))))
            } else {
                list.append(text)
            }
        }
        if !list.isEmpty { members.append(.init("SecurityOpt", .strings(list))) }
        return members
    }

    private func seccompProfile(_ path: String) throws(ExitFailure) -> String {
        do {
            return try JSON(parsing: try LineFile.bytes(of: path)).text
        } catch let failure as ExitFailure {
            throw ExitFailure("opening seccomp profile (\(path)) failed: \(failure.message)")
        } catch {
            throw ExitFailure("compacting json for seccomp profile (\(path)) failed: not a JSON document")
        }
    }

    /// The network of `--network NAME` or `--network name=NAME,alias=A,...`.
    func networkName(_ text: String) -> String {
        guard text.contains(byte: "=") else { return text }
        let fields = text.split(byte: ",")
        return fields.lazy.compactMap { $0.dropping(prefix: "name=") }.first.map(String.init) ?? text
    }

    /// The settings of this container in each network.
    func networking() throws(ExitFailure) -> JSON {
        var endpoints: JSONObject = []
        for (index, text) in options.network.enumerated() {
            var aliases = index == 0 ? options.networkAlias : []
            var address = index == 0 ? options.ip : nil
            var address6 = index == 0 ? options.ip6 : nil
            var mac = index == 0 ? options.macAddress : nil
            if text.contains(byte: "=") {
                for field in text.split(byte: ",") {
                    let member = MountOption.pair(String(field))
                    switch member.name {
                    case "alias": aliases.append(member.value.string ?? "")
                    case "ip": address = member.value.string
                    case "ip6": address6 = member.value.string
                    case "mac-address": mac = member.value.string
                    case "name", "driver-opt", "link-local-ip", "gw-priority": continue
                    default: throw ExitFailure("invalid field key \(member.name)")
                    }
                }
            }
            var members: JSONObject = []
            if !aliases.isEmpty { members.append(.init("Aliases", .strings(aliases))) }
            let links = index == 0 ? options.linkLocalIp : []
            if address != nil || address6 != nil || !links.isEmpty {
                members.append(
                    .init(
                        "IPAMConfig",
                        [
                            "IPv4Address": .string(address ?? ""), "IPv6Address": .string(address6 ?? ""),
                            "LinkLocalIPs": .strings(links),
                        ]))
            }
            if let mac { members.append(.init("MacAddress", .string(mac))) }
            let name = networkName(text)
            if !members.isEmpty || options.network.count > 1 { endpoints.append(.init(name, .object(members))) }
        }
        return ["EndpointsConfig": .object(endpoints)]
    }
}
