import Glibc
import TestSupport
import Testing

/// Numbers that overflow what is computed with them: whoever may create a container, or write an image's configuration, must
/// not be able to end the engine, neither at once nor at each of its starts.
@Suite(
    "Extreme numbers end no engine", .serialized, .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct ExtremeNumberTests {
    /// Where a number of the create body goes, and what else the field needs to be taken seriously.
    private static let fields: [[String]] =
        ["Interval", "Timeout", "StartPeriod", "StartInterval", "Retries"].map { ["Healthcheck", $0] }
        + [["StopTimeout"]]
        + [
            "Memory", "MemorySwap", "MemoryReservation", "MemorySwappiness", "KernelMemory", "NanoCpus", "CpuPeriod",
            "CpuQuota", "CpuShares", "CpuRealtimePeriod", "CpuRealtimeRuntime", "CpusetCpus", "CpusetMems",
            "BlkioWeight", "PidsLimit", "ShmSize", "OomScoreAdj", "ConsoleSize",
        ].map { ["HostConfig", $0] }
        + [
            ["HostConfig", "RestartPolicy", "MaximumRetryCount"], ["HostConfig", "Ulimits", "Soft"],
            ["HostConfig", "Ulimits", "Hard"], ["HostConfig", "Mounts", "TmpfsOptions", "SizeBytes"],
            ["HostConfig", "Mounts", "TmpfsOptions", "Mode"], ["HostConfig", "LogConfig", "Config", "max-size"],
            ["HostConfig", "LogConfig", "Config", "max-file"],
            ["HostConfig", "LogConfig", "Config", "max-buffer-size"],
            ["HostConfig", "PortBindings", "80/tcp", "HostPort"], ["HostConfig", "Tmpfs"], ["HostConfig", "Sysctls"],
            ["HostConfig", "DeviceCgroupRules"], ["User"], ["HostConfig", "GroupAdd"], ["StopSignal"],
            ["Labels", "com.docker.compose.container-number"],
        ]

    private static let numbers = [
        "-9223372036854775808", "9223372036854775807", "9223372036854775806", "9223372036000000000",
        "9223372036854775808", "-9223372036854775807", "18446744073709551615", "18446744073709551616", "-1", "0", "1",
        "2147483647", "2147483648", "4294967295", "4294967296", "9007199254740993", "4611686018427387904",
        "1e18", "1e19", "1e300", "-1e300", "1e999", "-0", "0.5", "1.5e3", "1e-400",
    ]

    @Test("Every field of create and update takes every extreme number, and the engine lives and recovers")
    func createAndUpdate() throws {
        let engine = try EngineUnderAttack()
        for start in stride(from: 0, to: Self.fields.count, by: 9) {
            for field in Self.fields[start..<min(start + 9, Self.fields.count)] {
                for number in Self.numbers { try engine.create([(field, number)]) }
            }
            try engine.startAll()
            try engine.restart(clearing: true)
        }
        for field in Self.fields where field.first == "HostConfig" { try engine.update(field, Self.numbers) }
        #expect(engine.taken > 200 && engine.refused > 200, "\(engine.taken) taken, \(engine.refused) refused")
        try engine.checkLife()
    }

    @Test("Several extreme numbers at once, drawn from a seed", arguments: [UInt64(1), 20260])
    func combinations(seed: UInt64) throws {
        let engine = try EngineUnderAttack()
        var random = SeededGenerator(seed: seed)
        for _ in 0..<4 {
            for _ in 0..<25 {
                let count = Int.random(in: 2...6, using: &random)
                let chosen = (0..<count).compactMap { _ in Self.fields.randomElement(using: &random) }
                let numbers = chosen.map { _ in
                    Bool.random(using: &random)
                        ? Self.numbers.randomElement(using: &random) ?? "0"
                        : "\(Int64(bitPattern: random.next()) >> Int64.random(in: 0...40, using: &random))"
                }
                try engine.create(Array(zip(chosen, numbers)))
            }
            try engine.startAll()
            try engine.restart(clearing: true)
        }
        try engine.checkLife()
    }

    @Test("Every number of a query, whatever it says")
    func queries() throws {
        let engine = try EngineUnderAttack()
        try expect(
            engine.supervisor.sereno("run", "-d", "--network", "none", "--name", "cc", "busybox", "sleep", "1000"))
        let numbers =
            Self.numbers + [
                "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "1677-09-21T00:12:43Z",
                "2262-04-11T23:47:16.854775807Z", "2262-04-11T23:47:16.9Z", "-9223372036.999999999",
                "9223372036.999999999", "-1.9", "99999999999999999999h", "2562047h47m17s", "-2562048h", "1e5h",
            ]
        for number in numbers {
            for query in [
                "/containers/cc/logs?stdout=1&since=", "/containers/cc/logs?stdout=1&until=",
                "/containers/cc/logs?stdout=1&tail=", "/containers/json?limit=", "/events?until=1&since=",
                "/events?since=1&until=-1&x=", "/images/json?x=", "/containers/cc/top?ps_args=",
            ] { try engine.get(query + EngineUnderAttack.encode(number)) }
            for filters in [
                ("/containers/json?all=1&filters=", "exited"), ("/containers/json?all=1&filters=", "publish"),
                ("/images/json?filters=", "until"), ("/containers/json?filters=", "before"),
            ] { try engine.get(filters.0 + EngineUnderAttack.encode("{\"\(filters.1)\":[\"\(number)\"]}")) }
            let prune = EngineUnderAttack.encode("{\"until\":[\"\(number)\"],\"label\":[\"none=such\"]}")
            for path in ["/containers/prune?filters=", "/images/prune?filters=", "/volumes/prune?filters="] {
                try engine.post(path + prune)
            }
            let size = EngineUnderAttack.encode(number)
            try engine.post("/containers/cc/resize?h=\(size)&w=\(size)")
            try engine.post("/containers/none/wait?condition=\(size)")
            try engine.post("/containers/none/stop?t=\(size)")
            try engine.post("/containers/cc/kill?signal=\(size)")
        }
        // An until that is far away is a timer.
        for far in ["9223372036", "9223372036.854775807", "4102444800"] {
            let waiting = try BackgroundCommand([
                "curl", "-s", "-N", "-m", "1", "--unix-socket",
                String(engine.supervisor.host.dropFirst("unix://".count)), "http://d/events?until=\(far)",
            ])
            #expect(!waiting.wait(timeout: 30).timedOut)
        }
        try engine.checkLife()
    }

    @Test("The time that a stop is given, for every extreme number")
    func stops() throws {
        let engine = try EngineUnderAttack()
        for (index, number) in Self.numbers.enumerated() {
            try expect(
                engine.supervisor.sereno(
                    "run", "-d", "--network", "none", "--name", "s\(index)", "busybox", "sleep", "1000"))
            _ = try? engine.post("/containers/s\(index)/stop?t=\(number)", timeout: 1)
        }
        try engine.restart(clearing: true)
        try engine.checkLife()
    }

    @Test("A health check that an image's configuration brings")
    func imageConfiguration() throws {
        let engine = try EngineUnderAttack()
        let tar = engine.supervisor.directory.child("busybox.tar")
        for (index, number) in ["9223372036s", "9223372036854775807ns", "2562047h", "1ns"].enumerated() {
            let imported = try engine.supervisor.sereno(
                "import", "--change",
                "HEALTHCHECK --interval=\(number) --start-period=\(number) --timeout=\(number) CMD true",
                "--change", "CMD sleep 1000", tar, "hostile\(index):latest")
            guard imported.succeeded else { continue }
            _ = try engine.supervisor.sereno(
                "run", "-d", "--network", "none", "--restart", "always", "hostile\(index):latest")
        }
        try engine.loadImages(Self.numbers)
        try engine.restart(clearing: false)
        try engine.restart(clearing: true)
        try engine.checkLife()
    }

    @Test("Records that say extreme numbers, with checksums that match")
    func records() throws {
        let engine = try EngineUnderAttack()
        try expect(
            engine.supervisor.sereno(
                "run", "-d", "--network", "none", "--name", "template", "--restart", "always", "--health-cmd", "true",
                "--memory", "64m", "busybox", "sleep", "1000"))
        try engine.fillRecords(like: "template", with: ["-9223372036854775808", "9223372036854775807"])
        try engine.restart(clearing: false)
        try engine.restart(clearing: true)
        try engine.checkLife()
    }
}
