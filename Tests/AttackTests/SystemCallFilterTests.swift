import Glibc
import TestSupport
import Testing

/// The system call filter as a program meets it that uses every way into the kernel.
@Suite(
    "No way into the kernel goes round the filter", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct SystemCallFilterTests {
    private let supervisor: SupervisorUnderTest
    private let attack: AttackProgram

    init() throws {
        supervisor = try SupervisorUnderTest()
        attack = try AttackProgram("oldcalls")
    }

    private func verdicts(_ calls: [String], _ options: [String] = []) throws -> [String: String] {
        let run = try expect(
            supervisor.run("sereno", ["run", "--rm"] + options + attack.options + ["busybox", attack.path] + calls))
        var verdicts: [String: String] = [:]
        for line in run.output.split(separator: "\n") {
            let parts = line.split(separator: "=")
            if parts.count == 2 { verdicts[String(parts[0])] = String(parts[1]) }
        }
        return verdicts
    }

    private func profile(_ text: String) throws -> [String] {
        let path = supervisor.directory.child("profile-\(UInt32.random(in: 0...UInt32.max)).json")
        try TestFiles.write(text, to: path)
        return ["--security-opt", "seccomp=" + path]
    }

    // keyctl is 250 natively, 288 of i386; getpid is 20 of i386.
    @Test("A forbidden call fails with EPERM by every entrance, and one that is newer than the profile with ENOSYS")
    func everyEntrance() throws {
        let found = try verdicts(["n:250", "n:4000", "i:288", "i:4000", "i:20", "x:250", "x:4000", "x:39"])
        #expect(found["n:250"] == "EPERM")
        #expect(found["n:4000"] == "ENOSYS")
        #expect(found["i:288"] == "EPERM")
        #expect(found["i:4000"] == "ENOSYS")
        #expect(found["i:20"] == "done")
        #expect(found["x:250"] == "EPERM")
        #expect(found["x:4000"] == "ENOSYS")
    }

    @Test("Architectures that a profile does not name are closed")
    func architecturesAreHonoured() throws {
        let native = [
            #"{"defaultAction":"SCMP_ACT_ALLOW","archMap":[{"architecture":"SCMP_ARCH_X86_64"}],"syscalls":[]}"#,
            #"{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64"]}"#,
            #"{"defaultAction":"SCMP_ACT_ALLOW"}"#,
        ]
        for text in native {
            let run = try supervisor.run(
                "sereno", ["run", "--rm"] + profile(text) + attack.options + ["busybox", attack.path, "n:39", "i:20"])
            #expect(run.output.contains("n:39=done"), "\(text): \(run.error)")
            #expect(!run.output.contains("i:20=done"), "\(text): a call of i386 went through")
            #expect(run.status.code == 159, "\(text)")
        }
        let both = #"{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86"]}"#
        #expect(try verdicts(["i:20"], profile(both))["i:20"] == "done")
    }

    @Test(
        "What a profile says is done or refused by a sentence, never passed over",
        arguments: [
            (#"{"defaultAction":"SCMP_ACT_ALLOW","flags":["SECCOMP_FILTER_FLAG_LOG"]}"#, "SECCOMP_FILTER_FLAG_LOG"),
            (#"{"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"/run/agent"}"#, "listenerPath"),
            (
                #"{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_VAX"]}"#,
                "SCMP_ARCH_VAX is not a valid arch"
            ),
            (#"{"defaultAction":"SCMP_ACT_MAYBE"}"#, "SCMP_ACT_MAYBE is not a valid action"),
            (
                #"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_NOTIFY"}]}"#,
                "SCMP_ACT_NOTIFY"
            ),
            (
                #"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["a"],"action":"SCMP_ACT_ERRNO","includes":{"minKernel":"x"}}]}"#,
                "invalid kernel version"
            ),
            (
                #"{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86"],"archMap":[{"architecture":"SCMP_ARCH_X86_64"}]}"#,
                "both 'architectures' and 'archMap'"
            ),
        ])
    func refusals(text: String, part: String) throws {
        let run = try supervisor.run(
            "sereno", ["create", "--network", "none"] + profile(text) + ["busybox", "true"])
        #expect(!run.succeeded && run.error.contains(part), "\(run.error)")
    }

    @Test("Names in any case count, as they do for Docker")
    func namesInAnyCase() throws {
        let text = #"{"DefaultAction":"SCMP_ACT_ALLOW","Syscalls":[{"Names":["keyctl"],"Action":"SCMP_ACT_ERRNO"}]}"#
        #expect(try verdicts(["n:250"], profile(text))["n:250"] == "EPERM")
    }
}
