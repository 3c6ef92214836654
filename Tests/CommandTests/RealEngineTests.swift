import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Flags
@testable import Verbs

@Suite("A real dockerd is understood, and asked as its own client asks it", .timeLimit(.minutes(2)))
struct RealEngineTests {
    /// One sample of dockerd 28.5 with cgroups v1: it has no name and no ID.
    private static let first = """
        {"read":"2026-12-01T05:21:01.978849791Z","pids_stats":{"current":1},"blkio_stats":{"io_service_bytes_recursive":[\
        {"major":8,"minor":0,"op":"Read","value":4096},{"major":8,"minor":0,"op":"Write","value":2000},\
        {"major":8,"minor":0,"op":"Total","value":6096}]},"num_procs":0,"storage_stats":{},"cpu_stats":{"cpu_usage":{"total_usage":\
        28990294,"percpu_usage":[27586767,1403527],"usage_in_kernelmode":0,"usage_in_usermode":20000000},"system_cpu_usage":\
        75677050000000,"online_cpus":2,"throttling_data":{"periods":0}},"precpu_stats":{"cpu_usage":{"total_usage":0}},\
        "memory_stats":{"usage":3145728,"max_usage":4788224,"stats":{"inactive_file":0,"total_inactive_file":1048576},\
        "limit":25276502016}}
        """
    /// The same with cgroups v2, as a container without a limit has it.
    private static let second = """
        {"id":"\(FakeContainer.id)","name":"/web","read":"2026-12-01T05:21:01.978849791Z","pids_stats":{"current":3,"limit":\
        18446744073709551615},"blkio_stats":{"io_service_bytes_recursive":[{"major":8,"minor":0,"op":"read","value":1000},\
        {"major":8,"minor":0,"op":"write","value":3000}],"io_serviced_recursive":null},"cpu_stats":{"cpu_usage":{"total_usage":\
        28990,"usage_in_kernelmode":0},"system_cpu_usage":75677050000000,"online_cpus":2},"precpu_stats":{"cpu_usage":\
        {"total_usage":0}},"memory_stats":{"usage":3145728,"stats":{"anon":5,"file":6,"inactive_file":2097152},"limit":6291456},\
        "networks":{"eth0":{"rx_bytes":1100,"tx_bytes":20},"eth1":{"rx_bytes":400,"tx_bytes":3}}}
        """

    @Test(
        "stats read samples of cgroups v1 and v2, with a name and without",
        arguments: [
            (first, "web c0ffee12c0ff x 0.00% 2MiB / 23.54GiB 0.01% 0B / 0B 4.1kB / 2kB 1\n", true),
            (second, "web c0ffee12c0ff x 0.00% 1MiB / 6MiB 16.67% 1.5kB / 23B 1kB / 3kB 3\n", false),
        ])
    func stats(sample: String, expected: String, isUnnamed: Bool) throws {
        let bench = try Bench()
        let engine = FakeEngine(at: bench.socket) { exchange in
            if exchange.path.hasSuffix("/stats") { return exchange.answer(200, sample) }
            exchange.answer(200, #"{"Name":"/web","Id":"\#(FakeContainer.id)"}"#)
        }
        defer { engine.stop() }
        let format =
            "{{.Name}} {{.ID}} {{.Container}} {{.CPUPerc}} {{.MemUsage}} {{.MemPerc}} {{.NetIO}} {{.BlockIO}} {{.PIDs}}"
        let result = try bench.run("stats", "--no-stream", "--format", format, "x")
        #expect(result.output == expected)
        #expect(engine.requests.contains("GET /containers/x/json") == isUnnamed)
    }

    @Test("a file cannot go to a container without a path, the content of a directory goes to its root")
    func copyToNoPath() throws {
        let bench = try Bench()
        let engine = FakeEngine(at: bench.socket) { exchange in
            _ = exchange.readToEnd()
            exchange.answer(200)
        }
        defer { engine.stop() }
        let file = bench.directory.child("f")
        try TestFiles.write("x", to: file)
        let copied = try bench.run("cp", file, "web:")
        #expect(copied.status.code == 1)
        #expect(copied.error == "no such directory\n")
        let archive = try bench.run("cp", "-", "web:")
        #expect(archive.status.code == 1)
        #expect(archive.error == "destination \"web:\" must be a directory\n")
        for words in [[file, ":/x"], [":/x", file]] {
            #expect(try bench.run("cp", words[0], words[1]).error == "must specify at least one container source\n")
        }
        #expect(engine.requests == [])
    }

    @Test("lists that were not given are sent empty, so that inspect shows them so")
    func emptyLists() throws {
        let bench = try Bench()
        let body = Mutex("")
        let engine = FakeEngine(at: bench.socket) { exchange in
            body.withLock { $0 = exchange.body }
            exchange.answer(201, "{\"Id\":\"\(FakeContainer.id)\"}")
        }
        defer { engine.stop() }
        #expect(try bench.run("create", "img").succeeded)
        let sent = body.withLock { $0 }
        for name in [
            "Dns", "DnsOptions", "DnsSearch", "Devices", "Ulimits", "BlkioWeightDevice", "BlkioDeviceReadBps",
            "BlkioDeviceReadIOps", "BlkioDeviceWriteBps", "BlkioDeviceWriteIOps",
        ] {
            #expect(sent.contains("\"\(name)\":[]"), "\(name)")
        }
        #expect(sent.contains("\"PortBindings\":{}"))
    }

    @Test("help that was not asked for is an error's", arguments: [["network"], ["container"]])
    func groupAlone(words: [String]) throws {
        let alone = try Command.run([try BuiltProgram.path("sereno")] + words)
        #expect(alone.output == "" && alone.error.hasPrefix("Usage:  sereno \(words[0]) COMMAND\n"))
        let asked = try Command.run([try BuiltProgram.path("sereno")] + words + ["--help"])
        #expect(asked.output == alone.error && asked.error == "")
    }
}
