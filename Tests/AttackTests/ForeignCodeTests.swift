import Glibc
import TestSupport
import Testing

/// CVE-2019-14271: a program of the host that works in a container's root loads what lies there.
@Suite(
    "A copy runs no code of the container", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct ForeignCodeTests {
    private static let configuration = """
        openssl_conf = all
        [all]
        providers = list
        [list]
        foreign = settings
        [settings]
        module = /foreign.so
        activate = 1

        """

    @Test("libcrypto's configuration in the container is not read", arguments: ["running", "stopped"])
    func provider(_ state: String) throws {
        let supervisor = try SupervisorUnderTest()
        let owned = supervisor.directory.child("owned")
        let library = supervisor.directory.child("foreign.so")
        let folder = "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/")
        try expect(
            Command.run([
                "gcc", "-shared", "-fPIC", "-DOWNED=\"\(owned)\"", "-o", library,
                "/" + folder + "/Programs/foreign_provider.c",
            ]))
        let settings = supervisor.directory.child("openssl.cnf")
        try TestFiles.write(Self.configuration, to: settings)
        let container = ["--network", "none", "--name", "one", "busybox", "sh", "-c"]
        let script = "mkdir -p /usr/lib/ssl /etc/ssl && sleep 600"
        try expect(supervisor.run("sereno", ["run", "-d"] + container + [script]))
        for place in ["/usr/lib/ssl", "/etc/ssl"] {
            try expect(supervisor.sereno("cp", settings, "one:" + place + "/openssl.cnf"))
        }
        try expect(supervisor.sereno("cp", library, "one:/foreign.so"))
        if state == "stopped" { try expect(supervisor.sereno("stop", "-t", "0", "one")) }
        // What is copied is unpacked, and its digest computed, in the container's root.
        let copied = try supervisor.sereno("cp", settings, "one:/tmp/any")
        #expect(copied.succeeded, "\(copied.error)")
        #expect(!TestFiles.exists(owned))
        #expect(try supervisor.sereno("cp", "one:/tmp/any", "-").succeeded)
        #expect(!TestFiles.exists(owned))
    }
}
