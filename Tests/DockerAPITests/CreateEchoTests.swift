import DockerAPI
import Foundation
import JSONFormat
import Model
import Testing

/// What create was given, inspect gives back as a real dockerd 28.5 did (recorded in Fixtures): tools that compare the two make
/// a container anew that seems changed.
@Suite struct CreateEchoTests {
    /// A member of the create body, and what dockerd's inspect showed for it.
    struct Row {
        var member: String
        var given: JSON
        /// The body, with the member in it.
        var body: JSON
        /// `nil` where dockerd shows no such member.
        var shown: JSON?
    }

    /// What is shown on purpose otherwise than by the recorded dockerd, and why.
    private static let different: [(member: String, given: JSON, shown: JSON, why: String)] = [
        (
            "HostConfig.CgroupnsMode", "", "private",
            "a container has a control group namespace of its own on every host"
        ),
        ("HostConfig.Runtime", "", "native", "the default runtime is another"),
        ("HostConfig.Runtime", nil, "native", "the default runtime is another"),
    ]

    private static func rows() throws -> [Row] {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/create-echo", withExtension: "json"))
        return try JSON(parsing: try Data(contentsOf: url)).elements.map { row in
            let member = try #require(row["member"]?.string)
            var body: JSON = ["Image": "base:1", "Cmd": ["true"], "HostConfig": ["NetworkMode": "none"]]
            if let with = row["with"] { body = merged(body, with) }
            let path = member.split(separator: ".").map(String.init)
            let given = try #require(row["given"])
            body = merged(body, path.reversed().reduce(given) { .object([.init($1, $0)]) })
            return Row(member: member, given: given, body: body, shown: row["shown"])
        }
    }

    private static func merged(_ base: JSON, _ change: JSON) -> JSON {
        guard case .object(var object) = base, case .object(let changes) = change, !changes.isEmpty else {
            return change
        }
        for member in changes {
            if let index = object.firstIndex(where: { $0.name == member.name }) {
                object[index].value = merged(object[index].value, member.value)
            } else {
                object.append(member.name, member.value)
            }
        }
        return .object(object)
    }

    private static func inspected(_ body: JSON, version: APIVersion = .current) throws -> JSON {
        let spec = try ContainerCreateRequest(body).parse(on: .init(processors: 2), version: version)
        let id = try #require(ContainerID(String(repeating: "a", count: 64)))
        let snapshot = ContainerSnapshot(
            id: id, name: try #require(ContainerName("echo")), created: WallTime(nanoseconds: 0), spec: Shared(spec),
            state: StateSnapshot(status: .created))
        var defaults = ContainerAnswer.Defaults()
        defaults.unifiedCgroups = false
        return ContainerAnswer(snapshot, defaults: defaults, version: version).inspect
    }

    private static func value(_ member: String, of inspected: JSON) -> JSON? {
        let path = member.split(separator: ".").map(String.init)
        let root = path.count == 1 ? inspected["Config"] : inspected
        return path.reduce(root) { $0?[$1] }
    }

    @Test("inspect gives back every member of the create body as dockerd does")
    func givesBackTheCreateBody() throws {
        let rows = try Self.rows()
        #expect(rows.count >= 300)
        for row in rows {
            let shown = try Self.value(row.member, of: Self.inspected(row.body))
            let different = Self.different.first { $0.member == row.member && $0.given == row.given }
            #expect(
                shown.map(Self.sorted) == (different?.shown ?? row.shown).map(Self.sorted),
                "\(row.member) of \(String(decoding: row.body.encoded(), as: UTF8.self))")
        }
    }

    @Test("a version of the API shows its own members")
    func showsTheVersionsMembers() throws {
        let body: JSON = ["Image": "base:1", "HostConfig": ["KernelMemory": 67_108_864]]
        let old = try #require(APIVersion("1.41"))
        #expect(try Self.inspected(body, version: old)["HostConfig"]?["KernelMemory"] == 67_108_864)
        #expect(try Self.inspected(["Image": "b"], version: old)["HostConfig"]?["KernelMemory"] == 0)
        let new = try #require(APIVersion("1.42"))
        #expect(try Self.inspected(body, version: new)["HostConfig"]?["KernelMemory"] == nil)
        let oldest = try #require(APIVersion("1.39"))
        #expect(try Self.inspected(["Image": "b"], version: oldest)["HostConfig"]?["IpcMode"] == "shareable")
    }

    @Test("inspect names the AppArmor profile asked for, and no network where it is disabled")
    func showsProfileAndNoNetwork() throws {
        let body: JSON = ["Image": "b", "HostConfig": ["NetworkMode": "none", "SecurityOpt": ["apparmor=unconfined"]]]
        #expect(try Self.inspected(body)["AppArmorProfile"] == "unconfined")
        let disabled = try Self.inspected([
            "Image": "b", "NetworkDisabled": true, "HostConfig": ["NetworkMode": "none"],
        ])
        #expect(disabled["NetworkSettings"]?["Networks"] == [:])
    }

    @Test("words that follow from the specification are not kept twice")
    func keepsNoWordsTwice() throws {
        let body = try JSON(
            parsing: #"""
                {"Image":"b","StopSignal":"SIGTERM","HostConfig":{"Binds":["/srv:/t:ro"],"CapAdd":["CAP_CHOWN"],"Dns":[],
                 "DnsOptions":[],"DnsSearch":[],"PortBindings":{},"Devices":[],"Ulimits":[],"BlkioWeightDevice":[],
                 "BlkioDeviceReadBps":[],"BlkioDeviceWriteBps":[],"BlkioDeviceReadIOps":[],"BlkioDeviceWriteIOps":[]}}
                """#.utf8)
        let spec = try ContainerCreateRequest(body).parse(on: .init(processors: 2))
        #expect(spec.words == "" && spec.stopSignalText == "")
    }

    /// Members in the order of their names, as fixtures do not keep Docker's order within maps.
    private static func sorted(_ json: JSON) -> JSON {
        switch json {
        case .object(let object):
            .object(JSONObject(object.sorted { $0.name < $1.name }.map { ($0.name, sorted($0.value)) }))
        case .array(let elements): .array(elements.map(sorted))
        default: json
        }
    }
}
