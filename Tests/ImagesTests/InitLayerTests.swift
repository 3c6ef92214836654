import Glibc
import TestSupport
import Testing

@testable import Images

@Suite struct InitLayerTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory("sereno-init-layer") }

    private func layer(_ name: String, _ script: String) throws -> String {
        let path = directory.child(name)
        try TestFiles.makeDirectories(path)
        try expect(Command.run(["sh", "-c", "set -e; cd \(path); \(script)"]))
        return path
    }

    private func filled(over layers: [String]) throws -> String {
        let path = try layer("init", "")
        try InitLayer(layers: layers).fill(path)
        return path
    }

    private func listed(_ path: String) throws -> [String] {
        try expect(Command.run(["find", path, "-mindepth", "1", "-printf", "%P %M %l\n"])).output
            .split(separator: "\n").map(String.init).sorted()
    }

    @Test("An image without any of the places gets all of them")
    func everything() throws {
        #expect(
            try listed(filled(over: [try layer("image", "mkdir bin")])) == [
                ".dockerenv -rwxr-xr-x ", "dev drwxr-xr-x ", "dev/console -rwxr-xr-x ", "dev/pts drwxr-xr-x ",
                "dev/shm drwxr-xr-x ", "etc drwxr-xr-x ", "etc/hostname -rwxr-xr-x ", "etc/hosts -rwxr-xr-x ",
                "etc/mtab lrwxrwxrwx /proc/mounts", "etc/resolv.conf -rwxr-xr-x ", "proc drwxr-xr-x ",
                "sys drwxr-xr-x ",
            ])
    }

    @Test("Directories of the image are left, with the attributes of the uppermost; links and files give way")
    func respected() throws {
        let upper = try layer(
            "upper", "mkdir -m 0751 etc; ln -s /host/outside etc/hosts; touch -d @1000 etc; mkdir proc")
        let lower = try layer(
            "lower", "mkdir -p etc/mtab dev/shm; chmod 1777 dev/shm; ln -s / sys; chmod 0700 dev; touch etc/hostname")
        let made = try filled(over: [upper, lower])
        let found = try listed(made)
        #expect(found.contains("etc drwxr-x--x "))
        #expect(found.contains("dev drwx------ "))
        #expect(found.contains("etc/hosts -rwxr-xr-x "))
        // A directory of the image, which is merged with this layer's.
        for place in ["etc/mtab", "dev/shm", "proc"] {
            #expect(!found.contains { $0.hasPrefix(place + " ") }, "\(place)")
        }
        #expect(found.contains("sys drwxr-xr-x "))
        var status = stat()
        #expect(stat(made + "/etc", &status) == 0 && status.st_mtim.tv_sec == 1000)
    }

    @Test("A link in the place of a directory is not followed, in whatever layer")
    func links() throws {
        let outside = try layer("outside", "mkdir mtab hosts; chmod 0700 .")
        let image = try layer("image", "ln -s \(outside) etc; ln -s \(outside) dev")
        let found = try listed(filled(over: [image, try layer("below", "mkdir -p etc/mtab")]))
        #expect(found.contains("etc drwxr-xr-x ") && found.contains("etc/mtab lrwxrwxrwx /proc/mounts"))
        #expect(found.contains("dev/pts drwxr-xr-x "))
        #expect(try TestFiles.list(outside).sorted() == ["hosts", "mtab"])
    }

    @Test("It is made once for an image, goes with it, and a store that opens removes those without one")
    func lifetime() throws {
        let fixture = try StoreFixture()
        let id = try fixture.importImage("app", content: "one")
        let first = try #require(try fixture.store.containerLayerPaths(id).first)
        #expect(TestFiles.exists(first + "/.dockerenv"))
        #expect(try fixture.store.containerLayerPaths(id).first == first)
        try TestFiles.makeDirectories(fixture.store.root + "/layers/init/0123")
        _ = try fixture.reopened()
        #expect(try TestFiles.list(fixture.store.root + "/layers/init").count == 1)
        _ = try fixture.store.remove("app", force: false, uses: [])
        #expect(try TestFiles.list(fixture.store.root + "/layers/init") == [])
        #expect(try TestFiles.list(fixture.store.root + "/tmp") == [])
    }
}
