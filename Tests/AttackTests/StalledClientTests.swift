import Glibc
import TestSupport
import Testing

/// Clients that begin a transfer and then neither read nor send: containers are looked after as if they were not there.
@Suite("Stalled clients")
struct StalledClientTests {
    private let supervisor: SupervisorUnderTest

    init() throws {
        supervisor = try SupervisorUnderTest()
        try expect(supervisor.sereno("run", "-d", "--name", "big", "busybox", "sleep", "1000"))
    }

    /// A client that reads the head of its answer and nothing more.
    private func stalledReader(_ target: String) throws -> EngineSocket {
        let client = try EngineSocket(supervisor)
        client.send("GET \(target) HTTP/1.1\r\nHost: d\r\n\r\n")
        let head = String(decoding: client.receive(atMost: 12) ?? [], as: UTF8.self)
        guard head == "HTTP/1.1 200" else { throw TestFailure("\(target): \(head)") }
        return client
    }

    /// A client that sends the beginning of an image and nothing more.
    private func stalledWriter() throws -> EngineSocket {
        let client = try EngineSocket(supervisor)
        client.send("POST /images/load HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send("200\r\n" + String(repeating: "\0", count: 512) + "\r\n")
        return client
    }

    private func request(_ method: String, _ target: String, body: String = "", expecting status: String) throws {
        let answer = try EngineSocket.request(supervisor, method, target, body: body)
        #expect(answer.hasPrefix("HTTP/1.1 " + status), "\(method) \(target): \(answer.prefix(300))")
    }

    /// How long each thing took that has to go on, by its name.
    private func lookAfterContainers(_ round: String) throws -> [String: [Duration]] {
        var times: [String: [Duration]] = [:]
        func take(_ what: String, _ work: () throws -> Void) rethrows {
            let time = try ContinuousClock().measure(work)
            times[what, default: []].append(time)
        }
        let crashing = (0..<20).map { "crash-\(round)-\($0)" }
        try take("restarts of 20") {
            for name in crashing {
                let body =
                    #"{"Image":"busybox","Cmd":["sh","-c","exit 1"],"HostConfig":{"RestartPolicy":{"Name":"always"}}}"#
                try request("POST", "/containers/create?name=" + name, body: body, expecting: "201")
                try request("POST", "/containers/\(name)/start", expecting: "204")
            }
            for name in crashing {
                let restarted = try eventually(timeout: 60) {
                    let answer = try EngineSocket.request(supervisor, "GET", "/containers/\(name)/json")
                    return !answer.contains(#""RestartCount":0"#) && !answer.contains(#""RestartCount":1,"#)
                }
                #expect(restarted, "\(name) was not restarted twice")
            }
        }
        for number in 0..<10 {
            let name = "first-\(round)-\(number)"
            let body = #"{"Image":"busybox","Cmd":["sh","-c","echo ready; exec sleep 1000"]}"#
            try take("create") {
                try request("POST", "/containers/create?name=" + name, body: body, expecting: "201")
            }
            try take("start") { try request("POST", "/containers/\(name)/start", expecting: "204") }
            try take("inspect") { try request("GET", "/containers/\(name)/json", expecting: "200") }
            try take("logs") { try request("GET", "/containers/\(name)/logs?stdout=1", expecting: "200") }
            try take("images") { try request("GET", "/images/json", expecting: "200") }
            try take("kill") {
                try request("POST", "/containers/\(name)/kill", expecting: "204")
                try request("POST", "/containers/\(name)/wait", expecting: "200")
            }
            try take("remove") { try request("DELETE", "/containers/\(name)?force=1", expecting: "204") }
        }
        for name in crashing { try request("DELETE", "/containers/\(name)?force=1", expecting: "204") }
        return times
    }

    @Test("Starts, restarts, kills, logs and looks answer as fast as without them, and one too many is told at once")
    func stalled() throws {
        let alone = try lookAfterContainers("alone")
        var stalled = try (0..<8).map { _ in try stalledReader("/images/busybox/get") }
        stalled += try (0..<4).map { _ in try stalledReader("/containers/big/export") }
        stalled += try (0..<4).map { _ in try stalledReader("/containers/big/archive?path=/bin") }
        stalled += try (0..<2).map { _ in try stalledWriter() }
        let beside = try lookAfterContainers("beside")
        for (what, times) in alone {
            let (before, after) = (times.median, (beside[what] ?? []).median)
            #expect(after < before * 5, "\(what): \(before) alone, \(after) beside stalled clients")
        }
        var refusal = ""
        while refusal.isEmpty, stalled.count < 64 {
            do { stalled.append(try stalledReader("/images/busybox/get")) } catch { refusal = "\(error)" }
        }
        #expect(refusal.hasSuffix("HTTP/1.1 503"), "\(stalled.count) clients: \(refusal)")
        for (method, target) in [
            ("GET", "/images/busybox/get"), ("POST", "/images/load"), ("GET", "/containers/big/export"),
            ("PUT", "/containers/big/archive?path=/"),
        ] {
            let answer = try EngineSocket.request(supervisor, method, target)
            #expect(answer.contains("transfers already, as many as it does at once"), "\(method) \(target): \(answer)")
        }
        // Who goes makes room for the next.
        stalled.removeAll()
        #expect(
            try eventually { try EngineSocket.request(supervisor, "GET", "/images/busybox/get").contains(" 200 OK") })
    }
}

extension [Duration] {
    fileprivate var median: Duration { sorted()[count / 2] }
}
