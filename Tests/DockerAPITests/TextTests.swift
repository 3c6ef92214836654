import DockerAPI
import Model
import Testing

@testable import DockerAPI

@Suite struct TextTests {
    @Test func everyStatusHasDockersText() {
        let now = WallTime(nanoseconds: 1_000_000_000_000)
        var state = StateSnapshot(status: .exited)
        state.startedAt = WallTime(nanoseconds: 1)
        state.finishedAt = WallTime(nanoseconds: 880_000_000_000)
        state.exitCode = 3
        #expect(state.statusText(now: now) == "Exited (3) 2 minutes ago")
        state.status = .restarting
        state.finishedAt = WallTime(nanoseconds: 995_000_000_000)
        #expect(state.statusText(now: now) == "Restarting (3) 5 seconds ago")
        state.startedAt = WallTime(nanoseconds: 997_000_000_000)
        state.status = .running
        #expect(state.statusText(now: now) == "Up 3 seconds")
        state.status = .paused
        #expect(state.statusText(now: now) == "Up 3 seconds (Paused)")
        #expect(StateSnapshot(status: .created).statusText(now: now) == "Created")
        #expect(StateSnapshot(status: .removing).statusText(now: now) == "Removal In Progress")
        #expect(StateSnapshot(status: .dead).statusText(now: now) == "Dead")
    }

    private static let namesMatchAsPatternsTable: [(String, String, Bool)] = [
        ("web", "web-1", true), ("^web$", "web-1", false), ("^/web", "/web-1", true), ("w.b", "web", true),
        ("a|b", "xbx", true), ("^a.*z$", "abcz", true), ("a+b", "b", false), ("", "anything", true),
        ("^/c[12]$", "/c1", true), ("^/c[12]$", "/c3", false), ("^c[^a-f0-9]+$", "cxyz", true),
        ("^c[^a-f0-9]+$", "cx1", false), ("^web-\\d{2,3}$", "web-12", true), ("^web-\\d{2,3}$", "web-1234", false),
        ("^(ab)*$", "abab", true), ("^(ab)*$", "aba", false), ("^a(b|c(d|e))+f$", "abcdcebf", true), ("x?y", "y", true),
        ("\\bdb\\b", "web-db-1", true), ("\\bdb\\b", "web_db", false), ("a\\.b", "axb", false), ("[]a]", "]", true),
        ("[a\\-z]", "b", false), ("[[:digit:]_]", "_", true), ("^(?:a|b){3}$", "aba", true), ("^(?P<n>x)$", "x", true),
        ("^$", "", true), ("a{2", "a{2", true), ("(a*)*b", String(repeating: "a", count: 200), false),
    ]

    @Test(arguments: ["(", ")", "[a", "a**", "*a", "a{1001}", "a{3,2}", "[z-a]", "\\q", "(?<!x)", "((a{99}){99}){99}"])
    func whatIsNoPatternMatchesNothing(text: String) {
        #expect(NamePattern(text) == nil)
    }

    @Test(arguments: namesMatchAsPatternsTable)
    func namesMatchAsPatterns(pattern: String, name: String, matches: Bool) {
        #expect(NamePattern(pattern)?.matches(name) == matches)
    }

    /// Followed one after the other, the ways through this pattern are more than could ever be tried.
    @Test func aPatternOfManyStarsTakesNoTime() {
        let pattern = String(repeating: "a*", count: 40) + "b"
        #expect(NamePattern(pattern)?.matches(String(repeating: "a", count: 128)) == false)
    }

    @Test func filtersAreCheckedByName() throws {
        #expect(throws: RequestError.invalid("invalid filter 'foo'")) {
            try ContainerListRequest(all: false, limit: 0, filters: #"{"foo":["x"]}"#)
        }
        #expect(
            throws: RequestError.invalid(
                "invalid filter 'status=x': invalid value for state (x): must be one of created, running, paused, restarting, "
                    + "removing, exited, dead")
        ) {
            try ContainerListRequest(all: false, limit: 0, filters: #"{"status":["x"]}"#)
        }
        #expect(try ContainerListRequest(all: false, limit: 0, filters: #"{"status":{"exited":true}}"#).all)
    }

    @Test func filtersWithWrongValuesAreRefused() {
        for (filters, message) in [
            (#"{"is-task":["maybe"]}"#, "invalid filter 'is-task=[maybe]'"),
            (
                #"{"publish":["abc"]}"#,
                #"error while looking up for publish abc: strconv.ParseUint: parsing "abc": invalid syntax"#
            ),
        ] {
            #expect(throws: RequestError.invalid(message)) {
                try ContainerListRequest(all: false, limit: 0, filters: filters)
            }
        }
    }

    @Test func timesAreReadWithTheirFraction() throws {
        #expect(try RequestTime.parse("1700000000.5")?.nanoseconds == 1_700_000_000_500_000_000)
        #expect(try RequestTime.parse("2026-01-02T03:04:05Z")?.rfc3339Nano == "2026-01-02T03:04:05Z")
        #expect(try RequestTime.parse(nil) == nil)
        #expect(throws: RequestError.self) { try RequestTime.parse("x") }
        #expect(try PruneTime.parse("1h30m", now: WallTime(nanoseconds: 0)).nanoseconds == -5_400_000_000_000)
    }

    @Test func base64HasItsPadding() {
        #expect(
            ["", "f", "fo", "foo", "foob"].map { Base64.encode(Array($0.utf8)) } == [
                "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==",
            ])
    }
}
