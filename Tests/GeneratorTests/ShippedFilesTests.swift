import TestSupport
import Testing
import UnitFiles

/// The files that an installation puts in place as they are.
@Suite("The units and jobs that come with sereno")
struct ShippedFilesTests {
    static let units = ["sereno.service", "sereno.socket", "sereno-container@.service"]
    static let jobs = ["sereno.conf", "sereno-container.conf"]

    private static let isInstalled = (try? Command.run(["systemd-analyze", "--version"]).succeeded) ?? false
    private static let notInstalled: Comment = "systemd-analyze is missing: run scripts/setup"

    private static func read(_ path: String) throws -> ByteString {
        ByteString(try TestFiles.readBytes(GeneratedPage.root + "/" + path))
    }

    /// A directory with the units, their programs replaced by one that is there.
    private func directory() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        for name in Self.units {
            let text = try TestFiles.read(GeneratedPage.root + "/units/" + name)
            let runnable = text.replacing(/\/usr\/local\/[a-z\/-]+/, with: "/bin/true")
            try TestFiles.write(runnable, to: directory.child(name))
        }
        return directory
    }

    @Test("All files there are checked here")
    func complete() throws {
        #expect(try TestFiles.list(GeneratedPage.root + "/units").sorted() == Self.units.sorted())
        #expect(try TestFiles.list(GeneratedPage.root + "/upstart").sorted() == Self.jobs.sorted())
    }

    @Test("A unit reads as what its encoding reads as", arguments: units)
    func unit(name: String) throws {
        let unit = try SystemdUnit(parsing: try Self.read("units/" + name))
        #expect(unit.sections.count >= 2)
        #expect(try SystemdUnit(parsing: try unit.encoded()) == unit)
    }

    @Test("A job reads as what its encoding reads as", arguments: jobs)
    func job(name: String) throws {
        let job = try UpstartJob(parsing: try Self.read("upstart/" + name))
        #expect(try UpstartJob(parsing: try job.encoded()) == job)
    }

    @Test("systemd has nothing to say against the units", .enabled(if: isInstalled, notInstalled))
    func verify() throws {
        let directory = try directory()
        for form in [[], ["--recursive-errors=no"]] {
            let said = try Command.run(
                ["systemd-analyze", "verify", "--man=no"] + form + Self.units.map { directory.child($0) })
            #expect(said.succeeded && said.error.isEmpty, "\(directory.path): \(said.status) \(said.error)")
        }
    }

    @Test("systemd can weigh the services", .enabled(if: isInstalled, notInstalled), arguments: units)
    func security(name: String) throws {
        guard name.hasSuffix(".service") else { return }
        let directory = try directory()
        let said = try Command.run([
            "systemd-analyze", "security", "--offline=true", "--no-pager", directory.child(name),
        ])
        #expect(said.succeeded && said.output.contains("Overall exposure level"), "\(directory.path): \(said.error)")
    }
}
