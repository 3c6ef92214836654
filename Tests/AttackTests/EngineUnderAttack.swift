import Glibc
import JSONFormat
import TestSupport
import Testing

/// A supervisor whose engine is given hostile requests, and that counts how often it came up: it must not end of itself.
final class EngineUnderAttack {
    let supervisor: SupervisorUnderTest
    /// Requests that were carried out.
    private(set) var taken = 0
    /// Requests that got an error of the client's.
    private(set) var refused = 0
    /// How often the test itself ended the engine.
    private var kills = 0
    private var names = 0

    init() throws {
        supervisor = try SupervisorUnderTest()
    }

    /// Percent-encoded for a query.
    static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    // MARK: Requests

    /// Carries out a request; no answer within a minute is an issue.
    @discardableResult
    private func ask(_ method: String, _ path: String, _ body: JSON? = nil) throws -> JSON? {
        var arguments = [
            "curl", "-s", "-m", "60", "-w", "\n%{http_code}", "-X", method, "--unix-socket", socket,
            "http://d/v1.47" + path,
        ]
        if let body { arguments += ["-H", "Content-Type: application/json", "-d", body.text] }
        let answer = try Command.run(arguments, timeout: 90)
        let lines = answer.output.split(separator: "\n", omittingEmptySubsequences: false)
        let status = lines.last.flatMap { Int($0) } ?? 0
        guard status > 0 else {
            throw TestFailure(
                "no answer to \(method) \(path) \(body?.text ?? ""); \(lives) engines came up, \(kills) were killed\n"
                    + supervisor.log.suffix(2000))
        }
        if status < 400 { taken += 1 } else { refused += 1 }
        return status < 400 ? (try? JSON(parsing: lines.dropLast().joined(separator: "\n"))) ?? .null : nil
    }

    private var socket: String { String(supervisor.host.dropFirst("unix://".count)) }

    func get(_ path: String) throws { try ask("GET", path) }

    /// With a `timeout` in seconds, the answer is not waited for any longer.
    func post(_ path: String, timeout: Int? = nil) throws {
        guard let timeout else {
            try ask("POST", path)
            return
        }
        _ = try Command.run([
            "curl", "-s", "-m", "\(timeout)", "-X", "POST", "--unix-socket", socket, "http://d" + path,
        ])
    }

    private func body(_ values: [([String], String)]) -> JSON {
        var body: JSON = [
            "Image": "busybox", "Cmd": ["sleep", "1000"], "Tty": false,
            "HostConfig": ["NetworkMode": "none", "RestartPolicy": ["Name": "always"]],
        ]
        for (path, number) in values {
            if path.first == "Healthcheck" { body.set(["Healthcheck", "Test"], to: ["CMD", "true"]) }
            let value = Self.value(path.last ?? "", number)
            if path.contains("Ulimits") {
                let pair: JSON = [
                    "Name": "nofile", "Soft": path.last == "Soft" ? value : 10,
                    "Hard": path.last == "Hard" ? value : 10,
                ]
                body.set(["HostConfig", "Ulimits"], to: [pair])
            } else if path.contains("Mounts") {
                let mount: JSON = [
                    "Type": "tmpfs", "Target": "/t", "TmpfsOptions": .object([.init(path.last ?? "", value)]),
                ]
                body.set(["HostConfig", "Mounts"], to: [mount])
            } else if path.contains("PortBindings") {
                body.set(["HostConfig", "PortBindings"], to: ["80/tcp": [["HostPort": value]]])
            } else {
                if path.contains("LogConfig") { body.set(["HostConfig", "LogConfig", "Type"], to: "json-file") }
                if path.last == "MaximumRetryCount" {
                    body.set(["HostConfig", "RestartPolicy", "Name"], to: "on-failure")
                }
                body.set(path, to: value)
            }
        }
        return body
    }

    /// The number in the form that a field has.
    private static func value(_ field: String, _ number: String) -> JSON {
        switch field {
        case "max-size", "max-file", "max-buffer-size", "CpusetCpus", "CpusetMems", "HostPort", "User", "StopSignal",
            "com.docker.compose.container-number":
            .string(number)
        case "ConsoleSize": .array([.number(number), .number(number)])
        case "Tmpfs": ["/t": .string("size=\(number),mode=\(number)")]
        case "Sysctls": ["net.core.somaxconn": .string(number)]
        case "DeviceCgroupRules": [.string("c \(number):\(number) rwm")]
        case "GroupAdd": [.string(number)]
        default: .number(number)
        }
    }

    /// Creates a container with numbers in fields.
    func create(_ values: [([String], String)]) throws {
        names += 1
        try ask("POST", "/containers/create?name=n\(names)", body(values))
    }

    /// Changes a limit of one container to every number.
    func update(_ path: [String], _ numbers: [String]) throws {
        let name = "u\(path.joined(separator: ".").filter { $0.isLetter })"
        guard try ask("POST", "/containers/create?name=\(name)", body([])) != nil else { return }
        try ask("POST", "/containers/\(name)/start")
        for number in numbers {
            guard let change = body([(path, number)])["HostConfig"] else { continue }
            try ask("POST", "/containers/\(name)/update", change)
        }
        try ask("DELETE", "/containers/\(name)?force=1")
    }

    // MARK: Lives

    private func containers() throws -> [String] {
        let list = try ask("GET", "/containers/json?all=1")
        return list?.elements.compactMap { $0["Id"]?.string } ?? []
    }

