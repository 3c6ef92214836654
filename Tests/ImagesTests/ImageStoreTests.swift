import Glibc
import Linux
import Model
import TestSupport
import Testing

@testable import Images

@Suite struct ImageStoreTests {
    @Test("An image that was imported, saved and loaded elsewhere has the same identity, names and layers")
    func roundTrip() throws {
        let first = try StoreFixture()
        let id = try first.importImage("app", content: "one", changes: ["CMD [\"true\"]", "ENV A=1"])
        try first.store.tag("app", as: try ImageReference(parsing: "h:5000/x/app:v2"))
        let second = try StoreFixture()
        let loaded = try second.load(try first.save(["app", "h:5000/x/app:v2"]))
        #expect(loaded.count == 1)
        #expect(loaded.first?.id == id)
        #expect(loaded.first?.references.sorted() == ["app:latest", "h:5000/x/app:v2"])
        let details = try second.store.inspect("app")
        #expect(details.config.command == ["true"])
        #expect(details.config.environment == ["A=1"])
        #expect(details.layers == (try first.store.inspect("app")).layers)
        #expect(try TestFiles.read(try #require(second.store.layerPaths(id).first) + "/etc/content") == "one")
        #expect(try second.reopened().inspect(id.short).references == ["app:latest", "h:5000/x/app:v2"])
        let again = try second.load(try first.save(["app"]))
        #expect(again.first?.id == id)
        #expect(second.layerCount == 1)
    }

    @Test("A plain OCI layout loads, its blobs compressed")
    func ociLayout() throws {
        let first = try StoreFixture()
        let id = try first.importImage("app", content: "oci")
        let tree = first.directory.child("tree")
        let script = """
            set -e; mkdir \(tree); cd \(tree); tar -xf \(try first.save(["app"])); rm manifest.json repositories
            python3 - <<'END'
            import json,hashlib,gzip,os
            def blob(d): return 'blobs/sha256/'+d.split(':')[1]
            def put(b):
                d='sha256:'+hashlib.sha256(b).hexdigest(); open(blob(d),'wb').write(b); return d
            i=json.load(open('index.json')); m=json.load(open(blob(i['manifests'][0]['digest'])))
            for l in m['layers']:
                b=gzip.compress(open(blob(l['digest']),'rb').read()); os.unlink(blob(l['digest'])); l['digest']=put(b); l['size']=len(b)
                l['mediaType']+='+gzip'
            b=json.dumps(m).encode(); i['manifests'][0].update(digest=put(b),size=len(b)); json.dump(i,open('index.json','w'))
            END
            tar -czf ../oci.tgz .
            """
        let made = try Command.run(["sh", "-c", script])
        #expect(made.succeeded, "\(made.error)")
        let second = try StoreFixture()
        let loaded = try second.load(first.directory.child("oci.tgz"))
        #expect(loaded.map(\.id) == [id])
        #expect(loaded.first?.references == ["app:latest"])
    }

    @Test("A layer that an image repeats is mounted once; an image without layers has an empty directory")
    func repeatedLayers() throws {
        let fixture = try StoreFixture()
        let one = try #require(try fixture.store.inspect(try fixture.importImage(content: "one").short).layers.first)
        let two = try #require(try fixture.store.inspect(try fixture.importImage(content: "two").short).layers.first)
        func install(_ layers: [LayerID]) throws -> ImageID {
            let list = layers.map { "\"\($0)\"" }.joined(separator: ",")
            let text = "{\"os\":\"linux\",\"config\":{\"Volumes\":{\"/v\":null}},\"rootfs\":{\"diff_ids\":[\(list)]}}"
            var source = NoLayers()
            return try fixture.store.install(configuration: Array(text.utf8), layers: &source, references: [])
        }
        let repeated = try fixture.store.layerPaths(try install([one, two, one]))
        #expect(repeated.count == 2)
        #expect(try repeated.map { try TestFiles.read($0 + "/etc/content") } == ["one", "two"])
        let empty = try fixture.store.layerPaths(try install([]))
        #expect(try empty.map { try TestFiles.list($0) } == [[]])
        #expect(throws: ImageError.self) { try install([ContentDigest(of: [1])]) }
    }

    @Test("A damaged archive brings nothing, and nothing of it stays")
    func damagedLoad() throws {
        let first = try StoreFixture()
        _ = try first.importImage("app", content: "one")
        let whole = try TestFiles.readBytes(try first.save(["app"]))
        let second = try StoreFixture()
        for length in stride(from: 0, to: whole.count - 1024, by: 1536) {
            let path = second.directory.child("cut.tar")
            try second.withFile(path, O_RDWR | O_CREAT | O_TRUNC) { file in
                #expect(whole[..<length].withUnsafeBytes { write(file.rawValue, $0.baseAddress, $0.count) } == length)
            }
            let expected =
                length == 0
                ? "load: invalid archive: does not contain a manifest.json or index.json"
                : "Error processing tar file(exit status 1): unexpected EOF"
            #expect(message { _ = try second.load(path) } == expected, "cut at \(length)")
        }
        #expect(second.layerCount == 0)
        #expect(try TestFiles.list(second.store.root + "/tmp").isEmpty)
        #expect(try second.store.list().isEmpty)
    }

