import Glibc
import TestSupport

/// An image that is brought to a supervisor as `docker save` would write it: busybox, a layer over it, and a configuration.
struct HostileImage {
    /// The upper layer.
    var layer = TarBuilder()
    /// The value of `config` in the image's configuration: bytes, because it need not be text.
    var configuration: [UInt8] = Array("{}".utf8)

    /// Loads it by the name `hostile:latest`. The layer below is the one of the supervisor's own busybox image.
    func load(into supervisor: SupervisorUnderTest) throws -> Command {
        let upper = layer.finished()
        let file = supervisor.directory.child("hostile-layer.tar")
        try TestFiles.write(bytes: upper, to: file)
        let sums = try expect(Command.run(["sha256sum", supervisor.directory.child("busybox.tar"), file])).output
            .split(separator: "\n").compactMap { $0.split(separator: " ").first }
        guard sums.count == 2 else { throw TestFailure("sha256sum: \(sums)") }
        var archive = TarBuilder()
        archive.add(
            "manifest.json", .file,
            #"[{"Config":"config.json","RepoTags":["hostile:latest"],"Layers":["busybox.tar","layer.tar"]}]"#)
        let platform = #"{"architecture":"amd64","os":"linux","#
        let layers = #","rootfs":{"type":"layers","diff_ids":["sha256:\#(sums[0])","sha256:\#(sums[1])"]}}"#
        archive.add(
            "config.json", bytes: Array((platform + #""config":"#).utf8) + configuration + Array(layers.utf8))
        archive.add("layer.tar", bytes: upper)
        let path = supervisor.directory.child("hostile.tar")
        try TestFiles.write(bytes: archive.finished(), to: path)
        return try supervisor.sereno("load", "-i", path)
    }
}
