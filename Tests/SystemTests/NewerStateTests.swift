import TestSupport
import Testing

/// A supervisor that finds what a later one wrote.
@Suite("State of a newer version", .serialized)
struct NewerStateTests {
    @Test("The engine does not start over it, changes nothing, and says which record and what to do")
    func refused() throws {
        let directory = try TemporaryDirectory("sereno-system")
        let id = String(repeating: "a", count: 64)
        let record = directory.child("data/containers/\(id)/spec.json")
        try TestFiles.makeDirectories(directory.child("data/containers/\(id)"))
        let text = #"{"format":"sereno-spec","version":2,"crc32c":"00000000","payload":{}}"# + "\n"
        try TestFiles.write(text, to: record)
        let arguments = [
            try BuiltProgram.path("sereno-keeper"), "--engine", try BuiltProgram.path("serenod"), "--data-root",
            directory.child("data"), "--exec-root", directory.child("run"), "-H", "unix://" + directory.child("sock"),
        ]
        let ended = try Command.run(arguments, timeout: 60)
        #expect(!ended.timedOut && !ended.succeeded)
        #expect(
            ended.error.contains(
                "container aaaaaaaaaaaa, spec.json: written in format 2 by a newer version; this one reads up to 1"),
            "\(ended.error)")
        #expect(ended.error.contains("start the newer version again"), "\(ended.error)")
        #expect(try TestFiles.read(record) == text)
    }
}
