import ImageService
import Images
import Model
import Records
import Testing

@testable import FileService
@testable import HostService

@Suite("The engine's own rules")
struct RulesTests {
    @Test("What the request does not say comes from the image, by key where there are keys")
    func mergesTheImage() {
        var image = ImageConfig()
        image.environment = ["PATH=/bin", "A=image"]
        image.entrypoint = ["/entry"]
        image.command = ["serve"]
        image.workingDirectory = "/srv"
        image.user = "www"
        image.stopSignal = "QUIT"
        image.labels = ["a": "image", "b": "image"]
        var spec = ContainerSpec()
        spec.process.environment = ["A=request"]
        spec.labels = ["a": "request"]
        let merged = spec.merged(with: image)
        #expect(merged.process.environment == ["PATH=/bin", "A=request"])
        #expect(merged.process.arguments == ["/entry", "serve"])
        #expect(merged.process.workingDirectory == "/srv")
        #expect(merged.process.user == "www")
        #expect(merged.stopSignal == .quit && merged.stopSignalText == "QUIT")
        #expect(merged.labels == ["a": "request", "b": "image"])

        spec.process.command = ["other"]
        #expect(spec.merged(with: image).process.arguments == ["/entry", "other"])
        spec.process.entrypoint = ["/mine"]
        #expect(spec.merged(with: image).process.arguments == ["/mine", "other"])
        spec.process.command = nil
        #expect(spec.merged(with: image).process.arguments == ["/mine"])
        spec.process.entrypoint = [""]
        spec.process.command = ["alone"]
        #expect(spec.merged(with: image).process.arguments == ["alone"])
        #expect(spec.merged(with: image).process.entrypoint == nil)
    }

    @Test("How the supervisor before ended is told from what it left")
    func supervisorEnds() {
        let now = SupervisorMark(boot: "b1", keeper: 7, keeperStart: "100", graceful: false)
        var before = now
        #expect(now.end(of: before) == .handover)
        #expect(now.end(of: nil) == .crash)
        before.keeperStart = "99"
        #expect(now.end(of: before) == .crash)
        before.graceful = true
        #expect(now.end(of: before) == .graceful)
        before.boot = "b0"
        #expect(now.end(of: before) == .graceful)
        before.graceful = false
        #expect(now.end(of: before) == .reboot)
    }

    @Test("top keeps the container's lines and the blanks of the last column")
    func listing() throws {
        let text = "UID  PID CMD\nroot   1 init\nroot  42 sh -c  a b\nroot 142 other\n"
        let table = try ProcessListing.select(from: text, ["42"])
        #expect(table.titles == ["UID", "PID", "CMD"])
        #expect(table.processes == [["root", "42", "sh -c  a b"]])
        let named = "COMMAND           PID\nWeb Content        42\nWeb 42            142\n"
        #expect(try ProcessListing.select(from: named, ["42"]).processes.count == 1)
        #expect(ProcessListing.rows(of: "PID COMMAND\n 42 a  b\n", hasHead: true).processes == [["42", "a  b"]])
        let plain = ProcessListing.rows(of: "  42\n 142\n", hasHead: false)
        #expect(plain.titles.isEmpty && plain.processes == [["42"], ["142"]])
        #expect(throws: ProcessListing.Failure.self) { try ProcessListing.select(from: "A B\n1 2\n", ["1"]) }
    }
}
