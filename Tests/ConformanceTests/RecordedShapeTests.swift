import Foundation
import JSONFormat
import TestSupport
import Testing

/// Old versions of the API get old answers: each GET is answered, at every version, in the shape in which dockerd answers it.
@Suite("The shapes of answers")
struct RecordedShapeTests {
    private let supervisor: SupervisorUnderTest
    /// The names of the GETs in the record, and what is asked.
    private var gets: [(name: String, target: String)] = []
    private var exec = ""

    /// Makes what dockerd had when it was recorded.
    init() throws {
        supervisor = try SupervisorUnderTest(image: false)
        try BusyboxRootfs.makeTar(at: supervisor.directory.child("busybox.tar"))
        for line in try RecordedShape.lines("questions") {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            let (verb, target, rest) = (
                words[0], words[1].replacing("{exec}", with: exec), words.count > 2 ? words[2] : ""
            )
            switch verb {
            case "POST":
                let answer = try post(target, rest)
                if target.hasSuffix("/exec") { exec = try #require(JSON(parsing: answer.utf8)["Id"]?.string) }
            case "UNTIL": #expect(try eventually { try curl(["http://localhost" + target]).contains(rest) }, "\(line)")
            default: gets.append((target, rest))
            }
        }
    }

    private func curl(_ arguments: [String]) throws -> String {
        let socket = supervisor.directory.child("sock")
        return try expect(Command.run(["curl", "-sS", "-f", "-g", "--unix-socket", socket] + arguments)).output
    }

    private func post(_ target: String, _ body: String) throws -> String {
        let isArchive = body == "{tar}"
        return try curl([
            "-X", "POST", "-H", "Content-Type: application/" + (isArchive ? "x-tar" : "json"), "--data-binary",
            isArchive ? "@" + supervisor.directory.child("busybox.tar") : body, "http://localhost" + target,
        ])
    }

    /// The documents of each answer of every version, in the order of the GETs. A ping's is made of its header fields.
    private func answers() throws -> [Int: [[JSON]]] {
        func file(_ minor: Int, _ index: Int) -> String { supervisor.directory.child("answer-\(minor)-\(index)") }
        var arguments = ["-Z", "-i"]
        for minor in RecordedShape.versions {
            for (index, get) in gets.enumerated() {
                let target = get.target.replacing("{exec}", with: exec)
                    .replacing("{now}", with: String(Int(Date().timeIntervalSince1970)))
                arguments += ["-o", file(minor, index), "http://localhost/v1.\(minor)\(target)"]
            }
        }
        _ = try curl(arguments)
        var answers: [Int: [[JSON]]] = [:]
        for minor in RecordedShape.versions {
            answers[minor] = try gets.enumerated().map { try documents(TestFiles.read(file(minor, $0)), $1.name) }
        }
        return answers
    }

    private func documents(_ answer: String, _ name: String) throws -> [JSON] {
        let end = try #require(answer.firstRange(of: "\r\n\r\n"))
        let (head, body) = (answer[..<end.lowerBound].split(separator: "\r\n"), answer[end.upperBound...])
        #expect(head[0].hasPrefix("HTTP/1.1 200"), "\(name): \(head[0])")
        guard name == "/_ping" else { return try body.split(separator: "\n").map { try JSON(parsing: $0.utf8) } }
        let fields = head.dropFirst().map { $0.split(separator: ":", maxSplits: 1).map(String.init) }
        return [.object(JSONObject(fields.map { ($0[0], .string($0[1])) }))]
    }

    @Test("Every answer to GET has what dockerd's has in that version, of the same kinds, and nothing else")
    func everyVersion() throws {
        let shape = try RecordedShape()
        var seen: [String: Set<Int>] = [:]
        for (minor, answers) in try answers() {
            for (get, documents) in zip(gets, answers) {
                #expect(!documents.isEmpty, "\(get.target) in 1.\(minor)")
                for fault in documents.flatMap({ shape.faults($0, get.name, minor) }) {
                    seen["GET \(get.name) \(fault)", default: []].insert(minor)
                }
            }
        }
        for (fault, versions) in seen.sorted(by: { $0.key < $1.key }) {
            let others = versions.filter { version in !ShapeException.all.contains { $0.allows(fault, version) } }
            #expect(others.isEmpty, "\(fault) in 1.\(others.sorted())")
        }
        for exception in ShapeException.all where !exception.dependsOnHost {
            let stale = exception.versions.filter { minor in
                !seen.contains { $0.value.contains(minor) && exception.allows($0.key, minor) }
            }
            #expect(stale.isEmpty, "no longer differs: \(exception.fault) in 1.\(stale)")
        }
    }
}
