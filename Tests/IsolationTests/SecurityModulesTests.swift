import TestSupport
import Testing

@testable import Isolation

/// Hosts as trees of files, and what `info` reports of them.
@Suite struct SecurityModulesTests {
    private func detect(_ files: [String: String], directories: [String] = []) throws -> SecurityModules {
        let host = try TemporaryDirectory("sereno-modules")
        for path in directories { try TestFiles.makeDirectories(host.child(path)) }
        for (path, text) in files {
            try TestFiles.makeDirectories(host.child(path.split(separator: "/").dropLast().joined(separator: "/")))
            try TestFiles.write(text, to: host.child(path))
        }
        return SecurityModules.detect(prefix: host.path)
    }

    private static let switched = "sys/module/apparmor/parameters/enabled"
    private static let mounted = "sys/kernel/security/apparmor"

    @Test func eachKindOfHostIsKnown() throws {
        #expect(try detect([:]) == SecurityModules())
        #expect(try detect([:], directories: [Self.mounted]).appArmor == .absent)
        #expect(try detect([Self.switched: "N\n"], directories: [Self.mounted]).appArmor == .disabled)
        #expect(try detect([Self.switched: "N\n"]).appArmor == .disabled)
        #expect(try detect([Self.switched: ""], directories: [Self.mounted]).appArmor == .disabled)
        #expect(try detect([Self.switched: "Y\n"]).appArmor == .unreachable)
        #expect(try detect([Self.switched: "Y\n"], directories: [Self.mounted]).appArmor == .enabled)
        for mode in ["0", "1"] {
            #expect(try detect(["sys/fs/selinux/enforce": mode]) == SecurityModules(hasSELinux: true))
        }
        #expect(try detect([:], directories: ["sys/fs/selinux"]) == SecurityModules())
    }

    @Test func eachMissingModuleIsOneWarningWithItsReason() {
        let appArmor = "WARNING: No AppArmor: containers run without a profile, as "
        let reasons: [(SecurityModules.AppArmor, [String])] = [
            (.absent, [appArmor + "the kernel has none"]),
            (.disabled, [appArmor + "the kernel has it disabled (boot with apparmor=1 security=apparmor)"]),
            (
                .unreachable,
                [appArmor + "/sys/kernel/security/apparmor is missing (mount securityfs at /sys/kernel/security)"]
            ),
            (.enabled, []),
        ]
        #expect(reasons.map(\.0) == SecurityModules.AppArmor.allCases)
        let labels = "WARNING: No SELinux labels: the kernel uses SELinux, and containers are not labelled"
        for (state, lines) in reasons {
            #expect(SecurityModules(appArmor: state).warnings == lines)
            #expect(SecurityModules(appArmor: state, hasSELinux: true).warnings == lines + [labels])
        }
    }
}
