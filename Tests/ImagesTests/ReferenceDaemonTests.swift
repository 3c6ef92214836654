import Glibc
import Images
import TestSupport
import Testing

/// Only with a real dockerd, whose address is in SERENO_TEST_DOCKER (`unix:///…`).
@Suite(.enabled(if: getenv("SERENO_TEST_DOCKER") != nil, "SERENO_TEST_DOCKER names no dockerd"))
struct ReferenceDaemonTests {
    private var address: String { getenv("SERENO_TEST_DOCKER").map { String(cString: $0) } ?? "" }

    private func docker(_ arguments: String...) throws -> String {
        let run = try Command.run(["docker", "-H", address] + arguments)
        guard run.succeeded else { throw TestFailure(run.error) }
        return String(run.output.dropLast())
    }

    @Test("What is saved here loads in dockerd, with the same identity and size")
    func saved() throws {
        let fixture = try StoreFixture()
        let name = "sereno-test-\(getpid()):v1"
        let id = try fixture.importImage(name, content: "for dockerd", changes: ["CMD [\"true\"]", "LABEL a=b"])
        let loaded = try docker("load", "-i", try fixture.save([name]))
        defer { _ = try? docker("rmi", name) }
        #expect(loaded == "Loaded image: \(name)")
        #expect(try docker("inspect", "-f", "{{.Id}} {{.Size}} {{.Config.Cmd}}", name) == "\(id) 11 [true]")
    }

    @Test("What dockerd saves loads here, and goes back the same")
    func loaded() throws {
        let fixture = try StoreFixture()
        let path = fixture.directory.child("busybox.tar")
        _ = try docker("save", "-o", path, "busybox:latest")
        let images = try fixture.load(path)
        let expected = try docker("inspect", "-f", "{{.Id}} {{.Size}} {{json .RootFS.Layers}}", "busybox:latest")
        let details = try fixture.store.inspect("busybox")
        let layers = details.layers.map { "\"\($0)\"" }.joined(separator: ",")
        #expect("\(details.id) \(details.size) [\(layers)]" == expected)
        #expect(images.first?.references == ["busybox:latest"])
        let again = try docker("load", "-i", try fixture.save(["busybox"]))
        #expect(again == "Loaded image: busybox:latest")
    }
}
