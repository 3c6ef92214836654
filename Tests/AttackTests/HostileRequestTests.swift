import Glibc
import Synchronization
import TestSupport
import Testing

/// Requests made to be dear, while others want to be served.
@Suite("One request holds up nobody else", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct HostileRequestTests {
    private let supervisor: SupervisorUnderTest

    init() throws { supervisor = try SupervisorUnderTest() }

    /// Asks for `_ping` over and over on one connection, on a thread of its own.
    private final class Pinger: Sendable {
        private struct State {
            var count = 0
            var longest = 0.0
            var isStopped = false
            var hasEnded = false
        }

        private let state = Mutex(State())

        init(_ supervisor: SupervisorUnderTest) throws {
            let client = try EngineSocket(supervisor)
            var thread = pthread_t()
            let box = Unmanaged.passRetained(Work { [self] in run(client) })
            pthread_create(
                &thread, nil,
                { argument in
                    if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
                    return nil
                }, box.toOpaque())
            pthread_detach(thread)
        }

        private final class Work {
            let run: () -> Void
            init(_ run: @escaping () -> Void) { self.run = run }
        }

        private func run(_ client: EngineSocket) {
            while !state.withLock({ $0.isStopped }) {
                let began = Self.seconds
                client.send("GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n")
                guard client.receive() != nil else { break }
                let took = Self.seconds - began
                state.withLock {
                    $0.count += 1
                    $0.longest = max($0.longest, took)
                }
                usleep(2_000)
            }
            state.withLock { $0.hasEnded = true }
        }

        static var seconds: Double {
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
        }

        /// How many answers came, and the longest that one took.
        func stop() -> (count: Int, longest: Double) {
            state.withLock { $0.isStopped = true }
            _ = eventually(timeout: 120) { state.withLock { $0.hasEnded } }
            return state.withLock { ($0.count, $0.longest) }
        }
    }

    /// How long a request took, and the longest that a `_ping` beside it took.
    private func measure(
        _ method: String, _ target: String, _ body: String = ""
    ) throws -> (status: String, took: Double, held: Double) {
        let pinger = try Pinger(supervisor)
        usleep(20_000)
        let began = Pinger.seconds
        let answer = try EngineSocket.request(supervisor, method, target, body: body)
        let took = Pinger.seconds - began
        let (_, held) = pinger.stop()
        return (String(answer.dropFirst("HTTP/1.1 ".count).prefix(3)), took, held)
    }

    private static func create(_ members: String, host: String = "") -> String {
        #"{"Image":"busybox","Cmd":["true"],"HostConfig":{"NetworkMode":"none"\#(host)},\#(members)}"#
    }

    private static func many(_ count: Int, _ piece: (Int) -> String) -> String {
        (0..<count).map(piece).joined(separator: ",")
    }

    private static func filters(_ json: String) -> String {
        var target = "/containers/json?all=1&filters="
        for byte in json.utf8 {
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            let digits = String(byte, radix: 16, uppercase: true)
            target += isPlain ? String(Character(Unicode.Scalar(byte))) : "%" + (digits.count < 2 ? "0" : "") + digits
        }
        return target
    }

    private static func profile(_ rules: Int) -> String {
        let text = many(rules) {
            #"{\"names\":[\"\#(["read", "ioctl", "clone", "futex"][$0 % 4])\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":\#($0 * 7919),\"op\":\"SCMP_CMP_EQ\"}]}"#
        }
        return #","SecurityOpt":["seccomp={\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[\#(text)]}"]"#
    }

    @Test("Megabytes made to be dear hold up others no longer than the same number of plain bytes")
    func megabytes() throws {
        // Thirty-two labels of 100,000 bytes.
        let plain = Self.create(
            #""Labels":{\#(Self.many(32) { #""l\#($0)":"\#(String(repeating: "x", count: 100_000))""# })}"#)
        let fair = try measure("POST", "/containers/create", plain)
        #expect(fair.status == "201")
        let long = String(repeating: "a/", count: 1_800_000)
        let hostile: [(String, String, String)] = [
            ("POST", "/containers/create", Self.create(#""Env":[\#(Self.many(400_000) { #""E\#($0)=x""# })]"#)),
            (
                "POST", "/containers/create",
                Self.create(#""A":1"#, host: #","Binds":[\#(Self.many(200_000) { #""/tmp:/m\#($0)""# })]"#)
            ),
            ("POST", "/containers/create", Self.create(#""A":1"#, host: #","Binds":["/\#(long):/x"]"#)),
            ("POST", "/containers/create", Self.create(#""WorkingDir":"/\#(long)""#)),
            ("POST", "/containers/create", Self.create(#""StopSignal":"\#(long)""#)),
            ("POST", "/containers/create", "{" + Self.many(230_000) { _ in #""Image":"busybox""# } + "}"),
            ("POST", "/containers/create", String(repeating: "[", count: 4_000_000)),
            ("POST", "/containers/create", Self.create(#""A":1"#, host: Self.profile(20_000))),
            ("GET", Self.filters(#"{"name":["((((((){1000}){1000}){1000}){1000}){1000})"]}"#), ""),
            ("GET", Self.filters(#"{"name":["(((((a{1000}){1000}){1000}){1000}){1000})"]}"#), ""),
            ("GET", Self.filters(#"{"name":["\#(String(repeating: "(((a*)*)*)*", count: 100))b"]}"#), ""),
            ("GET", Self.filters(#"{"name":[\#(Self.many(2_000) { #""a\#($0)""# })]}"#), ""),
        ]
        for (method, target, body) in hostile {
            let found = try measure(method, target, body)
            let what = "\(method) \(target.prefix(60)) \(body.prefix(120)): took \(found.took) s, held \(found.held) s"
            // What an answer takes on a busy machine is the measure too.
            #expect(found.held <= max(10 * fair.held, fair.took), "\(what); a plain one held \(fair.held) s")
        }
    }

    @Test("While a large profile is compiled, pings are answered and a policy restarts its container")
    func compiling() throws {
        try expect(
            supervisor.run(
                "sereno",
                [
                    "run", "-d", "--name", "again", "--network", "none", "--restart", "always", "busybox", "sleep",
                    "1000",
                ]))
        let before = try supervisor.process(of: "again")
        let pinger = try Pinger(supervisor)
        let client = try EngineSocket(supervisor)
        // As much as is taken: a second or so of work.
        let body = Self.create(#""A":1"#, host: Self.profile(2_000))
        let began = Pinger.seconds
        client.send(
            "POST /containers/create HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
        kill(before, SIGKILL)
        let restarted = eventually(timeout: 60) { (try? supervisor.process(of: "again")).map { $0 != before } ?? false }
        #expect(restarted)
        let answer = String(decoding: client.receiveAll(seconds: 120), as: UTF8.self)
        let took = Pinger.seconds - began
        let (count, longest) = pinger.stop()
        #expect(answer.hasPrefix("HTTP/1.1 201 ") || answer.contains("instructions, and the kernel takes"))
        #expect(count > 10)
        // Before, one answer took as long as the compiling.
        #expect(longest < took / 2, "one ping took \(longest) s of \(took) s")
    }

    @Test("A log tag or pattern that would run for ever is refused, and the engine lives")
    func logTags() throws {
        let engine = supervisor.engineProcess
        for option in [
            "tag={{range 9000000000000}}x{{end}}", #"tag={{printf "%1000000d%1000000d%1000000d" 1 1 1}}"#,
            #"tag={{define "a"}}{{template "b"}}{{template "b"}}{{end}}{{define "b"}}{{template "c"}}{{template "c"}}{{end}}{{define "c"}}{{range 40000}}x{{end}}{{end}}{{template "a"}}"#,
            "labels-regex=((((a{1,255}){1,255}){1,255}){1,255}){1,255}", #"labels-regex=(a*)*\1\1\1b"#,
        ] {
            let run = try supervisor.run(
                "sereno",
                ["create", "--network", "none", "--label", "a=b", "--log-opt", option, "busybox", "true"])
            let id = run.output.trimmingNewline
            if run.succeeded {
                _ = try supervisor.run("sereno", ["start", id])
                let logs = try supervisor.run("sereno", ["logs", "--details", id])
                #expect(!logs.succeeded && !logs.timedOut, "\(option): \(logs.output)")
            }
        }
        #expect(supervisor.engineProcess == engine)
        #expect(try supervisor.sereno("version").succeeded)
    }

    @Test("Clients that send images slower than anybody would wait hold up no start")
    func slowUploads() throws {
        let clients = try (0..<4).map { _ in try EngineSocket(supervisor) }
        for client in clients {
            client.send("POST /images/load HTTP/1.1\r\nHost: d\r\nContent-Length: 100000\r\n\r\nno")
        }
        usleep(300_000)
        let run = try supervisor.run("sereno", ["run", "--rm", "--network", "none", "busybox", "echo", "served"])
        #expect(run.output == "served\n", "\(run.error)")
        withExtendedLifetime(clients) {}
    }
}
