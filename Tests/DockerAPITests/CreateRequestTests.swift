import DockerAPI
import JSONFormat
import Model
import Testing

/// What dockerd refuses is refused with its text; what it accepts is taken as it was meant.
@Suite struct CreateRequestTests {
    private func parse(_ text: String) throws -> ContainerSpec {
        try ContainerCreateRequest(try JSON(parsing: text.utf8)).parse(on: .init(processors: 2))
    }

    private func refusal(_ text: String) -> RequestError? {
        do {
            _ = try parse(text)
            return nil
        } catch {
            return error as? RequestError
        }
    }

    private static let refusesHostConfigTable: [(String, String)] = [
        (#""Memory":100"#, "Minimum memory limit allowed is 6MB"),
        (#""Memory":-5"#, "Minimum memory limit allowed is 6MB"),
        (
            #""Memory":10000000,"MemorySwap":5000000"#,
            "Minimum memoryswap limit should be larger than memory limit, see usage"
        ),
        (
            #""MemorySwap":50000000"#,
            "You should always set the Memory limit when using Memoryswap limit, see usage"
        ),
        (#""MemoryReservation":100"#, "Minimum memory reservation allowed is 6MB"),
        (
            #""Memory":10000000,"MemoryReservation":20000000"#,
            "Minimum memory limit can not be less than memory reservation limit, see usage"
        ),
        (#""MemorySwappiness":101"#, "Invalid value: 101, valid memory swappiness range is 0-100"),
        (#""NanoCpus":99000000000"#, "range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available"),
        (
            #""NanoCpus":1000,"CpuPeriod":5000"#,
            "Conflicting options: Nano CPUs and CPU Period cannot both be set"
        ),
        (
            #""CpuPeriod":5"#,
            "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)"
        ),
        (#""CpuQuota":5"#, "CPU cfs quota can not be less than 1ms (i.e. 1000)"),
        (#""CpusetCpus":"a""#, "Invalid value a for cpuset cpus: invalid format: a"),
        (#""CpusetCpus":"99""#, "Requested CPUs are not available - requested 99, available: 0-1"),
        (#""CpusetMems":"7""#, "Requested memory nodes are not available - requested 7, available: 0"),
        (#""NetworkMode":"backend""#, "network backend not found"),
        (#""ShmSize":-1"#, "SHM size can not be less than 0"),
        (#""OomScoreAdj":2000"#, "Invalid value 2000, range for oom score adj is [-1000, 1000]"),
        (#""CapAdd":["FOO"]"#, #"invalid CapAdd: unknown capability: "CAP_FOO""#),
        (#""CapDrop":["cap_foo"]"#, #"invalid CapDrop: unknown capability: "CAP_FOO""#),
        (#""NetworkMode":"container:""#, "invalid network mode: invalid container format container:<name|id>"),
        (#""CgroupnsMode":"foo""#, "invalid cgroup namespace mode: foo"),
        (
            #""AutoRemove":true,"RestartPolicy":{"Name":"always"}"#,
            "can't create 'AutoRemove' container with restart policy"
        ),
        (
            #""RestartPolicy":{"Name":"foo"}"#,
            "invalid restart policy: unknown policy 'foo'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'"
        ),
        (
            #""RestartPolicy":{"Name":"on-failure","MaximumRetryCount":-1}"#,
            "invalid restart policy: maximum retry count cannot be negative"
        ),
        (
            #""RestartPolicy":{"Name":"always","MaximumRetryCount":3}"#,
            "invalid restart policy: maximum retry count can only be used with 'on-failure'"
        ),
        (#""PortBindings":{"foo":[]}"#, #"invalid port specification: "foo""#),
        (#""PortBindings":{"80/tcp":[{"HostPort":"x"}]}"#, #"invalid port specification: "x""#),
        (#""SecurityOpt":["foo"]"#, #"invalid --security-opt 1: "foo""#),
        (#""SecurityOpt":["foo=bar"]"#, #"invalid --security-opt 2: "foo=bar""#),
        (#""ExtraHosts":["foo"]"#, #"bad format for add-host: "foo""#),
        (#""ExtraHosts":[":1.2.3.4"]"#, #"bad format for add-host: ":1.2.3.4""#),
        (#""ExtraHosts":["a:1.2.3"]"#, #"invalid IP address in add-host: "1.2.3""#),
        (#""ExtraHosts":["a:"]"#, #"invalid IP address in add-host: """#),
        (#""ExtraHosts":["a:::1","b:x"]"#, #"invalid IP address in add-host: "x""#),
        (#""Dns":["nope"]"#, #"bad nameserver address nope: ParseAddr("nope"): unable to parse IP"#),
        (#""Dns":["1.1.1.1",""]"#, #"bad nameserver address : ParseAddr(""): unable to parse IP"#),
        (#""CpuShares":-1"#, "invalid CPU shares (-1): value must be a positive integer"),
        (#""NanoCpus":-1"#, "range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available"),
        (#""Isolation":"hyperv""#, "invalid isolation (hyperv): linux only supports 'default'"),
        (#""IOMaximumIOps":5"#, "invalid option: QoS maximum IOPs configuration is not supported on linux"),
        (
            #""IOMaximumBandwidth":5"#,
            "invalid option: QoS maximum bandwidth configuration is not supported on linux"
        ),
        (
            #""Annotations":{"":"a"}"#,
            "invalid Annotations: the empty string is not permitted as an annotation key"
        ),
        (
            #""Devices":[{"PathOnHost":"/dev/null","CgroupPermissions":"rwx"}]"#, "invalid device mode: rwx"
        ),
        (
            #""SecurityOpt":["systempaths=unconfined"]"#, #"invalid --security-opt 2: "systempaths=unconfined""#
        ),
        (#""DeviceCgroupRules":["c 1:3"]"#, "invalid device cgroup rule format: 'c 1:3'"),
        (#""DeviceCgroupRules":["c 1:x rwm"]"#, "invalid device cgroup rule format: 'c 1:x rwm'"),
        (#""Ulimits":[{"Name":"foo","Soft":1,"Hard":1}]"#, "invalid ulimit type: foo"),
        (
            #""NetworkMode":"host","Links":["a:b"]"#,
            "conflicting options: host type networking can't be used with links. This would result in undefined behavior"
        ),
    ]

    @Test func refusesARelativeDirectoryAndSeveralNetworks() {
        #expect(
            refusal(#"{"Image":"b","WorkingDir":"relative"}"#)
                == .invalid("the working directory 'relative' is invalid, it needs to be an absolute path"))
        #expect(
            refusal(#"{"Image":"b","NetworkingConfig":{"EndpointsConfig":{"none":{},"host":{}}}}"#)
                == .invalid("Container cannot be connected to network endpoints: host, none"))
    }

    @Test func refusesAddressesWhereThereIsNoNetworkForThem() {
        let endpoint = { (mode: String) in
            #"{"Image":"b","HostConfig":{"NetworkMode":"\#(mode)"},"NetworkingConfig":{"EndpointsConfig":{"\#(mode)":"#
                + #"{"IPAMConfig":{"IPv4Address":"10.0.0.1"}}}}}"#
        }
        let message = "user specified IP address is supported on user defined networks only"
        #expect(refusal(endpoint("none")) == .invalid(message))
    }

    @Test(
        "says of what is not built that it is not",
        arguments: [
            #""Links":["a:b"]"#, #""BlkioDeviceReadBps":[{"Path":"/dev/vda","Rate":1048576}]"#,
            #""BlkioWeightDevice":[{"Path":"/dev/vda","Weight":200}]"#, #""CpuRealtimeRuntime":1000"#,
            #""VolumesFrom":["a"]"#,
        ])
    func saysWhatIsNotBuilt(fields: String) {
        #expect(refusal(#"{"Image":"b","HostConfig":{\#(fields)}}"#)?.status == 501)
    }

    @Test func takesTheNumberOfLogFilesWithoutTheirSize() throws {
        let spec = try parse(
            #"{"Image":"b","HostConfig":{"LogConfig":{"Type":"json-file","Config":{"max-file":"3"}}}}"#)
        #expect(spec.logging.options == ["max-file": "3"])
    }

    @Test func memoryBeyondTheSwapThatIsSetIsAConflict() throws {
        let current = try parse(#"{"Image":"b","HostConfig":{"Memory":50000000,"MemorySwap":60000000}}"#).resources
        let update = { (text: String) in
            try ContainerUpdateRequest(JSON(parsing: text.utf8)).resources(changing: current, on: .init(processors: 2))
        }
        #expect {
            try update(#"{"Memory":70000000}"#)
        } throws: {
            ($0 as? RequestError)?.status == 409
        }
        #expect(try update(#"{"Memory":70000000,"MemorySwap":80000000}"#).memory == 70_000_000)
    }

    @Test func takesEveryAddressOfANameServerAndAHost() throws {
        let spec = try parse(
            #"{"Image":"b","HostConfig":{"Dns":["1.1.1.1","::1","fe80::1%eth0"],"CpuShares":0,"#
                + #""ExtraHosts":["a:1.2.3.4","b:::1","c:host-gateway","d:fe80::1"]}}"#)
        #expect(spec.network.dns == ["1.1.1.1", "::1", "fe80::1%eth0"] && spec.network.extraHosts.count == 4)
    }

    @Test func anUpdateRefusesNegativeShares() throws {
        let update = try ContainerUpdateRequest(JSON(parsing: #"{"CpuShares":-1}"#.utf8))
        #expect(throws: RequestError.invalid("invalid CPU shares (-1): value must be a positive integer")) {
            try update.resources(changing: ResourceSpec(), on: .init(processors: 2))
        }
    }

    @Test(arguments: refusesHostConfigTable)
    func refusesHostConfig(fields: String, message: String) {
        #expect(refusal(#"{"Image":"b","HostConfig":{\#(fields)}}"#) == .invalid(message))
    }

    private static let refusesBindsTable: [(String, String)] = [
        (
            "a",
            "invalid volume specification: 'a': invalid mount config for type \"volume\": "
                + "invalid mount path: 'a' mount path must be absolute"
        ),
        (
            "/a:b",
            "invalid volume specification: '/a:b': invalid mount config for type \"bind\": "
                + "invalid mount path: 'b' mount path must be absolute"
        ),
        ("/a:/b:zz", "invalid mode: zz"),
        ("/a:/b:ro,rw", "invalid mode: ro,rw"),
        (
            "/:/",
            "invalid volume specification: '/:/': invalid mount config for type \"bind\": "
                + "invalid specification: destination can't be '/'"
        ),
        (
            "/a:/b/..",
            "invalid volume specification: '/a:/b/..': invalid mount config for type \"bind\": "
                + "invalid specification: destination can't be '/'"
        ),
        ("a:b:c:d", "invalid volume specification: 'a:b:c:d'"),
        (":/c", "invalid volume specification: ':/c'"),
        ("/a:", "invalid volume specification: '/a:'"),
        ("", "invalid volume specification: ''"),
    ]

    @Test(arguments: refusesBindsTable)
    func refusesBinds(bind: String, message: String) {
        #expect(refusal(#"{"Image":"b","HostConfig":{"Binds":["\#(bind)"]}}"#) == .invalid(message))
    }

    private static let refusesMountsTable: [(String, String)] = [
        (#"{"Type":"bind","Source":"nope","Target":"/x"}"#, "invalid mount path: 'nope' mount path must be absolute"),
        (#"{"Type":"bind","Source":"/tmp","Target":"x"}"#, "invalid mount path: 'x' mount path must be absolute"),
        (#"{"Type":"foo","Source":"/tmp","Target":"/x"}"#, "mount type unknown"),
        (#"{"Type":"bind","Target":"/x"}"#, "field Source must not be empty"),
        (#"{"Type":"bind","Source":"/tmp"}"#, "field Target must not be empty"),
        (#"{"Type":"tmpfs","Source":"/tmp","Target":"/x"}"#, "field Source must not be specified"),
        (#"{"Type":"tmpfs","Target":"/x","BindOptions":{}}"#, "field BindOptions must not be specified"),
        (#"{"Type":"tmpfs","Target":"/x","TmpfsOptions":{"Options":[["size","1m"]]}}"#, "invalid option: size"),
        (#"{"Type":"tmpfs","Target":"/x","TmpfsOptions":{"Options":[[]]}}"#, "invalid option array length"),
    ]

    @Test(arguments: refusesMountsTable)
    func refusesMounts(mount: String, words: String) {
        let type = mount.contains("tmpfs") ? "tmpfs" : mount.contains("foo") ? "foo" : "bind"
        #expect(
            refusal(#"{"Image":"b","HostConfig":{"Mounts":[\#(mount)]}}"#)
                == .invalid("invalid mount config for type \"\(type)\": \(words)"))
    }

    @Test func takesTheOptionsOfMounts() throws {
        let tmpfs = try parse(
            #"{"Image":"b","HostConfig":{"Mounts":[{"Type":"tmpfs","Target":"/x","TmpfsOptions":{"Options":[["exec"]]}}]}}"#
        )
        #expect(tmpfs.mounts.first?.options == "exec")
        func bind(_ options: String, _ version: String) throws -> MountSpec? {
            let text =
                #"{"Image":"b","HostConfig":{"Mounts":[{"Type":"bind","Source":"/s","Target":"/t","ReadOnly":true"#
                + #","BindOptions":{\#(options)}}]}}"#
            return try ContainerCreateRequest(try JSON(parsing: text.utf8))
                .parse(on: .init(processors: 2), version: #require(APIVersion(version))).mounts.first
        }
        #expect(try bind("", "1.44")?.readOnlyAlone == false)
        #expect(try bind("", "1.43")?.readOnlyAlone == true)
        #expect(try bind(#""ReadOnlyNonRecursive":true"#, "1.47")?.readOnlyAlone == true)
        #expect(try bind(#""ReadOnlyForceRecursive":true"#, "1.47")?.forcesReadOnly == true)
        #expect(throws: RequestError.self) { try bind(#""ReadOnlyForceRecursive":true"#, "1.43") }
        #expect(throws: RequestError.self) {
            try bind(#""ReadOnlyForceRecursive":true,"ReadOnlyNonRecursive":true"#, "1.47")
        }
    }

    @Test func keepsNamesThatAreSpelledOtherwiseApart() throws {
        let texts = #"{"caf\u00e9":"1","cafe\u0301":"2"}"#
        let spec = try parse(
            #"{"Image":"b","Labels":\#(texts),"HostConfig":{"Annotations":\#(texts),"Sysctls":\#(texts)}}"#)
        let expected: TextMap = ["caf\u{e9}": "1", "cafe\u{301}": "2"]
        #expect(spec.labels == expected && spec.annotations == expected && spec.security.sysctls == expected)
        let filters = try Filters(parsing: #"{"label":["cafe\u0301=2"]}"#, accepting: ["label"])
        #expect(filters.matchesLabels(spec.labels))
        #expect(!filters.matchesLabels(["caf\u{e9}": "2"]))
    }

    private static let refusesConfigTable: [(String, String)] = [
        (#""StopSignal":"FOO""#, "invalid signal: FOO"),
        (#""Env":["=a"]"#, "invalid environment variable: =a"),
        (#""Env":[""]"#, "invalid environment variable: "),
        (#""WorkingDir":"x""#, "the working directory 'x' is invalid, it needs to be an absolute path"),
        (#""Healthcheck":{"Interval":5}"#, "Interval in Healthcheck cannot be less than 1ms"),
        (#""Healthcheck":{"Retries":-5}"#, "Retries in Healthcheck cannot be negative"),
        (
            #""Cmd":5"#,
            "invalid JSON: json: cannot unmarshal number into Go struct field CreateRequest.Cmd of type []string"
        ),
        (
            #""Tty":"yes""#,
            "invalid JSON: json: cannot unmarshal string into Go struct field CreateRequest.Tty of type bool"
        ),
        (
            #""Hostname":"x","HostConfig":{"UTSMode":"host"}"#,
            "conflicting options: hostname and the UTS mode"
        ),
        (
            #""Hostname":"x","HostConfig":{"NetworkMode":"container:foo"}"#,
            "conflicting options: hostname and the network mode"
        ),
    ]

    @Test(arguments: refusesConfigTable)
    func refusesConfig(fields: String, message: String) {
        #expect(refusal(#"{"Image":"b",\#(fields)}"#) == .invalid(message))
    }

    @Test func refusesTwoMountsAtOnePlace() {
        let request = #"{"Image":"b","HostConfig":{"Tmpfs":{"/x":""},"Binds":["/tmp:/x/"]}}"#
        #expect(refusal(request) == .invalid("Duplicate mount point: /x"))
    }

    @Test func refusesAnEmptyConfig() {
        #expect(refusal("{}") == .invalid("config cannot be empty in order to create a container"))
    }

    @Test func volumesAreSaidNotToBeBuilt() {
        #expect(refusal(#"{"Image":"b","HostConfig":{"Binds":["vol:/x"]}}"#)?.status == 501)
        #expect(refusal(#"{"Image":"b","Volumes":{"/data":{}}}"#)?.status == 501)
    }

    @Test func readsWhatAClientSends() throws {
        let spec = try parse(
            #"""
            {"image":"busybox","Cmd":"true","Entrypoint":["sh","-c"],"Env":["A=1","B"],"Labels":{"a":"b","c":null},
             "StopSignal":"RTMIN+3","StopTimeout":5,"OpenStdin":true,"Unknown":[1],"ExposedPorts":{"80/tcp":{}},
             "HostConfig":{"Binds":["/a/../b:/c/:ro,rslave"],"Memory":64000000.0,"RestartPolicy":{"Name":"on-failure",
             "MaximumRetryCount":3},"CapAdd":["net_admin","ALL"],"Init":true,"PidsLimit":10,"Tmpfs":{"/t":"size=1m"},
             "Ulimits":[{"Name":"nofile","Soft":5,"Hard":10}],"ConsoleSize":[24,80],"NetworkMode":"none"}}
            """#)
        #expect(spec.image == "busybox")
        #expect(spec.process.arguments == ["sh", "-c", "true"])
        #expect(spec.process.environment == ["A=1", "B"])
        #expect(spec.labels == ["a": "b", "c": ""])
        #expect(spec.stopSignal?.number == 37 && spec.stopTimeout == 5)
        #expect(spec.restart == .onFailure(maximumRetryCount: 3))
        #expect(spec.resources.memory == 64_000_000 && spec.resources.memorySwap == 128_000_000)
        #expect(spec.security.capAdd == ["CAP_NET_ADMIN", "ALL"])
        #expect(spec.mounts.map(\.source) == [.bind(path: "/b"), .tmpfs] && spec.mounts.map(\.target) == ["/c", "/t"])
        #expect(spec.mounts.first?.readOnly == true && spec.mounts.first?.propagation == "rslave")
        #expect(spec.process.consoleHeight == 24 && spec.process.consoleWidth == 80)
        #expect(spec.initProcess == true && spec.resources.pidsLimit == 10)
    }

    @Test func anUpdateKeepsWhatItDoesNotName() throws {
        var current = ResourceSpec()
        current.memory = 64 << 20
        current.memorySwap = 128 << 20
        current.cpuShares = 512
        let update = try ContainerUpdateRequest(try JSON(parsing: #"{"CpuShares":0,"PidsLimit":5}"#.utf8))
        let changed = try update.resources(changing: current, on: .init(processors: 2))
        #expect(changed.memory == 64 << 20 && changed.cpuShares == 512 && changed.pidsLimit == 5)
        #expect(try update.restartPolicy() == nil)
    }
}
