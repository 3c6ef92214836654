import Glibc
import Linux
import Model
import TestSupport

@testable import Archive
@testable import Images

extension FuzzTarget {
    static let tars = FuzzTarget(
        "tars", "an archive makes nothing and changes nothing outside the directory it is unpacked into"
    ) { input in
        guard let first = input.first else { return }
        let base = try FuzzDirectory.shared.directory("unpack")
        try TestFiles.makeDirectories(base + "/root")
        try TestFiles.write("canary", to: base + "/canary")
        let file = try FuzzDirectory.shared.write(Array(input.dropFirst()), "archive.tar")
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw TestFailure("open", file) }
        let archive = OwnedDescriptor(adopting: descriptor)
        var limits = UnpackLimits()
        limits.totalBytes = 1 << 20
        limits.entries = 100
        let style: UnpackStyle =
            switch first % 3 {
            case 0: .layer
            case 1: .container(noOverwriteDirNonDir: first & 4 != 0, user: nil, group: nil)
            default: .plain
            }
        var unpacker = Unpacker(root: try RootDirectory(path: base + "/root"), style: style, limits: limits)
        if let result = try? unpacker.run(from: archive.borrowed) {
            try hold(result.entries <= 100 && result.tarBytes <= 1 << 20, "more was unpacked than the bounds allow")
        }
        let there = try TestFiles.list(base)
        try hold(there == ["canary", "root"], "beside the root there is \(there)")
        try hold(try TestFiles.read(base + "/canary") == "canary", "a file outside the root was changed")
    }

    static let paths = FuzzTarget(
        "paths", "a path of an archive stays below its root, and cleaning it again changes nothing"
    ) { input in
        guard let path = EntryPath(input) else { return }
        for component in path.components {
            try hold(
                !component.isEmpty && component != [0x2E] && component != [0x2E, 0x2E], "a component \(component)")
            try hold(
                !component.contains(0x2F) && !component.contains(0) && component.count <= 255,
                "a component \(component)")
            if case .removes(let name) = Whiteout(name: component) {
                try hold(!name.contains(0x2F), "a whiteout of another directory's \(name)")
            }
        }
        try hold(EntryPath(path.bytes) == path, "cleaned again it is another path")
    }

    static let manifests = FuzzTarget(
        "manifests", "an image's documents name only files inside the archive, or are refused"
    ) { input in
        let base = try FuzzDirectory.shared.directory("layout")
        let name = (input.first ?? 0) % 2 == 0 ? "manifest.json" : "index.json"
        try TestFiles.write("outside", to: FuzzDirectory.shared.path + "/outside")
        let document = Array(input.dropFirst())
        try TestFiles.write(document.text, to: base + "/" + name)
        let layout = ImageLayout(root: base)
        if let entries = try? layout.entries() {
            for entry in entries {
                for path in [entry.config] + entry.layers {
                    if let found = try? layout.read(path) {
                        try hold(found.text != "outside", "\(path) leads out of the archive")
                    }
                }
            }
        }
        _ = try? ImageDocument(json: document)
        _ = try? ImageReference(parsing: document.text)
    }
}