    /// Starts every container, and has every one shown.
    func startAll() throws {
        for id in try containers() {
            try ask("POST", "/containers/\(id)/start")
            try ask("GET", "/containers/\(id)/json")
        }
        try ask("GET", "/containers/json?all=1&size=1")
    }

    /// Kills the engine, has everything shown by the next, and removes it.
    func restart(clearing: Bool) throws {
        try supervisor.killEngine()
        kills += 1
        for id in try containers() {
            try ask("GET", "/containers/\(id)/json")
            if clearing { try ask("DELETE", "/containers/\(id)?force=1") }
        }
        #expect(lives == kills + 1, "the engine ended of itself:\n\(supervisor.log.suffix(3000))")
    }

    /// How many engines came up.
    private var lives: Int {
        supervisor.log.split(separator: "\n").count {
            $0.contains("first start") || $0.contains("recovered") && $0.contains("after")
        }
    }

    /// The engine has not ended but for what the test did, and serves.
    func checkLife() throws {
        try expect(supervisor.sereno("version"))
        #expect(lives == kills + 1, "the engine ended of itself:\n\(supervisor.log.suffix(3000))")
        #expect(!supervisor.log.contains("set aside"), "\(supervisor.log.suffix(2000))")
    }

    // MARK: Images and records

    /// Loads an image for every number, whose configuration says it wherever one can stand, and runs it.
    func loadImages(_ numbers: [String]) throws {
        let folder = supervisor.directory.child("hostile")
        try TestFiles.makeDirectories(folder)
        try expect(supervisor.sereno("save", "-o", folder + "/good.tar", "busybox:latest"))
        try expect(Command.run(["tar", "-C", folder, "-xf", folder + "/good.tar"]))
        let manifest = try JSON(parsing: TestFiles.readBytes(folder + "/manifest.json")).elements.first
        guard let layers = manifest?["Layers"],
            let place = manifest?["Config"]?.string,
            let rootfs = try JSON(parsing: TestFiles.readBytes(folder + "/" + place))["rootfs"]
        else { throw TestFailure("the saved image has no manifest") }
        for (index, number) in numbers.enumerated() {
            let check: JSON = [
                "Test": ["CMD", "true"], "Interval": .number(number), "Timeout": .number(number),
                "StartPeriod": .number(number), "StartInterval": .number(number), "Retries": .number(number),
            ]
            let config: JSON = ["Healthcheck": check, "StopTimeout": .number(number), "Cmd": ["sleep", "1000"]]
            let document: JSON = [
                "architecture": "amd64", "os": "linux", "created": .string(number), "config": config, "rootfs": rootfs,
                "history": [["created": "9999-99-99T99:99:99Z", "created_by": .string(number)]],
            ]
            try TestFiles.write(document.text, to: folder + "/hostile.json")
            let list: JSON = [
                ["Config": "hostile.json", "RepoTags": [.string("number\(index):latest")], "Layers": layers]
            ]
            try TestFiles.write(list.text, to: folder + "/manifest.json")
            unlink(folder + "/index.json")
            let tar = supervisor.directory.child("hostile\(index).tar")
            try expect(Command.run(["tar", "-C", folder, "--exclude", "good.tar", "-cf", tar, "."]))
            guard try supervisor.sereno("load", "-i", tar).succeeded else {
                refused += 1
                continue
            }
            taken += 1
            _ = try supervisor.sereno("run", "-d", "--network", "none", "--restart", "always", "number\(index):latest")
            try ask("GET", "/images/number\(index):latest/json")
            try ask("GET", "/images/number\(index):latest/history")
        }
        try ask("GET", "/images/json")
    }

    /// Writes copies of a container's records in each of which one number is another; the next engine finds them.
    func fillRecords(like name: String, with numbers: [String]) throws {
        let id = try supervisor.inspect(name, "{{.Id}}")
        let folder = supervisor.directory.child("data") + "/containers/"
        guard eventually({ TestFiles.exists(folder + id + "/health.json") }) else {
            throw TestFailure("no check of health is recorded")
        }
        var made = 0
        for file in ["spec.json", "state.json", "health.json"] {
            let record = RecordPayload(try TestFiles.read(folder + id + "/" + file))
            // What the policy of a specification may count is bounded where it is read.
            for place in record.numbers(besides: file == "spec.json" ? ["count"] : []) {
                for number in numbers {
                    made += 1
                    let digits = String(made, radix: 16)
                    let copy = digits + String(repeating: "f", count: 64 - digits.count)
                    try expect(Command.run(["cp", "-a", folder + id, folder + copy]))
                    for other in ["spec.json", "state.json", "health.json"] {
                        var changed = RecordPayload(try TestFiles.read(folder + id + "/" + other))
                        if other == file { changed = record.replacing(place, with: number) }
                        try TestFiles.write(
                            changed.text(replacing: [(id, copy), ("\"\(name)\"", "\"c\(made)\"")]),
                            to: folder + copy + "/" + other)
                    }
                }
            }
        }
        #expect(made > 30, "\(made)")
    }
}

extension JSON {
    /// Puts a value at a path of objects, which are made where they are missing.
    fileprivate mutating func set(_ path: [String], to value: JSON) {
        guard let name = path.first else {
            self = value
            return
        }
        var members = self.members
        var inner = members[name] ?? [:]
        inner.set(Array(path.dropFirst()), to: value)
        members = JSONObject(members.filter { $0.name != name }.map { ($0.name, $0.value) } + [(name, inner)])
        self = .object(members)
    }
}
