import Glibc
import TestSupport
import Testing

/// Images made to break out or to break the engine, each loaded, created, started, entered and copied from: the host's files are
/// neither read nor changed, the engine is the same process, and the container runs or is refused with a sentence.
@Suite("A hostile image reaches nothing", .enabled(if: getuid() == 0 && BuiltProgram.exists("sereno-keeper")))
struct HostileImageTests {
    /// What the supervisor itself mounts, fills, reads or enters in a root file system; a slash ends those that are directories.
    static let places = [
        "proc/", "sys/", "dev/", "etc/", "etc/hosts", "etc/hostname", "etc/resolv.conf", "etc/mtab", "etc/passwd",
        "etc/group", "dev/shm/", "dev/pts/", "dev/mqueue/", "dev/console", "dev/null", "dev/ptmx", "dev/fd/", "dev/tty",
        "sys/fs/cgroup/", "proc/sys/", "tmp/", "root/", "work/", "volume/", "attack/", "bin/", "bin/sh", ".dockerenv",
        "run/secrets/", "tmpfs/",
    ]

    /// What stands there instead.
    struct Replacement: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let add: @Sendable (inout TarBuilder, _ place: String, _ canary: String) -> Void

        init(_ name: String, _ add: @escaping @Sendable (inout TarBuilder, String, String) -> Void) {
            testDescription = name
            self.add = add
        }

        /// A symbolic link; `target` makes its text of the canary's path.
        static func link(_ name: String, _ target: @escaping @Sendable (String) -> String) -> Replacement {
            Replacement(name) { $0.add($1, .symbolicLink, link: target($2)) }
        }
        static func device(_ name: String, _ kind: TarBuilder.Kind, _ major: Int, _ minor: Int) -> Replacement {
            Replacement(name) { layer, place, _ in
                layer.mode = 0o666
                layer.add(place, kind, device: (major, minor))
            }
        }

        static let all = [
            link("an absolute link") { $0 }, link("a relative link") { "../../../../../../../.." + $0 },
            link("a link by the process's root") { "/proc/self/root" + $0 },
            link("a link by the first process's root") { "/proc/1/root" + $0 },
            link("a link by a descriptor") { "/proc/self/fd/5/../../../../../../../.." + $0 },
            link("a link by a working directory") { "/proc/thread-self/cwd/../../../../.." + $0 },
            link("a dangling link") { _ in "/nowhere/at/all" },
            link("a link to the root") { _ in "/" }, link("a link to the program") { _ in "/proc/self/exe" },
            Replacement("a link to itself") { layer, place, _ in layer.add(place, .symbolicLink, link: "/" + place) },
            Replacement("a hard link to outside") { $0.add($1, .hardLink, link: "../../../../../.." + $2) },
            Replacement("a pipe") { layer, place, _ in layer.add(place, .fifo) },
            device("the kernel's log", .characterDevice, 1, 11), device("the console", .characterDevice, 5, 1),
            device("a disk", .blockDevice, 7, 7), device("a whiteout's device", .characterDevice, 0, 0),
            Replacement("a directory") { layer, place, _ in
                layer.mode = 0o755
                layer.add(place, .directory)
            },
            Replacement("a set-user-ID file") { layer, place, _ in
                layer.mode = 0o6777
                layer.add(place, .file, "#!/bin/sh\n")
            },
            Replacement("an empty file") { layer, place, _ in layer.add(place, .file) },
        ]
    }

    @Test("Whatever stands where the supervisor mounts, fills or looks", arguments: Replacement.all)
    func places(_ replacement: Replacement) throws {
        let stage = try Stage(places: Self.places)
        let volume = try TemporaryDirectory("sereno-volume")
        let options = ["-w", "/work", "-v", volume.path + ":/volume", "--tmpfs", "/tmpfs"]
        var ran = 0
        var loaded = 0
        for place in Self.places {
            var image = HostileImage()
            let name = place.hasSuffix("/") ? String(place.dropLast()) : place
            replacement.add(&image.layer, name, stage.canaries.path + "/" + name)
            let outcome = try stage.play(
                image, "\(replacement.testDescription) at \(place)", options, at: name)
            loaded += outcome == nil ? 0 : 1
            ran += outcome ?? 0
        }
        // Not everything is refused once it is an image.
        #expect(ran > 0 || loaded == 0)
    }

    @Test("What is looked at would show an image that does reach the host's files")
    func sees() throws {
        let stage = try Stage(places: ["etc/hosts"])
        let image = HostileImage()
        #expect(try stage.play(image, "harmless", at: "etc/hosts") == 2)
        try expect(image.load(into: stage.supervisor))
        let canaries = stage.canaries
        #expect(try canaries.touched().isEmpty)
        let program = [
            try AttackProgram("hostile-image").path, canaries.path, canaries.path.dropFirst() + "/etc/hosts",
        ]
        let options = try AttackProgram("hostile-image").options + ["-v", canaries.path + ":" + canaries.path]
        let run = try expect(stage.supervisor.run("sereno", ["run", "--rm"] + options + ["hostile"] + program))
        #expect(run.output.contains(canaries.token))
        #expect(try !canaries.touched().isEmpty)
    }

    @Test("Set-user-ID programs of an image give nobody else on the host anything")
    func layersAreClosed() throws {
        let stage = try Stage(places: [])
        var image = HostileImage()
        image.layer.mode = 0o6755
        image.layer.add("evil", .file, "x")
        try expect(image.load(into: stage.supervisor))
        chmod(stage.supervisor.directory.path, 0o755)
        let found = try Command.run(["find", stage.supervisor.directory.path, "-name", "evil", "-perm", "-6000"])
        #expect(found.output.contains("/evil"))
        let asNobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        for path in found.output.split(separator: "\n") {
            let looked = try Command.run(asNobody + ["stat", String(path)])
            #expect(!looked.succeeded, "\(path) can be reached by every user of the host")
        }
    }
}
