import DockerAPI
import Foundation
import JSONFormat
import Model
import Testing

/// Answers have the members that a real dockerd gave for the same kind of object (recorded in Fixtures), with the same
/// kinds of values: clients and templates tell `null`, `[]` and `{}` apart.
@Suite struct AnswerShapeTests {
    private func fixture(_ name: String) throws -> JSON {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "json"))
        return try JSON(parsing: try Data(contentsOf: url))
    }

    /// The container that the fixtures show.
    private func container() throws -> ContainerSnapshot {
        let body = try JSON(
            parsing: #"""
                {"Image":"busybox:latest","Cmd":["sleep","100"],"Env":["X=1"],"Labels":{"a":"b"},"AttachStdout":true,
                 "AttachStderr":true,"HostConfig":{"NetworkMode":"none","Binds":["/tmp:/hosttmp:ro"],"Memory":67108864,
                 "RestartPolicy":{"Name":"on-failure","MaximumRetryCount":3},"PortBindings":{},"Dns":[],"DnsOptions":[],
                 "DnsSearch":[],"Devices":[],"Ulimits":[],"BlkioWeightDevice":[],"BlkioDeviceReadBps":[],"BlkioDeviceWriteBps":[],
                 "BlkioDeviceReadIOps":[],"BlkioDeviceWriteIOps":[]}}
                """#.utf8)
        var spec = try ContainerCreateRequest(body).parse(on: .init(processors: 2))
        spec.imageID = "sha256:20bfa537d4052e4989e45fc2a177cb012ac5ce6b683a59204880d8af51510343"
        var state = StateSnapshot(status: .running)
        state.running = true
        state.pid = 9709
        state.startedAt = WallTime(nanoseconds: 1_795_486_700_552_127_424)
        let id = try #require(ContainerID("94fc18129f1d7c86442de6208958d081913ab6719b93773c1de5f5cfd53c897c"))
        var snapshot = ContainerSnapshot(
            id: id, name: try #require(ContainerName("api-fix1")),
            created: WallTime(nanoseconds: 1_795_486_699_962_679_782), spec: Shared(spec), state: state)
        snapshot.size = SizeSnapshot(writable: 0, rootfs: 2_751_707)
        snapshot.paths.lowerDirectories = ["/l"]
        snapshot.paths.upperDirectory = "/u"
        snapshot.paths.workDirectory = "/w"
        snapshot.paths.mergedDirectory = "/m"
        return snapshot
    }

    /// Where two values differ in members or in kinds of values; `later` are members that newer versions changed.
    private func differences(_ ours: JSON, _ theirs: JSON, _ path: String, except later: Set<String>) -> [String] {
        switch (ours, theirs) {
        case (.object(let our), .object(let their)):
            var found: [String] = []
            for member in their where !later.contains(path + "." + member.name) {
                guard let value = our[member.name] else {
                    found.append("\(path).\(member.name) is missing")
                    continue
                }
                found += differences(value, member.value, path + "." + member.name, except: later)
            }
            for member in our where their[member.name] == nil && !later.contains(path + "." + member.name) {
                found.append("\(path).\(member.name) is new")
            }
            return found
        case (.array(let our), .array(let their)):
            guard let first = their.first else { return our.isEmpty ? [] : ["\(path) should be []"] }
            return our.first.map { differences($0, first, path + "[]", except: later) } ?? ["\(path) is empty"]
        default:
            return ours.kind == theirs.kind ? [] : ["\(path): \(ours.kind) where Docker has \(theirs.kind)"]
        }
    }

    /// What versions after 1.41 changed, what is sereno's own, and limits whose kind depends on the host's cgroups.
    private static let later: Set<String> = [
        ".HostConfig.OomKillDisable", ".NetworkSettings.Networks.none.DNSNames", ".Sereno",
    ]

    @Test func inspectIsShapedLikeDockers() throws {
        let recorded = try #require(APIVersion("1.41"))
        let ours = ContainerAnswer(try container(), version: recorded).inspect
        #expect(differences(ours, try fixture("inspect"), "", except: Self.later) == [])
    }

    @Test func inspectSaysWhatDockerSays() throws {
        let ours = ContainerAnswer(try container()).inspect
        let theirs = try fixture("inspect")
        for name in [
            "Id", "Created", "Path", "Args", "State", "Image", "Name", "RestartCount", "Platform", "SizeRootFs",
        ] {
            #expect(ours[name] == theirs[name], "\(name)")
        }
        for name in [
            "Binds", "NetworkMode", "RestartPolicy", "Memory", "MemorySwap", "ShmSize", "IpcMode", "PortBindings",
        ] {
            #expect(ours["HostConfig"]?[name] == theirs["HostConfig"]?[name], "HostConfig.\(name)")
        }
        for name in ["Hostname", "Env", "Cmd", "Entrypoint", "Labels", "Volumes", "Image"] {
            #expect(ours["Config"]?[name] == theirs["Config"]?[name], "Config.\(name)")
        }
    }

    @Test func listElementsAreShapedLikeDockers() throws {
        var snapshot = try container()
        snapshot.size = SizeSnapshot(writable: 0, rootfs: 2_751_707)
        let now = WallTime(nanoseconds: 1_795_486_700_900_000_000)
        let ours = try JSON(parsing: ContainerAnswer.list([snapshot], now: now) { _ in snapshot.spec.imageID })
        let later: Set<String> = ["[].NetworkSettings.Networks.none.DNSNames"]
        let theirs = try fixture("list")
        #expect(differences(ours, theirs, "", except: later) == [])
        for name in ["Names", "Command", "Created", "State", "Status", "Labels", "HostConfig"] {
            #expect(ours.elements.first?[name] == theirs.elements.first?[name], "\(name)")
        }
    }

    @Test func versionAndNetworksAreShapedLikeDockers() throws {
        let version = SystemFacts().versionJSON
        #expect(differences(version, try fixture("version"), "", except: []) == [])
        let networks: JSON = .array(PredefinedNetwork.allCases.map(\.json))
        #expect(differences(networks, try fixture("networks"), "", except: []) == [])
    }

    @Test func aNetworkShowsTheContainersThatRunInIt() throws {
        let inside = try container()
        var ended = inside
        ended.state.running = false
        #expect(PredefinedNetwork.host.inspect([inside])["Containers"] == [:])
        #expect(PredefinedNetwork.none.inspect([ended])["Containers"] == [:])
        #expect(
            PredefinedNetwork.none.inspect([inside])["Containers"] == [
                inside.id.text: [
                    "Name": .string(inside.name.text), "EndpointID": "", "MacAddress": "", "IPv4Address": "",
                    "IPv6Address": "",
                ]
            ])
    }

    @Test func infoHasWhatClientsRead() throws {
        let ours = SystemFacts().infoJSON(try #require(APIVersion("1.41")))
        let gone: Set<String> = [".CDISpecDirs", ".Warnings", ".Runtimes"]
        let found = differences(ours, try fixture("info"), "", except: gone)
        #expect(found.filter { $0.hasSuffix("is missing") && !$0.contains("IndexConfigs") } == [])
    }

    /// As a real dockerd 28.5 answers, by versions.
    @Test func infoHasTheMembersOfItsVersion() throws {
        func info(_ version: String) throws -> JSON { SystemFacts().infoJSON(try #require(APIVersion(version))) }
        #expect(try info("1.41")["KernelMemory"] == false && info("1.42")["KernelMemory"] == nil)
        let cidrs = "AllowNondistributableArtifactsCIDRs"
        #expect(try info("1.46")["RegistryConfig"]?[cidrs] == .null && info("1.47")["RegistryConfig"]?[cidrs] == nil)
        #expect(try info("1.47")["Warnings"] == [])
    }

    @Test func eventsSayWhatDockersSay() throws {
        let event = EventMessage(
            type: "container", action: "create",
            actorID: "94fc18129f1d7c86442de6208958d081913ab6719b93773c1de5f5cfd53c897c",
            attributes: ["image": "busybox:latest", "name": "api-fix1", "a": "b"],
            time: WallTime(nanoseconds: 1_795_486_700_056_535_601))
        #expect(event.json == (try fixture("event")))
    }

    @Test func execAndTopAreShapedLikeDockers() throws {
        let id = try #require(ContainerID(String(repeating: "a", count: 64)))
        var spec = ExecSpec()
        spec.arguments = ["true"]
        let exec = ExecSnapshot(id: "x", containerID: id, spec: spec)
        let ours = exec.json
        #expect(differences(ours, try fixture("exec"), "", except: []) == [])
        let table = ProcessTable(titles: ["UID", "PID"], processes: [["root", "1"]])
        #expect(differences(table.json, try fixture("top"), "", except: []) == [])
    }

    @Test func statsHaveWhatClientsCountWith() throws {
        var sample = StatsSample()
        sample.machineCPU = 5
        sample.cpuPerProcessor = [3, 4]
        let ours = StatsAnswer(try container(), sample: sample, previous: sample).json
        let theirs = try fixture("stats")
        for name in ["read", "preread", "name", "id"] { #expect(ours[name]?.kind == theirs[name]?.kind) }
        for name in ["cpu_stats", "precpu_stats"] {
            #expect(ours[name]?["cpu_usage"]?["total_usage"]?.kind == "number")
            #expect(ours[name]?["cpu_usage"]?["percpu_usage"] == [3, 4])
            #expect(ours[name]?["system_cpu_usage"]?.kind == "number" && ours[name]?["online_cpus"]?.kind == "number")
        }
        #expect(ours["memory_stats"]?["limit"]?.kind == "number" && ours["pids_stats"]?["current"]?.kind == "number")
    }
}
