import Foundation
import Model
import Testing

@Suite struct SignalTests {
    @Test func everySignalIsParsedFromEachOfItsSpellings() throws {
        for number in Int32(1)...64 {
            let signal = try #require(Signal(number: number))
            #expect(Signal(parsing: String(number)) == signal)
            #expect(Signal(parsing: signal.name) == signal)
            #expect(Signal(parsing: signal.name.lowercased()) == signal)
            if number != 32, number != 33 { #expect(Signal(parsing: "SIG" + signal.name) == signal) }
        }
        #expect(Signal(parsing: "IOT") == .abort)
        #expect(Signal(parsing: "SIGPOLL")?.number == 29)
        #expect(Signal(parsing: "RTMIN+15")?.number == 49 && Signal(parsing: "RTMAX-14")?.number == 50)
    }

    @Test(arguments: ["", "0", "65", "-1", "SIG", "FOO", "RTMIN+31", "RTMIN+-1", "RTMAX-", "TERM ", "99999999999"])
    func whatIsNoSignalIsRefused(text: String) {
        #expect(Signal(parsing: text) == nil)
    }
}

@Suite struct ExitStatusTests {
    @Test func everyStatusWordOfWaitIsRead() {
        for code in Int32(0)...255 {
            #expect(Model.ExitStatus(waitStatus: code << 8) == .exited(UInt8(code)))
            #expect(Model.ExitStatus(waitStatus: code << 8).code == code)
        }
        for number in Int32(1)...64 {
            #expect(Model.ExitStatus(waitStatus: number).code == 128 + number)
            #expect(Model.ExitStatus(waitStatus: number | 0x80).code == 128 + number)
        }
        #expect(Model.ExitStatus.unknown.code == 255)
    }
}

@Suite struct NameTests {
    @Test(arguments: ["ab", "/web", "web_1", "a.b-c", "9x", String(repeating: "a", count: 128)])
    func dockersNamesAreAccepted(text: String) { #expect(ContainerName(text) != nil) }

    @Test(arguments: [
        "", "a", "/", "//web", "-web", ".web", "..", "../etc", "a/b", "a b", "é1", "web\n", "web\0",
        String(repeating: "a", count: 129),
    ])
    func whatIsNoNameIsRefused(text: String) { #expect(ContainerName(text) == nil) }

    @Test func freshIdentitiesAreValidAndNeverLookLikeNumbers() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let id = ContainerID.random(using: &random)
            #expect(ContainerID(id.text) == id && id.short.count == 12)
            let digits = id.short.allSatisfy(\.isNumber)
            #expect(!digits)
        }
        #expect(ContainerID(String(repeating: "A", count: 64)) == nil)
        #expect(ContainerID(String(repeating: "a", count: 63)) == nil)
    }
}

@Suite struct RestartPolicyTests {
    @Test func dockersGrammarIsKept() throws {
        #expect(try RestartPolicy(name: "", maximumRetryCount: 5) == .no)
        #expect(try RestartPolicy(name: "on-failure", maximumRetryCount: 0) == .onFailure(maximumRetryCount: nil))
        #expect(try RestartPolicy(name: "on-failure", maximumRetryCount: 3) == .onFailure(maximumRetryCount: 3))
        #expect(throws: RestartPolicy.Invalid.countNotAllowed(negative: false)) {
            try RestartPolicy(name: "always", maximumRetryCount: 3)
        }
        #expect(throws: RestartPolicy.Invalid.negativeCount) {
            try RestartPolicy(name: "on-failure", maximumRetryCount: -1)
        }
        #expect(throws: RestartPolicy.Invalid.unknownName("foo")) {
            try RestartPolicy(name: "foo", maximumRetryCount: 0)
        }
    }
}

