import Glibc
import TestSupport
import Testing

/// TCP: never without certificates on both sides.
@Suite("TLS", .serialized)
struct TLSTests {
    private let certificates: TemporaryDirectory

    /// An authority, a server and a client by it, and a client of another authority.
    init() throws {
        certificates = try TemporaryDirectory("sereno-tls")
        let script = """
            set -e
            cd "$0"
            authority() {
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" \\
                    -keyout $1.key -out $1.pem
            }
            signed() { # NAME AUTHORITY EXTENSIONS
                openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/O=night/CN=$1" -keyout $1.key -out $1.csr
                printf '%s\\n' "$3" >$1.ext
                openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -CAcreateserial -days 2 -extfile $1.ext -out $1.pem
            }
            authority good
            authority other
            signed server good "subjectAltName=IP:127.0.0.1,DNS:localhost"
            signed elsewhere good "subjectAltName=DNS:elsewhere.example"
            signed ops good "extendedKeyUsage=clientAuth"
            signed stranger other "extendedKeyUsage=clientAuth"
            """
        try expect(Command.run(["/bin/bash", "-c", script, certificates.path]))
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard bind(descriptor, $0, length) == 0, getsockname(descriptor, $0, &length) == 0 else {
                    throw TestFailure("bind", "a free port")
                }
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
    }

    private func file(_ name: String) -> String { certificates.child(name) }

    private func server(_ certificate: String, _ port: Int) throws -> SupervisorUnderTest {
        try SupervisorUnderTest(options: [
            "-H", "tcp://127.0.0.1:\(port)", "--tlsverify", "--tlscacert", file("good.pem"), "--tlscert",
            file(certificate + ".pem"), "--tlskey", file(certificate + ".key"),
        ])
    }

    /// One of the real clients, over TCP, as `name`.
    private func run(
        _ client: String, as name: String, _ port: Int, _ arguments: [String], host: String = "127.0.0.1",
        input: String = ""
    ) throws -> Command {
        let program =
            client == "docker"
            ? ["/usr/local/bin/docker", "/usr/bin/docker"].first { TestFiles.exists($0) } ?? "docker"
            : try BuiltProgram.path("sereno")
        let options = [
            "--tlsverify", "--tlscacert", file("good.pem"), "--tlscert", file(name + ".pem"), "--tlskey",
            file(name + ".key"), "-H", "tcp://\(host):\(port)",
        ]
        return try Command.run([program] + options + arguments, input: input, timeout: 60)
    }

