import APIClient
import Glibc
import JSONFormat
import TestSupport

/// One client of a supervisor, used by one thread. A request that a dying engine left without an answer is sent again.
final class TortureClient {
    /// How long an engine may be away, in seconds.
    static let patience = 60.0

    private let engine: EngineClient

    /// A client; nothing is sent yet.
    convenience init(_ supervisor: SupervisorUnderTest) throws { try self.init(host: supervisor.host) }

    /// One that does not keep the supervisor alive, for a thread that may wait for ever.
    init(host: String) throws {
        engine = EngineClient(address: try EngineAddress(parsing: host), version: "1.47")
    }

    // MARK: Requests

    /// Sends a request until an engine answers. `isDone` tells from the status of a refusal whether an earlier try was
    /// carried out although its answer was lost.
    @discardableResult
    func ask(_ request: Request, isDone: (Int) -> Bool = { _ in false }) throws -> JSON {
        var left = Self.patience
        var tries = 0
        while true {
            do throws(ClientError) {
                let response = try engine.open(request)
                let body = try response.body()
                return body.first == 0x7B || body.first == 0x5B ? try JSON(answer: body) : .null
            } catch {
                if let status = error.status, tries > 0, isDone(status) { return .null }
                guard error.engineIsGone, left > 0 else { throw error }
                tries += 1
                left -= 0.005
                usleep(5000)
            }
        }
    }

    /// Has the whole of an answer sent, and does not look into it: what that costs is the client's.
    func read(_ path: String) throws { _ = try engine.open(Request(.get, path)).body() }

    /// The answer's status, whatever it is; 0 when there was none in time.
    func status(_ request: Request) -> Int {
        do throws(ClientError) {
            return try engine.perform(request).status
        } catch {
            return error.status ?? 0
        }
    }

    /// An answer that is read as it comes.
    func open(_ request: Request) throws -> Response { try engine.open(request) }

    /// One that says only whether an engine is there.
    func ping() -> Bool { (try? engine.ping().status) == 200 }

    // MARK: Containers

    /// Makes a container of busybox without a network; `host` are further members of HostConfig, `more` of the whole.
    func create(
        _ name: String, _ command: [String], restart: String = "no", runtime: String = "", host: JSONObject = [],
        more: JSONObject = []
    ) throws {
        var members: JSONObject = [
            .init("NetworkMode", .string("none")),
            .init("RestartPolicy", .object([.init("Name", .string(restart))])),
        ]
        if !runtime.isEmpty { members.append(.init("Runtime", .string(runtime))) }
        let body = JSON.object(
            [
                .init("Image", .string("busybox")), .init("Cmd", .array(command.map { .string($0) })),
                .init("HostConfig", .object(members + host)),
            ] + more)
        try ask(Request(.post, "/containers/create", query: [("name", name)], body: .json(body))) { $0 == 409 }
    }

    func start(_ name: String) throws { try ask(Request(.post, "/containers/\(name)/start")) { $0 == 304 } }

    /// Makes and starts one.
    func run(
        _ name: String, _ command: [String], restart: String = "no", runtime: String = "", host: JSONObject = [],
        more: JSONObject = []
    ) throws {
        try create(name, command, restart: restart, runtime: runtime, host: host, more: more)
        try start(name)
    }

    func stop(_ name: String, timeout: Int) throws {
        try ask(Request(.post, "/containers/\(name)/stop", query: [("t", "\(timeout)")])) { $0 == 304 }
    }

    /// Removes one. A removal that an earlier try began, whose answer was lost, is waited for.
    func remove(_ name: String) throws {
        do {
            try ask(Request(.delete, "/containers/\(name)", query: [("force", "1")])) { $0 == 404 }
        } catch ClientError.refused(status: 409, let message) {
            let isGone = eventually(timeout: Self.patience) { status(of: name).isEmpty }
            if !isGone { throw TestFailure("\(name) is not removed: \(message)") }
        }
    }

    /// Removes all that there are, several at a time.
    static func removeAll(_ supervisor: SupervisorUnderTest) throws {
        let names = try TortureClient(supervisor).names()
        let crowd = Crowd()
        let threads = min(8, max(1, names.count))
        try crowd.start(threads, "remove") { number in
            let client = try TortureClient(supervisor)
            for index in stride(from: number, to: names.count, by: threads) { try client.remove(names[index]) }
        }
        try crowd.join(timeout: 600)
    }

    /// The names of all containers.
    func names() throws -> [String] {
        try ask(Request(.get, "/containers/json", query: [("all", "1")])).elements.compactMap {
            $0["Names"]?.elements.first?.string.map { String($0.dropFirst()) }
        }
    }

    /// The code of a container that ends.
    func wait(_ name: String) throws -> Int {
        Int(try ask(Request(.post, "/containers/\(name)/wait"))["StatusCode"]?.integer ?? -1)
    }

    func inspect(_ name: String) throws -> JSON { try ask(Request(.get, "/containers/\(name)/json")) }

    /// What `State.Status` says; empty when there is no such container.
    func status(of name: String) -> String { (try? inspect(name))?["State"]?["Status"]?.string ?? "" }

    /// The process number that `State.Pid` says, 0 when it does not run.
    func process(of name: String) throws -> Int32 {
        Int32(try inspect(name)["State"]?["Pid"]?.integer ?? 0)
    }

    /// All of its standard output that is in the log.
    func output(of name: String) throws -> [UInt8] {
        var decoder = FrameDecoder()
        var all: [UInt8] = []
        let response = try engine.open(Request(.get, "/containers/\(name)/logs", query: [("stdout", "1")]))
        for piece in try decoder.decode(try response.body()) where piece.origin == .process(.stdout) {
            all += piece.bytes
        }
        return all
    }

    /// Runs a shell script inside, to its end.
    func execute(_ name: String, _ script: String) throws {
        let body = JSON.object([.init("Cmd", .array([.string("sh"), .string("-c"), .string(script)]))])
        let made = try ask(Request(.post, "/containers/\(name)/exec", body: .json(body)))
        let id = made["Id"]?.string ?? ""
        let detached = JSON.object([.init("Detach", .bool(true))])
        try ask(Request(.post, "/exec/\(id)/start", body: .json(detached))) { $0 == 409 }
        let ended = try eventually(timeout: 60) {
            try ask(Request(.get, "/exec/\(id)/json"))["Running"]?.bool == false
        }
        if !ended { throw TestFailure("the exec of \(script) in \(name) has not ended in 60 s") }
    }
}