    @Test("A layer that is not the one its image names is refused with Docker's text")
    func wrongLayer() throws {
        let first = try StoreFixture()
        _ = try first.importImage("app", content: "one")
        let tree = first.directory.child("tree")
        let layer = try #require(try first.store.inspect("app").layers.first)
        let script = """
            mkdir \(tree); cd \(tree); tar -xf \(try first.save(["app"])); mkdir x; echo evil > x/evil
            tar -C x -cf blobs/sha256/\(layer.hex) .; tar -cf ../bad.tar .
            """
        _ = try Command.run(["sh", "-c", script])
        let second = try StoreFixture()
        let text = message { _ = try second.load(first.directory.child("bad.tar")) }
        #expect(text.hasPrefix("invalid diffID for layer 0: expected \"\(layer)\", got \"sha256:"))
        #expect(second.layerCount == 0)
    }

    @Test("What is not there is reported with Docker's texts")
    func notFound() throws {
        let fixture = try StoreFixture()
        let id = try fixture.importImage("app", content: "one")
        #expect(message { _ = try fixture.store.resolve("nope") } == "No such image: nope:latest")
        #expect(message { _ = try fixture.store.resolve("nope:x") } == "No such image: nope:x")
        #expect(message { _ = try fixture.store.resolve("sha256:123") } == "No such image: sha256:123")
        #expect(message { _ = try fixture.store.resolve("a b") } == "invalid reference format")
        #expect(message { _ = try fixture.save(["nope"]) } == "No such image: nope")
        #expect(message { _ = try fixture.save(["nope:x"]) } == "reference does not exist")
        for typed in [
            "app", "app:latest", "docker.io/library/app", id.description, id.hex, id.short, "sha256:" + id.short,
        ] {
            #expect(try fixture.store.resolve(typed) == id, "\(typed)")
        }
    }

