import CLinux
import Glibc
import Model
import TestSupport
import Testing

@testable import Linux

@Suite struct DeviceRuleTests {
    @Test(arguments: ["c 1:3 rwm", "b *:* m", "a *:* rwm", "c 136:* rw", "c 2147483647:0 r"])
    func dockersGrammarIsRead(text: String) throws {
        let rule = try #require(DeviceRule(text))
        #expect(rule.text == text)
    }

    @Test(arguments: [
        "", "a", "c 1:1", "c 1:1  rwm", "c  1:1 rwm", " c 1:1 rwm", "c 1:1 rwm ", "z 1:1 rwm", "zz  1:1 rwm",
        "c 11 rwm",
        "c a:a rwm", "c -1:1 rwm", "c 1:-1 rwm", "c +1:1 r", "c 1:1 x", "c 1:1 rwmrwm", "c 1:1 ", "c 1:1 rwm\n",
        "c 2147483648:1 r", "c 99999999999999999999:1 r", "c :1 r", "c 1: r", "c ١:1 r", "c 1:1:1 r", "ç 1:1 r",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(DeviceRule(text) == nil)
    }

    @Test func rulesOfOneDeviceBecomeOne() {
        let rules = ["c 1:3 r", "a 1:3 w", "c 1:3 m", "b 1:3 r"].compactMap { DeviceRule($0) }
        #expect(DeviceRule.merged(rules).map(\.text) == ["c 1:3 rwm", "b 1:3 rw"])
        #expect(DeviceRule.allowEverything(["a *:* r", "a *:* wm"].compactMap { DeviceRule($0) }))
        #expect(!DeviceRule.allowEverything(["c *:* rwm"].compactMap { DeviceRule($0) }))
        #expect(!DeviceRule.allowEverything(["a *:* rw", "a 1:* m"].compactMap { DeviceRule($0) }))
    }
}

/// What the kernel makes of them, in groups of their own below the host's.
@Suite(.enabled(if: getuid() == 0)) struct DeviceLimitKernelTests {
    private func withGroup(_ layout: CgroupLayout, _ body: (Cgroup) throws -> Void) throws {
        var generator = SystemRandomNumberGenerator()
        let id = ContainerID.random(using: &generator)
        let cgroup = Cgroup(layout: layout, parent: "/sereno-devices-" + id.short, name: id.text)
        try cgroup.create()
        defer {
            try? cgroup.remove()
            for directory in cgroup.directories {
                rmdir(String(directory[..<(directory.lastIndex(of: "/") ?? directory.endIndex)]))
            }
        }
        try body(cgroup)
    }

    /// Whether a process in the group can open devices, by their paths.
    private func opens(_ cgroup: Cgroup, _ paths: [String]) throws -> [Bool] {
        var files = cgroup.legacyJoinFiles
        if let unified = cgroup.unifiedDirectory { files.append(unified + "/cgroup.procs") }
        let join = files.map { "echo 0 > \($0) || exit 9" }.joined(separator: "\n")
        let look = paths.map { "(: < \($0)) && echo yes || echo no" }.joined(separator: "\n")
        return try expect(Command.run(["/bin/sh", "-c", join + "\n" + look])).output.split(separator: "\n").map {
            $0 == "yes"
        }
    }

    private static func rules(_ texts: [String]) -> [DeviceRule] { texts.compactMap { DeviceRule($0) } }
    private static let paths = ["/dev/zero", "/dev/full"]

    private static let layouts: [CgroupLayout] = {
        guard let layout = try? CgroupLayout.detect() else { return [] }
        // Each of the two ways by itself, as far as the host has it.
        let devices = layout.legacy.filter { $0.controllers.contains("devices") }
        return (devices.isEmpty ? [] : [CgroupLayout(unified: nil, legacy: devices)])
            + (layout.unified.map { [CgroupLayout(unified: $0, legacy: [])] } ?? [])
    }()

    @Test(arguments: layouts)
    func newRulesTakeThePlaceOfTheOld(layout: CgroupLayout) throws {
        try withGroup(layout) { cgroup in
            #expect(try opens(cgroup, Self.paths) == [true, true])
            try cgroup.allowDevices(Self.rules(["c 1:3 rwm", "c 1:5 rwm"]))
            #expect(try opens(cgroup, Self.paths) == [true, false])
            try cgroup.allowDevices(Self.rules(["c 1:3 rwm", "c 1:7 rwm"]))
            #expect(try opens(cgroup, Self.paths) == [false, true])
            try cgroup.allowDevices(Self.rules(["c 1:3 rwm", "c 1:7 rwm"]))
            #expect(try opens(cgroup, Self.paths) == [false, true])
            if let unified = cgroup.unifiedDirectory { #expect(clinux_device_programs(unified) == 1) }
            try cgroup.allowAllDevices()
            #expect(try opens(cgroup, Self.paths) == [true, true])
            if let unified = cgroup.unifiedDirectory { #expect(clinux_device_programs(unified) == 0) }
            try cgroup.allowDevices([])
            #expect(try opens(cgroup, Self.paths) == [false, false])
        }
    }

    @Test(arguments: layouts)
    func aGroupWithGroupsBelowIsLimitedAsWell(layout: CgroupLayout) throws {
        try withGroup(layout) { cgroup in
            let below = (cgroup.directories.first ?? "") + "/below/deeper"
            try TestFiles.makeDirectories(below)
            try cgroup.allowDevices(Self.rules(["c 1:5 rwm"]))
            #expect(try opens(cgroup, Self.paths) == [true, false])
        }
    }

    @Test func whatTheHostCannotLimitIsAnError() throws {
        let directory = try TemporaryDirectory()
        // Plain directories in the place of control groups: the kernel takes neither rules nor programs.
        let hierarchy = { (controllers: [String]) in
            CgroupHierarchy(mountPoint: directory.path, mountRoot: "/", controllers: controllers, ownGroup: "/")
        }
        try TestFiles.makeDirectories(directory.child("group/c"))
        for layout in [
            CgroupLayout(unified: hierarchy([]), legacy: []),
            CgroupLayout(unified: nil, legacy: [hierarchy(["devices"])]),
            CgroupLayout(unified: nil, legacy: [hierarchy(["pids"])]), CgroupLayout(unified: nil, legacy: []),
        ] {
            let cgroup = Cgroup(layout: layout, parent: "/group", name: "c")
            #expect(throws: LinuxError.self) { try cgroup.allowDevices(Self.rules(["c 1:3 rwm"])) }
        }
        // Files that take every write and keep other rules than were asked for.
        for file in ["list", "allow", "deny"] {
            try TestFiles.write("", to: directory.child("group/c/devices." + file))
        }
        let cgroup = Cgroup(
            layout: CgroupLayout(unified: nil, legacy: [hierarchy(["devices"])]), parent: "/group", name: "c")
        #expect(throws: LinuxError.self) { try cgroup.allowDevices(Self.rules(["c 1:3 rwm"])) }
    }

    @Test func tooManyRulesAreRefused() throws {
        let directory = try TemporaryDirectory()
        let hierarchy = CgroupHierarchy(
            mountPoint: directory.path, mountRoot: "/", controllers: ["devices"], ownGroup: "/")
        let cgroup = Cgroup(layout: CgroupLayout(unified: nil, legacy: [hierarchy]), name: "c")
        let rules = (0...Cgroup.mostDeviceRules).map { DeviceRule(.character, 1, Int32($0), .all) }
        #expect(throws: LinuxError(call: "limit devices of", object: cgroup.group, code: E2BIG)) {
            try cgroup.allowDevices(rules)
        }
    }
}
