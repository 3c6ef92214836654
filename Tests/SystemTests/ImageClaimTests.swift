import Glibc
import TestSupport
import Testing

/// Between the look at an image and the container that is made from it nobody may remove the image.
@Suite(
    "An image is not removed under a container that is being made",
    .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct ImageClaimTests {
    /// A profile that takes long to compile, which a creation waits for: the time in which a removal comes.
    private static var profile: String {
        let calls = (0..<700).map {
            #"{"names":["ioctl"],"action":"SCMP_ACT_ALLOW","args":[{"index":1,"value":\#($0 * 7919),"op":"SCMP_CMP_EQ"}]}"#
        }
        return #"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":["# + calls.joined(separator: ",") + "]}"
    }

    @Test("whichever client makes it and whichever removes the image")
    func race() throws {
        let supervisor = try SupervisorUnderTest()
        let profile = supervisor.directory.child("profile.json")
        try TestFiles.write(Self.profile, to: profile)
        let tree = supervisor.directory.child("tree.tar")
        try expect(supervisor.sereno("create", "--name", "base", "--network", "none", "busybox", "true"))
        try expect(supervisor.sereno("export", "-o", tree, "base"))
        var (refused, came) = (0, 0)
        for turn in 0..<12 {
            let clients = Clients.all
            let (maker, remover) = (clients[turn % clients.count], clients[(turn + 1) % clients.count])
            try expect(supervisor.sereno("import", tree, "claimed"))
            let created = try supervisor.start(
                maker,
                [
                    "create", "--name", "turn\(turn)", "--network", "none", "--security-opt", "seccomp=" + profile,
                    "claimed", "true",
                ])
            usleep(UInt32(turn) * 15_000)
            let removed = try supervisor.run(remover, ["rmi", "claimed"])
            let made = created.wait(timeout: 60)
            if made.succeeded {
                came += 1
                #expect(
                    try supervisor.sereno("image", "inspect", "claimed").succeeded,
                    "its image is gone: \(removed.output)")
                let ran = try supervisor.sereno("start", "-a", "turn\(turn)")
                #expect(ran.succeeded, "\(ran.error)")
                try expect(supervisor.sereno("rm", "turn\(turn)"))
                #expect(!removed.succeeded)
                try expect(supervisor.sereno("rmi", "claimed"))
            } else {
                refused += 1
                // The removal was first; docker's client would pull it then.
                let words = ["No such image", "Unable to find image"]
                #expect(words.contains { made.error.contains($0) }, "\(made.error)")
            }
        }
        print("image claims: \(came) created, \(refused) refused")
        #expect(came > 0)
    }
}
