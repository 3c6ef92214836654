import Model
import TestSupport
import Testing

@testable import Linux

@Suite struct CgroupLimitTests {
    static var everything: ResourceSpec {
        var resources = ResourceSpec()
        resources.memory = 64 << 20
        resources.memoryReservation = 32 << 20
        resources.nanoCPUs = 1_500_000_000
        resources.cpuShares = 512
        resources.cpusetCPUs = "0"
        resources.pidsLimit = 50
        resources.blkioWeight = 500
        return resources
    }

    @Test func theThreeKindsOfHostsAreToldApart() throws {
        #expect(try CgroupFixture(.unified).layout().kind == .unified)
        #expect(try CgroupFixture(.legacy).layout().kind == .legacy)
        let hybrid = try CgroupFixture(.hybrid)
        let layout = try hybrid.layout()
        #expect(layout.kind == .hybrid)
        #expect(layout.legacy("cpuacct")?.mountPoint == hybrid.directory.child("sys/fs/cgroup/cpu,cpuacct"))
        #expect(layout.unified?.controllers == [])
        #expect(layout.dockerVersion == 1)
    }

    @Test(
        "The unit of a user's manager is told by the path",
        arguments: [
            ("/user.slice/user-0.slice/user@0.service/app.slice/web.service/supervisor", "app.slice/web.service"),
            ("/user.slice/user-0.slice/user@0.service/web.service", "web.service"),
            ("/user.slice/user-0.slice/user@0.service/a.slice/a-b.slice/web.service", "a.slice/a-b.slice/web.service"),
            ("/user.slice/user-0.slice/user@0.service", nil), ("/user.slice/user-0.slice/session-3.scope", nil),
            ("/system.slice/web.service", nil), ("/", nil),
        ])
    func userUnits(path: String, unit: String?) {
        let manager = "/user.slice/user-0.slice/user@0.service/"
        #expect(CgroupLayout.userUnitGroup(in: path) == unit.map { manager + $0 })
    }

    @Test func unifiedHostsGetTheFilesOfVersion2() throws {
        let fixture = try CgroupFixture(.unified)
        let cgroup = Cgroup(layout: try fixture.layout(), name: "c1")
        #expect(cgroup.group == "/sereno/c1")
        try fixture.populate("sereno", ["cgroup.subtree_control", "cgroup.controllers"])
        try fixture.populate(
            "sereno/c1",
            [
                "memory.max", "memory.low", "memory.swap.max", "cpu.max", "cpu.weight", "pids.max", "io.weight",
                "cpuset.cpus",
            ])
        try cgroup.create()
        #expect(try cgroup.apply(Self.everything) == [])
        #expect(try fixture.read("sereno/c1/memory.max") == "67108864")
        #expect(try fixture.read("sereno/c1/memory.low") == "33554432")
        // Docker: as much swap as memory unless said otherwise.
        #expect(try fixture.read("sereno/c1/memory.swap.max") == "67108864")
        #expect(try fixture.read("sereno/c1/cpu.max") == "150000 100000")
        #expect(try fixture.read("sereno/c1/cpu.weight") == "20")
        #expect(try fixture.read("sereno/c1/pids.max") == "50")
        #expect(try fixture.read("sereno/c1/io.weight") == "default 4950")
        #expect(try fixture.read("sereno/c1/cpuset.cpus") == "0")
        // The controllers were switched on at the top, the last written of them stays in a plain file.
        #expect(try fixture.read("cgroup.subtree_control").hasPrefix("+"))
    }

    @Test func aMissingControllerIsAWarningAndNothingElse() throws {
        let fixture = try CgroupFixture(.unified, controllers: "cpu pids")
        let cgroup = Cgroup(layout: try fixture.layout(), name: "c1")
        try fixture.populate("sereno/c1", ["cpu.max", "pids.max"])
        var resources = ResourceSpec()
        resources.memory = 1 << 30
        resources.pidsLimit = 7
        let warnings = try cgroup.apply(resources)
        #expect(
            warnings.first
                == "Your kernel does not support memory limit capabilities or the cgroup is not mounted. "
                + "Limitation discarded.")
        #expect(warnings.count == 2)
        #expect(try fixture.read("sereno/c1/pids.max") == "7")
    }

    @Test(arguments: [CgroupFixture.Kind.legacy, .hybrid])
    func hostsWithVersion1GetItsFiles(_ kind: CgroupFixture.Kind) throws {
        let fixture = try CgroupFixture(kind)
        let cgroup = Cgroup(layout: try fixture.layout(), name: "c1")
        try cgroup.create()
        try fixture.populate(
            "memory/sereno/c1",
            ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.soft_limit_in_bytes"])
        try fixture.populate("cpu,cpuacct/sereno/c1", ["cpu.shares", "cpu.cfs_period_us", "cpu.cfs_quota_us"])
        try fixture.populate("pids/sereno/c1", ["pids.max"])
        try fixture.populate("blkio/sereno/c1", ["blkio.weight"])
        #expect(try cgroup.apply(Self.everything) == [])
        #expect(try fixture.read("memory/sereno/c1/memory.limit_in_bytes") == "67108864")
        #expect(try fixture.read("memory/sereno/c1/memory.memsw.limit_in_bytes") == "134217728")
        #expect(try fixture.read("cpu,cpuacct/sereno/c1/cpu.cfs_quota_us") == "150000")
        #expect(try fixture.read("cpu,cpuacct/sereno/c1/cpu.cfs_period_us") == "100000")
        #expect(try fixture.read("cpu,cpuacct/sereno/c1/cpu.shares") == "512")
        #expect(try fixture.read("pids/sereno/c1/pids.max") == "50")
        #expect(try fixture.read("blkio/sereno/c1/blkio.weight") == "500")
        // An empty cpuset can hold nobody: it starts with what its parent has.
        #expect(try fixture.read("cpuset/sereno/cpuset.mems") == "0-1")
        #expect(try fixture.read("cpuset/sereno/c1/cpuset.cpus") == "0")
        #expect(cgroup.legacyJoinFiles.count == 6)
        #expect((cgroup.unifiedDirectory != nil) == (kind == .hybrid))
    }

    @Test func parentsAreHonouredAndCannotClimb() throws {
        let layout = try CgroupFixture(.unified).layout()
        #expect(Cgroup(layout: layout, parent: "/a/b", name: "c").group == "/a/b/c")
        #expect(Cgroup(layout: layout, parent: "a", name: "c").group == "/a/c")
        #expect(Cgroup(layout: layout, parent: "../../x", name: "c").group == "/x/c")
    }

    @Test func unlimitedSwapAndPids() {
        var resources = ResourceSpec()
        resources.memory = 1 << 20
        resources.memorySwap = -1
        resources.pidsLimit = -1
        #expect(resources.unifiedSettings.map(\.value) == ["1048576", "max", "max"])
        #expect(resources.legacySettings.map(\.value) == ["1048576", "-1", "max"])
    }
}