    @Test("A client with a certificate does all there is, and its subject is in the history")
    func trusted() throws {
        let port = try Self.freePort()
        let supervisor = try server("server", port)
        for client in Clients.all {
            let name = "far-\(client)"
            try expect(
                run(
                    client, as: "ops", port,
                    ["run", "-d", "--network", "none", "--name", name, "busybox", "sleep", "60"]))
            #expect(
                try expect(run(client, as: "ops", port, ["exec", "-i", name, "cat"], input: "through\n")).output
                    == "through\n")
            // A megabyte each way, and the exit code of the container.
            let big = String(repeating: "0123456789abcde\n", count: 65_536)
            let echoed = try run(
                client, as: "ops", port,
                ["run", "--rm", "-i", "--network", "none", "busybox", "sh", "-c", "cat; exit 3"],
                input: big)
            #expect(echoed.status.code == 3 && echoed.output == big)
            try expect(run(client, as: "ops", port, ["stop", "-t", "1", name]))
            let stopped = try supervisor.inspect(name, "{{.State.StoppedBy}}")
            #expect(stopped == "stop with SIGTERM by the holder of certificate CN=ops,O=night")
        }
        #expect(try run("sereno", as: "ops", port, ["version"], host: "localhost").succeeded)
        // The port outlives the engine.
        try supervisor.killEngine()
        #expect(try eventually(timeout: 30) { try run("sereno", as: "ops", port, ["ps"]).succeeded })
    }

    @Test("Strangers who connect and say nothing do not keep a client with a certificate waiting")
    func silentStrangers() throws {
        let port = try Self.freePort()
        let supervisor = try server("server", port)
        func version() throws -> Double {
            var (before, after) = (timespec(), timespec())
            clock_gettime(CLOCK_MONOTONIC, &before)
            try expect(run("sereno", as: "ops", port, ["version"]))
            clock_gettime(CLOCK_MONOTONIC, &after)
            return Double(after.tv_sec - before.tv_sec) + Double(after.tv_nsec - before.tv_nsec) / 1e9
        }
        let alone = try version()
        // More than were served at once when strangers counted as clients do, which made everybody wait for ten seconds.
        var strangers: [Int32] = []
        defer { for descriptor in strangers { close(descriptor) } }
        for _ in 0..<900 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(port).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            withUnsafePointer(to: &address) { pointer in
                _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            strangers.append(descriptor)
        }
        let among = try version()
        #expect(among < 20 * alone, "it took \(among) s among strangers and \(alone) s alone")
        withExtendedLifetime(supervisor) {}
    }

    @Test("DOCKER_TLS_VERIFY and DOCKER_CERT_PATH are obeyed", arguments: Clients.all)
    func environment(_ client: String) throws {
        let port = try Self.freePort()
        let supervisor = try server("server", port)
        let directory = certificates.child("home")
        try TestFiles.makeDirectories(directory)
        for (from, to) in [("good.pem", "ca.pem"), ("ops.pem", "cert.pem"), ("ops.key", "key.pem")] {
            try TestFiles.write(TestFiles.read(file(from)), to: directory + "/" + to)
        }
        let program = client == "docker" ? "docker" : try BuiltProgram.path("sereno")
        let told = try Command.run(
            [program, "version"],
            environment: [
                "PATH=/usr/local/bin:/usr/bin:/bin", "DOCKER_HOST=tcp://127.0.0.1:\(port)", "DOCKER_TLS_VERIFY=1",
                "DOCKER_CERT_PATH=\(directory)",
            ])
        try expect(told)
        withExtendedLifetime(supervisor) {}
    }

    @Test("Nobody else is let in, and plain HTTP is told what is missing")
    func refused() throws {
        let port = try Self.freePort()
        let supervisor = try server("server", port)
        for client in Clients.all {
            #expect(try run(client, as: "stranger", port, ["ps"]).status.code == 1)
        }
        let none = try Command.run(["curl", "-sS", "--cacert", file("good.pem"), "https://127.0.0.1:\(port)/_ping"])
        #expect(!none.succeeded && !none.output.contains("OK"), "\(none.output)")
        let plain = try Command.run(["curl", "-sS", "-i", "http://127.0.0.1:\(port)/_ping"])
        #expect(
            plain.output.contains("400") && plain.output.contains("Client sent an HTTP request to an HTTPS server."))
        // A server with another name, or of another authority, is not talked to.
        let elsewhere = try Self.freePort()
        let second = try server("elsewhere", elsewhere)
        let misnamed = try run("sereno", as: "ops", elsewhere, ["ps"])
        #expect(misnamed.status.code == 1 && misnamed.error.contains("not trusted"), "\(misnamed.error)")
        #expect(eventually(timeout: 30) { supervisor.log.contains("a client was refused") })
        withExtendedLifetime(second) {}
    }

    /// A record that holds a ClientHello of TLS 1.2 and later (RFC 8446, 4.1.2), up to the version in it.
    private static let helloBegun: [UInt8] = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]

    @Test("Hundreds who begin a handshake and go no further cost a bounded memory, and a client is served after them")
    func crowd() throws {
        let port = try Self.freePort()
        let supervisor = try server("server", port)
        try expect(run("sereno", as: "ops", port, ["ps"]))
        // More than there may be at once (`Listening.maximumConnections`). Each says that it will say hello.
        var crowd: [Int32] = []
        defer { for descriptor in crowd { close(descriptor) } }
        for _ in 0..<600 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            crowd.append(descriptor)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(port).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            _ = send(descriptor, Self.helloBegun, Self.helloBegun.count, Int32(MSG_NOSIGNAL))
        }
        try expect(run("sereno", as: "ops", port, ["ps"]))
        let helper = try Command.run(
            ["pgrep", "-P", "\(try #require(supervisor.engineProcess))", "-x", "sereno-tls"]
        ).output.trimmingNewline
        let status = try TestFiles.read("/proc/\(helper)/status")
        let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }.flatMap {
            Int($0.filter(\.isNumber))
        }
        // 128 KiB for each of those that may be there at once.
        #expect(peak ?? Int.max < 128 * 512, "\(peak ?? -1) KiB")
        #expect(supervisor.log.contains("a client was refused: no TLS connection: too many had not shown"))
        // Nor do they fill the log.
        #expect(supervisor.log.split(separator: "\n").count { $0.contains("a client was refused") } <= 10)
        #expect(supervisor.log.contains("more clients are refused; they are counted for a minute"))
    }

    @Test(
        "TCP without certificates is no option",
        arguments: [
            ([], "TCP is served to clients with a certificate only"),
            (["--tlsverify"], "--tlsverify needs --tlscacert FILE"),
            (
                [
                    "--tlsverify", "--tlscacert", "/nowhere/ca.pem", "--tlscert", "/nowhere/c.pem", "--tlskey",
                    "/nowhere/k.pem",
                ],
                "cannot use /nowhere/ca.pem"
            ),
        ] as [([String], String)])
    func never(options: [String], text: String) throws {
        let directory = try TemporaryDirectory("sereno-system")
        let arguments = [
            try BuiltProgram.path("sereno-keeper"), "--engine", try BuiltProgram.path("serenod"), "--data-root",
            directory.child("data"), "--exec-root", directory.child("run"), "-H",
            "tcp://127.0.0.1:\(try Self.freePort())",
        ]
        let ended = try Command.run(arguments + options, timeout: 60)
        #expect(!ended.timedOut && !ended.succeeded)
        #expect(ended.error.contains(text), "\(ended.error)")
    }
}
