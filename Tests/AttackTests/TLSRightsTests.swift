import Glibc
import TestSupport
import Testing

/// The program that strangers reach before they have shown who they are.
@Suite(
    "sereno-tls holds nothing but its connections",
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct TLSRightsTests {
    #if arch(x86_64)
        @Test("It is nobody, has no capability, no file and no network but the sockets that it holds")
        func listener() throws {
            let keys = try TemporaryDirectory("sereno-tls")
            let script = """
                cd "$0" && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=one \\
                    -keyout key.pem -out cert.pem
                """
            try expect(Command.run(["/bin/sh", "-c", script, keys.path]))
            // Port 0 is any that is free.
            let supervisor = try SupervisorUnderTest(
                image: false,
                options: [
                    "-H", "tcp://127.0.0.1:0", "--tlsverify", "--tlscacert", keys.child("cert.pem"), "--tlscert",
                    keys.child("cert.pem"), "--tlskey", keys.child("key.pem"),
                ])
            let engine = try #require(supervisor.engineProcess)
            let helper = try HelperProcess("sereno-tls", "listen", of: engine)
            try helper.waitUntilConfined(filters: 2)
            for set in ["CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb"] {
                #expect(try helper.capabilities(set) == "0")
            }
            #expect(try helper.status("Uid") == "65534\t65534\t65534\t65534")
            #expect(try helper.status("Gid") == "65534\t65534\t65534\t65534")
            #expect(try helper.status("Groups").filter { $0 != " " } == "")
            #expect(try helper.status("NoNewPrivs") == "1")
            #expect(helper.link("ns/net") != HelperProcess(engine).link("ns/net"))
            // open, openat, socket, connect, bind, clone with a new user, execve, ptrace, kill, unshare, mount, setuid.
            for number in [2, 257, 41, 42, 49, 59, 101, 62, 272, 165, 105] {
                #expect(try helper.call(number) == -Int(ENOSYS), "\(number)")
            }
            #expect(try helper.call(56, 0x1000_0000) == -Int(ENOSYS))
            #expect(try helper.call(56, 17) == -Int(ENOSYS))
            #expect(try supervisor.sereno("version").succeeded)
        }
    #endif
}
