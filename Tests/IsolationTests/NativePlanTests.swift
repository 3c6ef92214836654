import LaunchPlan
import Linux
import Model
import Testing

@testable import Isolation

@Suite struct NativePlanTests {
    @Test func aPlanEndsInTheProgramWithDockersEnvironment() throws {
        var fixture = PlanFixture()
        fixture.spec.process.environment = ["A=1", "PATH=/x", "TERM"]
        let plan = try fixture.build().plan
        guard case .execute(let arguments, let environment) = plan.operations.last else {
            Issue.record("the last operation is not execute")
            return
        }
        #expect(arguments == ["/bin/true"])
        #expect(environment == ["PATH=/x", "HOSTNAME=0123456789ab", "A=1", "HOME=/root"])
        #expect(plan.cgroupDescriptor == 0)
        #expect(plan.namespaces == 0x2C02_0000)
    }

    @Test func kernelFileSystemsComeFirstAndUsersMountsByDepth() throws {
        var fixture = PlanFixture()
        for (source, target) in [("/a", "/x/y/z"), ("/b", "/x"), ("/c", "/etc/hosts"), ("/d", "/dev/shm")] {
            var mount = MountSpec()
            mount.source = .bind(path: source)
            mount.target = target
            fixture.spec.mounts.append(mount)
        }
        let targets = PlanFixture.targets(try fixture.operations())
        #expect(
            targets == [
                "/proc", "/dev", "/dev/pts", "/sys", "/dev/mqueue", "/sys/fs/cgroup", "/x", "/etc/hosts", "/dev/shm",
                "/etc/resolv.conf", "/etc/hostname", "/x/y/z",
            ])
    }

    @Test func hostPathsAndMasksComeBeforeThePivot() throws {
        let operations = try PlanFixture().operations()
        let pivot = try #require(operations.firstIndex(where: { $0.isPivot }))
        #expect(operations[..<pivot].filter { $0.isMask }.count == SystemPaths.masked.count)
        #expect(operations[pivot...].contains(where: { $0.isMask }) == false)
        for operation in operations[pivot...] {
            if case .bindInRoot = operation { Issue.record("a bind after the pivot: \(operation)") }
        }
    }

    @Test func theFilterComesBeforeTheIdentityUnlessNoNewPrivilegesIsSet() throws {
        var fixture = PlanFixture()
        var operations = try fixture.operations()
        #expect(
            try #require(operations.firstIndex(where: { $0.isSeccomp })) < #require(
                operations.firstIndex(where: { $0.isIdentity })))
        fixture.spec.security.options = ["no-new-privileges"]
        operations = try fixture.operations()
        #expect(operations.contains(.noNewPrivileges))
        #expect(operations.dropLast().last?.isSeccomp == true)
    }

    @Test func anOrdinaryUserHoldsNoCapability() throws {
        var fixture = PlanFixture()
        fixture.identity = UserIdentity(uid: 1000, gid: 1000, groups: [1000], home: "/home/app")
        #expect(
            try fixture.operations().contains(
                .capabilities(bounding: 0xA804_25FB, effective: 0, permitted: 0, inheritable: 0, ambient: 0)))
    }

    @Test func whatTheHostCannotGrantIsLeftOutWithAWarning() throws {
        let without = CapabilitySet.all.subtracting(CapabilitySet(name: "SYS_RESOURCE") ?? [])
        var fixture = PlanFixture(without)
        fixture.spec.security.capAdd = ["SYS_RESOURCE"]
        fixture.host.hardLimits = [7: 1000]
        var limit = Ulimit()
        limit.name = "nofile"
        limit.soft = 5000
        limit.hard = -1
        fixture.spec.resources.ulimits = [limit]
        let (plan, warnings) = try fixture.build()
        #expect(warnings.count == 2)
        #expect(warnings.first?.contains("CAP_SYS_RESOURCE") == true)
        #expect(plan.operations.contains(.setLimit(resource: 7, soft: 1000, hard: 1000)))
    }

    @Test func sharedModesMakeNoNamespace() throws {
        var fixture = PlanFixture()
        fixture.spec.namespaces.pid = .host
        fixture.spec.namespaces.ipc = .host
        fixture.spec.namespaces.uts = .host
        fixture.spec.namespaces.cgroup = .host
        fixture.spec.network.mode = .host
        let plan = try fixture.build().plan
        #expect(plan.namespaces == 0x0002_0000)
        for operation in plan.operations {
            switch operation {
            case .unshare, .enterNamespace, .setHostname: Issue.record("not shared: \(operation)")
            default: continue
            }
        }
    }

    @Test func privilegedContainersAreLeftOpen() throws {
        var fixture = PlanFixture()
        fixture.spec.security.privileged = true
        let operations = try fixture.operations()
        #expect(!operations.contains(where: { $0.isMask }))
        #expect(
            operations.contains(
                .mountInRoot(
                    root: "/data/c/merged", source: "sysfs", target: "/sys", type: "sysfs", flags: 0xE, data: "")))
        #expect(
            operations.contains { if case .deviceInRoot(_, "/dev/kmsg", _, _, _, _, _) = $0 { true } else { false } })
    }

    @Test(arguments: [
        ("net.ipv4.ip_forward", "sys/net/ipv4/ip_forward"), ("kernel.sem", "sys/kernel/sem"),
        ("fs.mqueue.msg_max", "sys/fs/mqueue/msg_max"),
    ])
    func namespacedSysctlsAreWritten(_ name: String, _ path: String) throws {
        var fixture = PlanFixture()
        fixture.spec.security.sysctls = [name: "1"]
        #expect(try fixture.operations().contains(.sysctl(root: "/data/c/merged", path: path, value: "1")))
    }

    @Test(arguments: [
        ("kernel.foo", "sysctl \"kernel.foo\" is not in a separate kernel namespace"),
        ("net.core.somaxconn", "sysctl \"net.core.somaxconn\" not allowed in host network namespace"),
    ])
    func othersAreRefused(_ name: String, _ text: String) {
        var fixture = PlanFixture()
        fixture.spec.network.mode = .host
        fixture.spec.security.sysctls = [name: "1"]
        let error = #expect(throws: IsolationError.self) { _ = try fixture.build() }
        #expect(error?.description == text)
    }

    @Test func tmpfsOptionsBecomeFlagsAndData() throws {
        var fixture = PlanFixture()
        var mount = MountSpec()
        mount.source = .tmpfs
        mount.target = "/t"
        mount.options = "rw,exec,size=1m,mode=0700"
        fixture.spec.mounts = [mount]
        #expect(
            try fixture.operations().contains(
                .mountInRoot(
                    root: "/data/c/merged", source: "tmpfs", target: "/t", type: "tmpfs", flags: 0x6,
                    data: "size=1m,mode=0700")))
        fixture.spec.mounts[0].options = "foo"
        let error = #expect(throws: IsolationError.self) { _ = try fixture.build() }
        #expect(error?.description == "invalid tmpfs option \"foo\"")
    }

    @Test(arguments: ["data", "/data"]) func aVolumeIsNoDirectoryOfTheHostWhateverItsName(_ name: String) {
        var fixture = PlanFixture()
        var mount = MountSpec()
        mount.source = .volume(name: name)
        mount.target = "/t"
        fixture.spec.mounts = [mount]
        let error = #expect(throws: IsolationError.self) { _ = try fixture.build() }
        #expect(error?.description == "named volumes are not supported yet: \(name)")
    }

    @Test func everyOperationHasALine() throws {
        var fixture = PlanFixture()
        fixture.spec.process.terminal = true
        let lines = try fixture.build().plan.lines
        #expect(lines.count == (try fixture.operations().count) + 2)
        #expect(lines.contains("mask ROOT/proc/kcore"))
        #expect(lines.contains { $0.hasPrefix("capabilities bounding chown,dac_override,") })
        #expect(lines.contains("bind the terminal at ROOT/dev/console"))
        #expect(!lines.contains { $0.contains("\n") })
    }
}