    @Test("Removing follows Docker's rules for names, identities, force and containers")
    func removal() throws {
        let fixture = try StoreFixture()
        let store = fixture.store
        let id = try fixture.importImage("app", content: "one")
        try store.tag("app", as: try ImageReference(parsing: "other"))
        let container = String(repeating: "ab", count: 32)
        let stopped = [ImageUse(image: id, container: container, isRunning: false)]
        let running = [ImageUse(image: id, container: container, isRunning: true)]
        #expect(
            message { _ = try store.remove(id.short, force: false, uses: []) }
                == "conflict: unable to delete \(id.short) (must be forced) - image is referenced in multiple repositories"
        )
        #expect(try store.remove("other", force: false, uses: running) == [.untagged("other:latest", id)])
        #expect(
            message { _ = try store.remove("app", force: false, uses: stopped) }
                == "conflict: unable to remove repository reference \"app\" (must force) - container abababababab is "
                + "using its referenced image \(id.short)")
        #expect(
            message { _ = try store.remove(id.short, force: false, uses: stopped) }
                == "conflict: unable to delete \(id.short) (must be forced) - image is being used by stopped container "
                + "abababababab")
        #expect(
            message { _ = try store.remove(id.short, force: true, uses: running) }
                == "conflict: unable to delete \(id.short) (cannot be forced) - image is being used by running container "
                + "abababababab")
        #expect(try store.inspect("app").references == ["app:latest"])
        #expect(try store.remove("app", force: true, uses: running) == [.untagged("app:latest", id)])
        #expect(try store.inspect(id.short).references.isEmpty)
        let layer = try #require(try store.inspect(id.short).layers.first)
        #expect(
            try store.remove(id.short, force: false, uses: []) == [.deleted(id), .deletedLayer("\(layer)")])
        #expect(fixture.layerCount == 0)
        #expect(try TestFiles.list(store.root + "/layers/l").isEmpty)
    }

    @Test("Lists filter as docker images does, and prune takes the dangling or the unused")
    func listsAndPrune() throws {
        let fixture = try StoreFixture()
        let store = fixture.store
        let old = try fixture.importImage("a/one:1", content: "one", changes: ["LABEL k=v"])
        let new = try fixture.importImage("two", content: "two")
        let dangling = try fixture.importImage(content: "three")
        func ids(_ change: (inout ImageFilter) -> Void) throws -> [ImageID] {
            var filter = ImageFilter()
            change(&filter)
            return try store.list(filter).map(\.id)
        }
        #expect(try ids { _ in } == [dangling, new, old])
        #expect(try ids { $0.dangling = true } == [dangling])
        #expect(try ids { $0.labels = ["k"] } == [old])
        #expect(try ids { $0.labels = ["k=w"] }.isEmpty)
        #expect(try ids { $0.references = ["a/*"] } == [old])
        #expect(try ids { $0.references = ["tw?:latest"] } == [new])
        #expect(try ids { $0.before = "two" } == [old])
        #expect(try ids { $0.since = "two" } == [dangling])
        #expect(message { _ = try ids { $0.since = "nope" } } == "No such image: nope:latest")
        #expect(try store.prune(all: false, uses: []).removed.first == .deleted(dangling))
        let pruned = try store.prune(all: true, uses: [ImageUse(image: new, container: "c", isRunning: false)])
        #expect(pruned.removed.first == .untagged("a/one:1", old))
        #expect(pruned.reclaimed == 3)
        #expect(try store.list().map(\.id) == [new])
    }

    @Test("A crash in the middle of anything leaves a store that opens, and damage is set aside and told")
    func crashes() throws {
        let fixture = try StoreFixture()
        let id = try fixture.importImage("app", content: "one")
        let root = fixture.store.root
        try TestFiles.makeDirectories(root + "/tmp/work-abc/diff/etc")
        try TestFiles.makeDirectories(root + "/layers/sha256/" + String(repeating: "0", count: 64) + "/diff")
        let other = root + "/images/sha256/" + String(repeating: "1", count: 64) + ".json"
        let opened = try fixture.reopened()
        #expect(try TestFiles.list(root + "/tmp").isEmpty)
        #expect(fixture.layerCount == 1)
        #expect(opened.setAside.isEmpty)
        try TestFiles.write("{}", to: other)
        try TestFiles.write("not json", to: root + "/repositories.json")
        let damaged = try fixture.reopened()
        #expect(damaged.setAside.count == 2)
        #expect(TestFiles.exists(other + ".damaged"))
        #expect(TestFiles.exists(root + "/repositories.json.damaged"))
        #expect(try damaged.resolve(id.short) == id)
    }

    @Test("A full disk fails the import and the load, and the store is as before")
    func fullDisk() throws {
        let fixture = try StoreFixture()
        let small = fixture.directory.child("small")
        try TestFiles.makeDirectories(small)
        let mounted = try Command.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small])
        #expect(mounted.succeeded)
        defer { _ = try? Command.run(["umount", small]) }
        let store = try ImageStore(root: small + "/images", archiveTool: fixture.store.tool.path)
        _ = try fixture.importImage("tiny", content: "tiny")
        let kept = try fixture.load(try fixture.save(["tiny"]), into: store)
        let random = try Command.run(["sh", "-c", "head -c 3000000 /dev/urandom | base64"]).output
        _ = try fixture.importImage("big", content: random)
        let saved = try fixture.save(["big"])
        #expect(message { _ = try fixture.load(saved, into: store) }.contains("no space left on device"))
        let tar = fixture.directory.child("import.tar")
        let text = message { try fixture.withFile(tar) { _ = try store.importTar(from: $0) } }
        #expect(text.contains("no space left on device"))
        #expect(try store.list().map(\.id) == kept.map(\.id))
        #expect(try TestFiles.list(store.root + "/tmp").isEmpty)
        let again = try ImageStore(root: store.root, archiveTool: store.tool.path)
        #expect(try again.list().map(\.references) == [["tiny:latest"]])
        #expect(again.setAside.isEmpty)
    }

    @Test("Loads, tags and removals from several threads leave every image whole")
    func concurrency() async throws {
        let fixture = try StoreFixture()
        _ = try fixture.importImage("app", content: "shared")
        let path = try fixture.save(["app"])
        let store = fixture.store
        await withTaskGroup(of: Void.self) { group in
            for turn in 0..<8 {
                group.addTask {
                    let number = open(path, O_RDONLY | O_CLOEXEC)
                    defer { close(number) }
                    _ = try? store.load(from: BorrowedDescriptor(rawValue: number))
                    if turn % 2 == 0 { _ = try? store.remove("app", force: true, uses: []) }
                }
            }
        }
        let opened = try fixture.reopened()
        #expect(opened.setAside.isEmpty)
        for image in try opened.list() {
            for layer in try opened.layerPaths(image.id) { #expect(TestFiles.exists(layer + "/etc/content")) }
        }
    }
}

/// A source that has nothing.
private struct NoLayers: LayerSource {
    mutating func withLayer(
        at index: Int, _ body: (BorrowedDescriptor) throws(ImageError) -> Void
    ) throws(ImageError) {
        throw .archive(operation: "pull", path: "", reason: "no layer \(index)")
    }
}
