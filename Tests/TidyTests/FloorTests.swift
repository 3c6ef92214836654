import TestSupport
import Testing

/// Who may import whom.
enum Floors {
    /// Modules of ours that a target may import; a target that is not here does not exist.
    static let inside: [String: Set<String>] = [
        "CLinux": [], "CTorture": [], "CSeccomp": [], "CArchive": [], "CCrypto": [], "CSystemd": [], "CTLS": [],
        "Model": [], "JSONFormat": [], "KeeperProtocol": [], "KeeperProtocolEmbedded": [], "GoTemplate": ["JSONFormat"],
        "CEmbedded": [],
        // The files of two floors, which import Model only where they are not embedded.
        "RestartEmbedded": ["CEmbedded", "Model"],
        "UnitFiles": [],
        "Restart": ["Model"], "Lifecycle": ["Model", "Restart"], "LaunchPlan": ["Model"],
        "Health": ["Model"],
        "Linux": ["CLinux", "Model"],
        "Store": ["Linux", "Model"], "Logs": ["CSystemd", "Linux", "Model"], "Images": ["Linux", "Model"],
        "Isolation": ["CSeccomp", "JSONFormat", "LaunchPlan", "Linux", "Model"],
        "Archive": ["CArchive", "CCrypto", "Linux", "Model"],
        "KeeperClient": ["CLinux", "KeeperProtocol", "LaunchPlan", "Linux", "Model"],
        "Confinement": ["CLinux", "CSeccomp", "Linux"],
        "SystemdKit": ["CSystemd"], "TLS": ["CTLS", "Linux", "Model"],
        "Supervision": ["Linux", "Model"],
        "Runs": [
            "GoTemplate", "KeeperClient", "KeeperProtocol", "LaunchPlan", "Linux", "Logs", "Model", "Supervision",
        ],
        "Engine": [
            "Health", "Images", "Isolation", "KeeperClient", "Lifecycle", "Linux", "Model", "Restart", "Runs", "Store",
            "Supervision",
        ],
        "DiskSimulation": ["Linux", "Store"],
        "Simulation": [
            "CLinux", "DiskSimulation", "Engine", "Isolation", "KeeperClient", "KeeperProtocol", "LaunchPlan", "Linux",
            "Model", "Runs", "Store", "Supervision",
        ],
        "sereno-simulate": ["Simulation"],
        "DockerAPI": ["JSONFormat", "Model"],
        "APIServer": ["DockerAPI", "JSONFormat", "Engine", "Images", "Linux", "Model", "Runs", "Supervision"],
        "APIClient": ["CLinux", "JSONFormat"], "Generator": ["Model", "UnitFiles"],
        "sereno": ["APIClient", "CLinux", "Generator", "GoTemplate", "JSONFormat", "Linux", "Model", "UnitFiles"],
        "serenod": ["APIServer", "CLinux", "Confinement", "Engine", "Linux", "Model", "Runs", "Supervision"],
        "sereno-archive": ["Archive", "CLinux", "Confinement", "Linux", "Model"],
        "sereno-systemd": ["Confinement", "Linux", "SystemdKit"],
        "sereno-tls": ["CLinux", "Confinement", "Linux", "Model", "TLS"],
        "sereno-keeper": ["CLinux", "KeeperProtocolEmbedded", "RestartEmbedded"],
        "TestSupport": ["CLinux", "Linux", "Model"],
        "sereno-torture": ["APIClient", "CSeccomp", "CTorture", "JSONFormat", "Linux", "TestSupport"],
        "Fuzzing": [
            "APIClient", "APIServer", "Archive", "CLinux", "DockerAPI", "Engine", "GoTemplate", "Images", "Isolation",
            "JSONFormat", "KeeperProtocol", "Lifecycle", "Linux", "Logs", "Model", "Runs", "Store", "Supervision",
            "TestSupport",
            "UnitFiles",
        ],
        "sereno-fuzz": ["Fuzzing"],
    ]

    /// These know no C library, no clock and no file: they import nothing from outside.
    static let pure: Set<String> = [
        "Model", "JSONFormat", "KeeperProtocol", "KeeperProtocolEmbedded", "Restart", "Lifecycle", "LaunchPlan",
        "GoTemplate",
        "Health", "UnitFiles", "Generator",
    ]

    /// Modules from outside that everything above the pure floors may import.
    static let common: Set<String> = ["Glibc", "FoundationEssentials", "Synchronization", "SystemPackage"]

    /// And those that only some may.
    static let special: [String: Set<String>] = [
        "Supervision": ["DequeModule", "NIOCore", "NIOPosix"],
        "Runs": ["DequeModule", "Logging", "NIOCore"],
        "Engine": ["DequeModule", "Logging", "NIOCore", "NIOPosix"],
        "Simulation": ["DequeModule", "Dispatch", "HeapModule", "Logging", "NIOCore"],
        "Fuzzing": ["Logging", "NIOCore", "NIOHTTP1", "NIOPosix"],
        "sereno-simulate": ["ArgumentParser"],
        "sereno-torture": ["ArgumentParser"],
        "APIServer": ["Logging", "NIOCore", "NIOHTTP1", "NIOPosix"],
        "APIClient": ["NIOCore", "NIOHTTP1", "NIOPosix"],
        "sereno": ["ArgumentParser", "OrderedCollections"],
        "serenod": ["Logging", "NIOCore", "NIOPosix"],
    ]
}

@Suite struct FloorTests {
    @Test func everyImportPointsDown() throws {
        let files = try Tree.sources()
        #expect(files.count > 100)
        var imports = 0
        for file in files {
            guard let inside = Floors.inside[file.target] else {
                Issue.record("\(file.target) is on no floor")
                continue
            }
            let outside =
                Floors.pure.contains(file.target) ? [] : Floors.common.union(Floors.special[file.target] ?? [])
            for module in file.imports {
                imports += 1
                #expect(inside.contains(module) || outside.contains(module), "\(file.path) imports \(module)")
            }
        }
        #expect(imports > 150)
    }

    @Test func thePackageAllowsNoMoreThanTheFloors() throws {
        let package = try TestFiles.read(GeneratedPage.root + "/Package.swift")
            .split(whereSeparator: \.isNewline).filter { !$0.drop(while: { $0 == " " }).hasPrefix("//") }.joined()
        let declaration = try Regex(
            #"(?:floor\(|arget\(\s*name:)\s*"([A-Za-z-]+)",\s*(?:dependencies:\s*)?\[([^\]]*)\]"#)
        var seen: Set<String> = []
        for match in package.matches(of: declaration) {
            guard let target = match[1].substring, let list = match[2].substring else { continue }
            seen.insert(String(target))
            let parts = list.split(separator: "\"", omittingEmptySubsequences: false)
            let named = parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) }
            let allowed = try #require(Floors.inside[String(target)], "\(target) is on no floor")
            for dependency in named { #expect(allowed.contains(dependency), "\(target) may depend on \(dependency)") }
        }
        #expect(seen.count >= 19, "\(seen.sorted())")
    }

    @Test func thePureFloorsArePureInFact() throws {
        for target in Floors.pure.sorted() where target != "KeeperProtocolEmbedded" {
            let files = try Tree.files(below: Tree.folder(of: target), endings: [".swift"])
            #expect(!files.isEmpty, "\(target)")
            for file in files {
                for line in file.code {
                    for word in ["ContinuousClock", "SuspendingClock", "Task.sleep", "Date()"] {
                        #expect(!line.text.contains(word), "\(file.path):\(line.number) uses \(word)")
                    }
                }
            }
        }
    }
}
