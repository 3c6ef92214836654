import Glibc
import Images
import Linux
import Model
import TestSupport

/// A store in a directory of its own.
final class StoreFixture {
    let directory: TemporaryDirectory
    let store: ImageStore

    init() throws {
        directory = try TemporaryDirectory("sereno-images")
        store = try ImageStore(
            root: directory.child("images"), archiveTool: try BuiltProgram.path("sereno-archive"))
    }

    func reopened() throws -> ImageStore {
        try ImageStore(root: store.root, archiveTool: store.tool.path)
    }

    /// Imports a small root file system; other content, other identity.
    func importImage(
        _ name: String? = nil, content: String, changes: [String] = []
    ) throws -> ImageID {
        let tree = try TemporaryDirectory("sereno-tree")
        try TestFiles.makeDirectories(tree.child("etc"))
        try TestFiles.write(content, to: tree.child("etc/content"))
        let tar = directory.child("import.tar")
        _ = try Command.run(["tar", "-C", tree.path, "-cf", tar, "."])
        return try withFile(tar) { file in
            try store.importTar(from: file, as: try name.map { try ImageReference(parsing: $0) }, changes: changes)
        }
    }

    func withFile<Result>(
        _ path: String, _ flags: Int32 = O_RDONLY, _ body: (BorrowedDescriptor) throws -> Result
    ) throws -> Result {
        let number = open(path, flags | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw TestFailure("open", path) }
        defer { close(number) }
        return try body(BorrowedDescriptor(rawValue: number))
    }

    func save(_ names: [String], as file: String = "saved.tar") throws -> String {
        let path = directory.child(file)
        try withFile(path, O_RDWR | O_CREAT | O_TRUNC) { try store.save(names, to: $0) }
        return path
    }

    func load(_ path: String, into store: ImageStore? = nil) throws -> [LoadedImage] {
        try withFile(path) { try (store ?? self.store).load(from: $0) }
    }

    var layerCount: Int { (try? TestFiles.list(store.root + "/layers/sha256").count) ?? -1 }
}

/// Runs `body`, which must fail with an `ImageError`, and gives its message.
func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch let error as ImageError {
        return error.message
    } catch {
        return "another error: \(error)"
    }
}
