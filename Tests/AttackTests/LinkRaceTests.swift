import Glibc
import TestSupport
import Testing

/// CVE-2018-15664: between the look at a path and its use a container puts a link there.
@Suite(
    "A copy ends inside whatever the container does meanwhile",
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct LinkRaceTests {
    @Test("Copies into and out of a directory that changes places with a link to the host's")
    func exchanged() throws {
        let supervisor = try SupervisorUnderTest()
        let attack = try AttackProgram("swap_links")
        // On the host the directory that the link names holds a file; in the container it does not exist.
        let outside = supervisor.directory.child("outside")
        try TestFiles.makeDirectories(outside)
        try TestFiles.write("the host's\n", to: outside + "/file")
        let script = """
            mkdir /place && echo mine >/place/file && ln -s ../../../../..\(outside) /link && exec \(attack.path) /place /link
            """
        try expect(
            supervisor.run(
                "sereno", ["run", "-d", "--name", "swap"] + attack.options + ["busybox", "sh", "-c", script]))
        #expect(
            eventually(timeout: 30) {
                (try? supervisor.sereno("exec", "swap", "test", "-L", "/place").succeeded) == true
            })
        let source = supervisor.directory.child("new")
        try TestFiles.write("new\n", to: source)
        var arrived = 0
        for _ in 0..<40 {
            if try supervisor.sereno("cp", source, "swap:/place/new").succeeded { arrived += 1 }
            #expect(!(try supervisor.sereno("cp", "swap:/place/file", "-").output.contains("the host's")))
            #expect(try TestFiles.list(outside) == ["file"])
        }
        #expect(arrived > 0)
        #expect(try TestFiles.read(outside + "/file") == "the host's\n")
    }
}
