import TestSupport

/// One floor of the house: a folder of targets, and what they may import.
struct Floor {
    let number: String
    let title: String
    let folder: String
    /// Folders whose targets all of this floor may import.
    let below: [String]
    /// Whether its targets may import one another.
    let isOpen: Bool
    /// What it may know, in words.
    let knows: String

    private init(
        _ number: String, _ title: String, _ folder: String, below: [String] = [], isOpen: Bool = false, knows: String
    ) {
        (self.number, self.title, self.folder) = (number, title, folder)
        (self.below, self.isOpen, self.knows) = (below, isOpen, knows)
    }

    private static let (boundary, words, logic, linux, capabilities, engine, faces, programs) = (
        "Sources/boundary", "Sources/words", "Sources/logic", "Sources/linux", "Sources/capabilities", "Sources/engine",
        "Sources/faces", "Sources/programs"
    )

    /// Lowest first.
    static let all = [
        Floor("0", "the C boundary", boundary, knows: "the kernel and C libraries"),
        Floor("1", "words", words, knows: "nothing"),
        Floor("2", "pure logic", logic, below: [words], isOpen: true, knows: "words, and one another downwards"),
        Floor("2b", "Linux in Swift", linux, below: [boundary, words], knows: "the C boundary and words"),
        Floor(
            "3", "capabilities", capabilities, below: [boundary, words, logic, linux],
            knows: "the floors below, not each other"),
        Floor(
            "4", "the interpreter, one service a noun", engine, below: [words, logic, linux, capabilities],
            isOpen: true,
            knows: "the floors below, but no C library, and one another downwards"),
        Floor(
            "5", "faces", faces, below: [boundary, words, logic, linux], isOpen: true,
            knows: "the floors up to Linux, and one another downwards; the server knows the services and the images too"
        ),
        Floor(
            "6", "programs", programs,
            below: [boundary, words, logic, linux, capabilities, engine, faces], knows: "what they show or run"),
        Floor(
            "", "to try the others", "Testing",
            below: [boundary, words, logic, linux, capabilities, engine, faces, programs], isOpen: true,
            knows: "a disk that loses power, worlds around the engine ([simulator.md](simulator.md)), hostile bytes"),
    ]

    /// What a target may import beyond its floor's rule.
    static let exceptions: [String: Set<String>] = [
        "APIServer": [
            "Engine", "FileService", "HostService", "ImageService", "Images", "Runs", "Supervision", "Supervisor",
        ]
    ]

    /// Targets that know no C library, no clock and no file: they import nothing from outside. Those of two floors, and these.
    static let purelyAbove: Set<String> = ["Generator"]
    static let pureFolders: Set<String> = [words, logic]

    /// Modules that are the C library, on whatever system. `linux` imports it, and asks it for all above.
    static let cLibraries: Set<String> = ["Glibc", "SwiftGlibc", "Musl", "Android", "Darwin"]

    /// Files above that import it all the same, with the reason.
    static let cLibraryFiles: [String: String] = [:]

    /// Where it may be imported.
    static let cLibraryFolder = linux

    /// Modules of the toolchain that targets which are not pure may import.
    static let toolchain: Set<String> = ["Glibc", "FoundationEssentials", "Synchronization", "_Builtin_float"]
}

extension PackageFile {
    /// The floor that a target is on; none for a test.
    func floor(of target: String) -> Floor? {
        let folder = folders.first { $0.targets.contains(target) }?.path
        return Floor.all.first { $0.folder == folder }
    }

    /// Whether a target must not know more than words.
    func isPure(_ target: String) -> Bool {
        Floor.purelyAbove.contains(target) || floor(of: target).map { Floor.pureFolders.contains($0.folder) } == true
    }

    /// The floors as docs/architecture.md shows them.
    var floorTable: String {
        var table = "\n| floor | folder | modules | may know |\n|---|---|---|---|\n"
        for floor in Floor.all {
            let targets = folders.first { $0.path == floor.folder }?.targets ?? []
            let name = floor.number.isEmpty ? floor.title : "\(floor.number), \(floor.title)"
            table += "| \(name) | `\(floor.folder)` | \(targets.joined(separator: ", ")) | \(floor.knows) |\n"
        }
        return table + "\n"
    }
}
