import Glibc
import LaunchPlan
import Linux
import Model
import TestSupport
import Testing

@testable import Isolation

/// The profile's text and who gets which: all that needs no kernel with AppArmor in it.
@Suite struct AppArmorTests {
    private func profile(_ options: [String], privileged: Bool = false, enabled: Bool = true) throws -> [String] {
        var fixture = PlanFixture()
        fixture.host.securityModules.appArmor = enabled ? .enabled : .absent
        fixture.spec.security.options = options
        fixture.spec.security.privileged = privileged
        return try fixture.operations().compactMap { if case .appArmorProfile(let name) = $0 { name } else { nil } }
    }

    @Test func whoGetsWhichProfile() throws {
        #expect(try profile([]) == ["sereno-default"])
        #expect(try profile([], privileged: true) == ["unconfined"])
        #expect(try profile(["apparmor=mine"]) == ["mine"])
        #expect(try profile(["apparmor:mine"], privileged: true) == ["mine"])
        #expect(try profile(["apparmor=unconfined"]) == ["unconfined"])
        #expect(try profile(["apparmor=mine"], enabled: false) == [])
        #expect(throws: IsolationError.self) { try profile(["apparmor=mine\nexec other"]) }
        #expect(throws: IsolationError.self) { try profile(["apparmor=" + String(repeating: "a", count: 5000)]) }
    }

    @Test func itIsSetBeforeAnythingOfTheContainerIsMountedAndBeforeThePrivilegesGo() throws {
        var fixture = PlanFixture()
        fixture.host.securityModules.appArmor = .enabled
        let operations = try fixture.operations()
        let place = try #require(operations.firstIndex(of: .appArmorProfile("sereno-default")))
        let keyring = try #require(operations.firstIndex(of: .sessionKeyring(name: "")))
        let pivot = try #require(operations.firstIndex { $0.isPivot })
        let filter = try #require(operations.firstIndex { $0.isSeccomp })
        #expect(place < keyring && keyring < pivot && pivot < filter)
        let mounting = operations.firstIndex { if case .propagation = $0 { true } else { false } }
        #expect(try place < #require(mounting))
    }

    @Test func theProfileIsDockersUnderAnotherName() {
        let bare = AppArmorProfile.text(.init())
        let rules = [
            "@{PROC}=/proc/", "profile \"sereno-default\" flags=(attach_disconnected,mediate_deleted) {", "  network,",
            "  deny network alg,", "  capability,", "  file,", "  umount,", "  signal (receive) peer=\"unconfined\",",
            "  signal (send,receive) peer=\"sereno-default\",", "  deny @{PROC}/* w,", "  deny @{PROC}/sys/[^k]** w,",
            "  deny @{PROC}/sysrq-trigger rwklx,", "  deny @{PROC}/kcore rwklx,", "  deny mount,",
            "  deny /sys/firmware/** rwklx,", "  deny /sys/devices/virtual/powercap/** rwklx,",
            "  deny /sys/kernel/security/** rwklx,",
            "  ptrace (trace,tracedby,read,readby) peer=\"sereno-default\",", "}",
        ]
        for rule in rules { #expect(bare.split(separator: "\n").contains(Substring(rule)), "\(rule)") }
        #expect(!bare.contains("#include") && !bare.contains("abi <"))
        let full = AppArmorProfile.text(
            .init(ownProfile: "/usr/bin/serenod", files: Set(AppArmorProfile.Surroundings.known)))
        #expect(full.hasPrefix("abi <abi/3.0>,\n#include <tunables/global>\n"))
        #expect(full.contains("  #include <abstractions/base>\n"))
        #expect(full.contains("  signal (receive) peer=\"/usr/bin/serenod\",\n"))
        #expect(!full.contains("@{PROC}=/proc/"))
    }

    @Test func aLoadedProfileIsKnownByItsWholeName() {
        let loaded = "docker-default (enforce)\nsereno-default (enforce)\nsereno-default//child (enforce)\n"
        #expect(AppArmorProfile.lists(loaded, "sereno-default"))
        #expect(!AppArmorProfile.lists(loaded, "sereno"))
        #expect(!AppArmorProfile.lists("sereno-default-2 (enforce)\n", "sereno-default"))
    }

    @Test func thermalCountersOfEachProcessorAreMasked() {
        let found = SystemPaths.thermalThrottle(processors: SystemPaths.processors("0-1,3\n")) { !$0.contains("cpu1/") }
        #expect(
            found == [
                "/sys/devices/system/cpu/cpu0/thermal_throttle", "/sys/devices/system/cpu/cpu3/thermal_throttle",
            ])
        #expect(SystemPaths.processors("") == [])
        #expect(SystemPaths.processors("x,-1,3-1,0-999999999,2") == [2...2])
        #expect(SystemPaths.masked.starts(with: SystemPaths.always))
    }
}

/// On a host without AppArmor nothing can be confined: a container that is to be does not run.
@Suite(
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper") && SecurityModules.detect().appArmor != .enabled)
)
struct AppArmorLaunchTests {
    private func container(_ options: [String]) throws -> ContainerUnderTest {
        var spec = ContainerSpec()
        spec.process.command = ["/bin/true"]
        spec.network.mode = .none
        spec.security.options = options
        return try ContainerUnderTest(
            spec,
            runtime: { facts in
                var facts = facts
                facts.securityModules.appArmor = .enabled
                return NativeIsolation(host: facts)
            })
    }

    @Test func aProfileThatCannotBeEnteredStopsTheLaunch() throws {
        let outcome = try container(["apparmor=mine"]).run()
        #expect(outcome.failure != nil)
        #expect(outcome.status == nil)
    }

    @Test func theStandardProfileIsLoadedFirstOrNothingStarts() throws {
        let box = try container([])
        #expect(throws: IsolationError.self) { try box.run() }
    }
}
