import Foundation
import TestSupport
import Testing

@Suite("Verbs that look and clear away ask and answer as Docker's client does", .timeLimit(.minutes(2)))
struct ListingCommandTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var words: [String]
        /// What the engine answers by path; anything else is 404.
        var answers: [String: String] = [:]
        var requests: [String]
        var output = ""
        var error = ""
        var code: Int32 = 0
        var testDescription: String { words.joined(separator: " ") }
    }

    static let containers =
        #"[{"Id":"4f1c2a9d8e7b6a5f","Names":["/web"],"Image":"nginx","Command":"nginx","Created":1,"State":"running"}]"#

    static let networks = """
        [{"Name":"net10","Id":"4d2c8e6f07a10","Driver":"null","Scope":"swarm","Created":"2026-11-24T01:12:42+02:00","Labels":{}},\
        {"Name":"net2","Id":"b1f0e5a9c3d70","Driver":"bridge","Scope":"local","Created":"2026-11-24T01:12:42.5Z",\
        "EnableIPv4":true,"Internal":true,"Labels":{"b":"2","a":"1"}}]
        """

    @Test(
        arguments: [
            Case(words: ["ps", "-q"], answers: ["/containers/json": "[]"], requests: ["GET /containers/json"]),
            Case(
                words: ["ps", "-aqf", "name=w", "-n", "2"], answers: ["/containers/json": containers],
                requests: [
                    "GET /containers/json?all=1&filters=%7B%22name%22%3A%7B%22w%22%3Atrue%7D%7D&limit=2"
                ], output: "4f1c2a9d8e7b\n"),
            Case(
                words: ["ps", "-l", "--format", "{{.Names}} {{.Size}}"], answers: ["/containers/json": containers],
                requests: ["GET /containers/json?limit=1&size=1"], output: "web 0B\n"),
            Case(
                words: ["ps", "--format", "{{.Nope}}"], requests: [],
                error: "failed to execute template: template: :1:2: executing \"\" at <.Nope>: "
                    + "can't evaluate field Nope in type *formatter.ContainerContext\n", code: 1),
            Case(
                words: ["ps", "-f", "x"], requests: [],
                error:
                    "invalid argument \"x\" for \"-f, --filter\" flag: bad format of filter (expected name=value)\n\n"
                    + "Usage:  sereno ps [OPTIONS]\n\nRun 'sereno ps --help' for more information\n", code: 125),
            Case(
                words: ["container", "ls", "-q"], answers: ["/containers/json": containers],
                requests: ["GET /containers/json"], output: "4f1c2a9d8e7b\n"),
            Case(
                words: ["inspect", "x"],
                requests: [
                    "GET /containers/x/json", "GET /images/x/json", "GET /networks/x", "GET /volumes/x",
                    "GET /plugins/x/json",
                ], output: "[]\n", error: "Error: No such object: x\n", code: 1),
            Case(
                words: ["inspect", "x"], answers: ["/images/x/json": #"{"b":1.50,"a":{},"c":["<\u0026"]}"#],
                requests: ["GET /containers/x/json", "GET /images/x/json"],
                output: """
                    [
                        {
                            "b": 1.50,
                            "a": {},
                            "c": [
                                "<\\u0026"
                            ]
                        }
                    ]

                    """),
            Case(
                words: ["inspect", "-f", "{{.Name", "x"], requests: [],
                error: "template parsing error: template: :1: unclosed action\n", code: 64),
            Case(
                words: ["inspect", "--type=", "x"], requests: [],
                error: "type is empty: must be one of \"config\", \"container\", \"image\", \"network\", \"node\", "
                    + "\"plugin\", \"secret\", \"service\", \"task\", \"volume\"\n", code: 1),
            Case(
                words: ["container", "inspect", "-f", "{{.Name}}", "y", "x"],
                answers: ["/containers/x/json": #"{"Name":"/x"}"#],
                requests: ["GET /containers/y/json", "GET /containers/x/json"], output: "/x\n",
                error: "Error response from daemon: nothing here\n", code: 1),
            Case(
                words: ["rmi", "-f", "a"], requests: ["DELETE /images/a?force=1"],
                error: "Error response from daemon: nothing here\n"),
            Case(
                words: ["rmi", "a", "b"], answers: ["/images/b": #"[{"Untagged":"b:latest"},{"Deleted":"sha256:1"}]"#],
                requests: ["DELETE /images/a", "DELETE /images/b"],
                output: "Untagged: b:latest\nDeleted: sha256:1\n",
                error: "Error response from daemon: nothing here\n", code: 1),
            Case(
                words: ["tag", "a", "b/c:d"], answers: ["/images/a/tag": ""],
                requests: ["POST /images/a/tag?repo=b%2Fc&tag=d"]),
            Case(
                words: ["tag", "/a", "b"], requests: [],
                error: "Error parsing reference: \"/a\" is not a valid repository/tag: invalid reference format\n",
                code: 1
            ),
            Case(
                words: ["tag", String(repeating: "a1", count: 32), "b"],
                requests: [
                    "POST /images/\(String(repeating: "a1", count: 32))/tag?repo=b&tag=latest"
                ], error: "Error response from daemon: nothing here\n", code: 1),
            Case(
                words: ["container", "prune"], requests: [],
                output: "WARNING! This will remove all stopped containers.\nAre you sure you want to continue? [y/N] "),
            Case(
                words: ["system", "prune", "-f"],
                answers: [
                    "/containers/prune": #"{"ContainersDeleted":["c1"],"SpaceReclaimed":1500}"#,
                    "/images/prune": #"{"ImagesDeleted":null,"SpaceReclaimed":0}"#,
                ],
                requests: [
                    "POST /containers/prune", "POST /networks/prune",
                    "POST /images/prune?filters=%7B%22dangling%22%3A%7B%22true%22%3Atrue%7D%7D", "POST /build/prune",
                ], output: "Deleted Containers:\nc1\n\nTotal reclaimed space: 1.5kB\n"),
            Case(
                words: ["network", "ls"], answers: ["/networks": networks], requests: ["GET /networks"],
                output: """
                    NETWORK ID     NAME      DRIVER    SCOPE
                    b1f0e5a9c3d7   net2      bridge    local
                    4d2c8e6f07a1   net10     null      swarm

                    """),
            Case(
                words: ["network", "list", "-f", "driver=null", "--no-trunc", "-q"], answers: ["/networks": networks],
                requests: ["GET /networks?filters=%7B%22driver%22%3A%7B%22null%22%3Atrue%7D%7D"],
                output: "b1f0e5a9c3d70\n4d2c8e6f07a10\n"),
            Case(
                words: [
                    "network", "ls", "--format",
                    "{{.Name}} {{.IPv4}} {{.IPv6}} {{.Internal}} {{.Labels}} {{.Label \"b\"}} {{.CreatedAt}}",
                ], answers: ["/networks": networks], requests: ["GET /networks"],
                output: """
                    net2 true false true a=1,b=2 2 2026-11-24 01:12:42.5 +0000 UTC
                    net10 false false false   2026-11-24 01:12:42 +0200 +0200

                    """),
            Case(
                words: ["network", "inspect", "-v", "-f", "{{.Name}} {{.ID}}", "a", "b"],
                answers: ["/networks/a": #"{"Name":"a","Id":"1"}"#],
                requests: ["GET /networks/a?verbose=true", "GET /networks/b?verbose=true"], output: "a 1\n",
                error: "Error response from daemon: nothing here\n", code: 1),
            Case(
                words: ["network", "rm", "a", "b"], answers: ["/networks/a": ""],
                requests: ["DELETE /networks/a", "DELETE /networks/b"], output: "a\n",
                error: "Error response from daemon: nothing here\nexit status 1\n", code: 1),
            Case(words: ["network", "remove", "-f", "b"], requests: ["DELETE /networks/b"]),
            Case(
                words: ["network", "prune", "-f"], answers: ["/networks/prune": #"{"NetworksDeleted":["a"]}"#],
                requests: ["POST /networks/prune"], output: "Deleted Networks:\na\n\n"),
            Case(
                words: ["network", "prune"], requests: [],
                output: """
                    WARNING! This will remove all custom networks not used by at least one container.
                    Are you sure you want to continue? [y/N]\u{20}
                    """),
            Case(
                words: ["network", "create", "--subnet", "10.0.0.0", "a"], requests: ["POST /networks/create"],
                error: "Error response from daemon: nothing here\n", code: 1),
            Case(
                words: ["volume", "ls"],
                answers: ["/volumes": #"{"Volumes":[{"Name":"b10","Driver":"local"},{"Name":"b9","Driver":"x"}]}"#],
                requests: ["GET /volumes"],
                output: "DRIVER    VOLUME NAME\nx         b9\nlocal     b10\n"),
            Case(
                words: ["volume", "ls", "-q"], answers: ["/volumes": #"{"Volumes":null,"Warnings":null}"#],
                requests: ["GET /volumes"]),
            Case(
                words: ["volume", "rm", "-f", "a", "b"], answers: ["/volumes/a": ""],
                requests: ["DELETE /volumes/a?force=1", "DELETE /volumes/b?force=1"], output: "a\n",
                error: "Error response from daemon: nothing here\n", code: 1),
            Case(
                words: ["volume", "prune", "-af"],
                answers: ["/volumes/prune": #"{"VolumesDeleted":["a"],"SpaceReclaimed":9}"#],
                requests: ["POST /volumes/prune?filters=%7B%22all%22%3A%7B%22true%22%3Atrue%7D%7D"],
                output: "Deleted Volumes:\na\n\nTotal reclaimed space: 9B\n"),
            Case(
                words: ["port", "x"],
                answers: [
                    "/containers/x/json":
                        #"{"NetworkSettings":{"Ports":{"80/tcp":[{"HostIp":"::","HostPort":"8080"}],"9/tcp":[{"HostIp":"1.2.3.4","HostPort":"9"}],"7/tcp":null}}}"#
                ], requests: ["GET /containers/x/json"], output: "9/tcp -> 1.2.3.4:9\n80/tcp -> [::]:8080\n"),
            Case(
                words: ["diff", "x"],
                answers: [
                    "/containers/x/changes": #"[{"Path":"/a","Kind":0},{"Path":"/b","Kind":1},{"Path":"/c","Kind":2}]"#
                ],
                requests: ["GET /containers/x/changes"], output: "C /a\nA /b\nD /c\n"),
            Case(
                words: ["top", "x", "-o", "pid"],
                answers: ["/containers/x/top": #"{"Titles":["PID","CMD"],"Processes":[["1","sh"]]}"#],
                requests: ["GET /containers/x/top?ps_args=-o%20pid"],
                output: "PID                 CMD\n1                   sh\n"),
            Case(
                words: ["events", "--since", "1", "--format", "{{.Action}}"],
                answers: ["/events": "{\"Action\":\"start\"}\n{\"Action\":\"die\"}\n"],
                requests: ["GET /events?since=1"], output: "start\ndie\n"),
            Case(
                words: ["info", "-f", "{{.ClientInfo.Context}}"], requests: [], output: "default\n"),
        ])
    func asksAndAnswers(_ test: Case) throws {
        let bench = try Bench()
        let engine = FakeEngine(at: bench.socket) { exchange in
            guard let answer = test.answers[exchange.path] else {
                return exchange.answer(404, "{\"message\":\"nothing here\"}")
            }
            exchange.answer(200, answer)
        }
        defer { engine.stop() }
        let result = try BackgroundCommand(try bench.words(test.words)).wait()
        #expect(result.output == test.output)
        #expect(result.error == test.error)
        #expect(result.status.code == test.code)
        #expect(engine.requests == test.requests)
    }
}
