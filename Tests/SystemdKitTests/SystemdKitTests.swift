import SystemdKit
import TestSupport
import Testing

@Suite struct SystemdVersionTests {
    @Test(arguments: [
        ("252.39-1~deb12u1", 252), ("257", 257), ("v254-rc1", 254), ("systemd 255 (255.4-1)", 255), ("", 0), ("x", 0),
    ])
    func theReleaseIsTheFirstNumber(text: String, release: Int) {
        #expect(SystemdVersion(parsing: text).major == release)
    }
}

/// `sereno-systemd` where no manager runs: this test's machine has none, and a runtime directory without one is made up.
@Suite struct ProgramWithoutSystemdTests {
    private func run(_ words: [String]) throws -> Command {
        try Command.run(
            [try BuiltProgram.path("sereno-systemd"), "--user"] + words,
            environment: ["XDG_RUNTIME_DIR=/nonexistent", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent/bus"])
    }

    @Test func anAbsentManagerIsToldWithItsOwnCode() throws {
        for words in [
            ["reload"], ["start", "a.service"], ["enable", "a.service"], ["show", "a.service", "ActiveState"],
        ] {
            let outcome = try run(words)
            #expect(outcome.status == .exited(3), "\(words)")
            #expect(outcome.error.contains("no user manager of systemd answers"), "\(outcome.error)")
        }
    }

    @Test func theVersionOfAnInstalledSystemdIsKnownWithoutARunningOne() throws {
        let outcome = try run(["version"])
        if let installed = SystemdVersion.installed() {
            #expect(outcome.output == "\(installed.major)\n")
            #expect(installed.major > 200)
        } else {
            #expect(outcome.status == .exited(3))
        }
    }

    @Test(arguments: [
        [], ["version", "x"], ["start"], ["show", "a.service"], ["destroy"], ["--timeout", "0", "reload"], ["--what"],
    ])
    func wrongUseIsRefusedBeforeAnythingIsAsked(words: [String]) throws {
        let outcome = try run(words)
        #expect(outcome.status == .exited(2))
        #expect(outcome.error.contains("see sereno-systemd --help"), "\(outcome.error)")
    }
}