@Suite struct TimeTests {
    @Test(arguments: [
        ("2026-01-02T03:04:05.6Z", "2026-01-02T03:04:05.6Z"), ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"),
        ("2026-01-02T03:04:05.000000001+02:00", "2026-01-02T01:04:05.000000001Z"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"),
    ])
    func wallTimesAreReadAndWritten(text: String, written: String) {
        #expect(WallTime(rfc3339: text)?.rfc3339Nano == written)
    }

    @Test(arguments: [
        "", "2026-01-02", "2026-13-02T03:04:05Z", "2026-01-02T03:04:05", "2026-01-02T03:04:05.Z",
    ])
    func whatIsNoTimeIsRefused(text: String) { #expect(WallTime(rfc3339: text) == nil) }

    @Test(
        arguments: [
            (0, "0 ms"), (300_000, "0.3 ms"), (1_000_000, "1 ms"), (100_000_000, "100 ms"), (1_600_000_000, "1.6 s"),
            (51_200_000_000, "51.2 s"), (60_000_000_000, "1 min"), (125_000_000_000, "2 min 5 s"),
            (11_400_000_000_000, "3 h 10 min"), (-1_000_000_000, "-1 s"),
        ] as [(Int64, String)])
    func spansAreWrittenAsPeopleReadThem(count: Int64, text: String) {
        #expect(Nanoseconds(count).description == text)
    }
}

@Suite struct ReasonTests {
    static let stop = UserStop(
        verb: .kill, signal: .quit, time: WallTime(nanoseconds: 5),
        client: .process(number: 12, program: "docker", uid: 1000, user: nil, gid: 1000))
    static let all: [Reason] = [
        Reason(
            occurrence: .ended(.exited(status: .exited(3), ranFor: .milliseconds(1200), outOfMemory: false)),
            rule: .policyAlways,
            outcome: .restart(count: 4, delay: .init(span: .milliseconds(800), basis: .grown(from: .milliseconds(400))))
        ),
        Reason(
            occurrence: .ended(
                .exited(status: .signaled(.kill, coreDumped: false), ranFor: .seconds(12), outOfMemory: true)),
            rule: .retriesExhausted(maximum: 3), outcome: .giveUp),
        Reason(
            occurrence: .ended(
                .startFailed(StartFailure(exitCode: 127, message: "exec /x: no such file or directory"))),
            rule: .policyOnFailure(maximum: 3),
            outcome: .restart(count: 1, delay: .init(span: .milliseconds(100), basis: .first))),
        Reason(
            occurrence: .supervisorStarted(after: .reboot, lastExit: .unknown), rule: .stoppedByUser(stop),
            outcome: .stay),
        Reason(occurrence: .removalRequested(force: true), rule: .command, outcome: .remove),
    ]

    @Test func aReasonIsOneSentence() {
        let sentences = Self.all.map(\.description)
        #expect(
            sentences[0]
                == "exited with code 3 after 1.2 s; policy always restarts however it ended; restart 4 in 800 ms (grown from 400 ms)"
        )
        #expect(
            sentences[1]
                == "killed by SIGKILL (out of memory) after 12 s; policy on-failure:3 has used up its restarts; gave up"
        )
        #expect(
            sentences[3]
                == "supervisor started after a reboot, last run ended with an unknown status; a user's kill with SIGQUIT by uid 1000, process 12 docker holds until the next start; no start"
        )
        for sentence in sentences { #expect(!sentence.contains("\n")) }
    }
}

@Suite struct WhoAndWhatTests {
    static let docker = Client.process(number: 1234, program: "docker", uid: 0, user: "root", gid: 0)

    @Test(arguments: [
        (docker, "user root (uid 0), process 1234 docker"),
        (.process(number: 0, program: nil, uid: 1000, user: nil, gid: 1000), "uid 1000"),
        (.certificate(subject: "CN=ops,O=night"), "the holder of certificate CN=ops,O=night"),
    ])
    func aClientIsNamed(client: Client, text: String) throws {
        #expect(client.description == text)
    }

    @Test func aCommandIsOneLine() {
        #expect(
            UserCommand(.kill, "with SIGHUP", by: Self.docker).description
                == "kill with SIGHUP by user root (uid 0), process 1234 docker")
        #expect(UserCommand(.remove, "-f", by: nil).description == "rm -f by a user")
    }

    @Test func figuresOfMemoryAreWrittenAsPeopleReadThem() {
        let account = MemoryAccount(
            limit: 32 << 20, peak: (3 << 29) + 1, killsBefore: 3, killsAfter: 4, stalled: .milliseconds(1200))
        #expect(account.ranOut)
        #expect(account.description == "limit 32 MiB, peak 1.5 GiB, oom kills 3 -> 4, waited 1.2 s for memory")
        #expect(MemoryAccount(peak: 1000).description == "no limit, peak 1000 B")
    }
}
