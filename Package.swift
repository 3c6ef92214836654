// swift-tools-version: 6.2
import PackageDescription

// The floors of the house. A target may depend only on what stands above it in this file; the
// Tidy tests hold that rule against the sources as well.

/// The scripts set it; a plain `swift build` stays forgiving while one works.
let warningsAreErrors = Context.environment["SERENO_STRICT"] != nil

/// Settings that every ordinary target shares.
let strict: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

/// The keeper and what it is made of: no runtime, only libc.
let embedded: [SwiftSetting] = [.enableExperimentalFeature("Embedded")] + strict

/// `sereno` starts in about a millisecond because nothing has to be relocated.
let staticProgram: (swift: [SwiftSetting], linker: [LinkerSetting]) = (
    [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))],
    [.unsafeFlags(["-static-executable", "-Xlinker", "-s"], .when(configuration: .release))]
)

/// `serenod` and `sereno-archive` need shared C libraries, so only the Swift runtime is static. The last two libraries are what
/// FoundationEssentials stands on: modules that were compiled for a shared one do not name them to the linker.
let staticRuntime: (swift: [SwiftSetting], linker: [LinkerSetting]) = (
    [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))],
    [
        .unsafeFlags(
            ["-static-stdlib", "-Xlinker", "-s", "-l_FoundationCollections", "-l_FoundationCShims"],
            .when(configuration: .release))
    ]
)

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

func floor(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// The folder of each floor's targets, lowest first. A target that is in none is a test.
let folders: KeyValuePairs = [
    "Sources/boundary": ["CLinux", "CSeccomp", "CArchive", "CCrypto", "CTLS", "CSystemd", "CEmbedded"],
    "Sources/words": ["Model", "JSONFormat", "KeeperProtocol", "KeeperProtocolEmbedded"],
    "Sources/logic": [
        "Restart", "RestartEmbedded", "Lifecycle", "Health", "LaunchPlan", "GoTemplate", "Listings", "UnitFiles",
    ],
    "Sources/linux": ["Linux"],
    "Sources/capabilities": [
        "Store", "Logs", "Isolation", "Archive", "Images", "KeeperClient", "Confinement", "SystemdKit", "TLS",
    ],
    "Sources/engine": [
        "Supervision", "Records", "Runs", "ImageService", "Containers", "Engine", "FileService", "HostService",
        "Supervisor",
    ],
    "Sources/faces": ["DockerAPI", "APIServer", "APIClient", "Generator", "Flags", "Streaming", "Verbs"],
    "Sources/programs": ["sereno", "serenod", "sereno-keeper", "sereno-archive", "sereno-systemd", "sereno-tls"],
    "Testing": [
        "CTorture", "DiskSimulation", "Simulation", "sereno-simulate", "TestSupport", "sereno-torture", "Fuzzing",
        "sereno-fuzz",
    ],
]

/// Gives every target its folder.
func placed(_ targets: [Target]) -> [Target] {
    for (folder, names) in folders {
        for target in targets where names.contains(target.name) { target.path = folder + "/" + target.name }
    }
    return targets
}

let targets: [Target] = [
    // Floor 0: the C boundary.
    .target(name: "CLinux", cSettings: warningsAreErrors ? [.treatAllWarnings(as: .error)] : []),
    .target(name: "CTorture", cSettings: warningsAreErrors ? [.treatAllWarnings(as: .error)] : []),
    .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CTLS", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),

    // Floor 1: words.
    floor("Model"),
    floor("JSONFormat"),
    floor("KeeperProtocol"),

    // Floor 2: pure logic.
    floor("Restart", ["Model"]),
    floor("Lifecycle", ["Model", "Restart"]),
    floor("Health", ["Model"]),
    floor("LaunchPlan", ["Model"]),
    floor("GoTemplate", ["JSONFormat", "Model"]),
    floor("Listings", ["GoTemplate", "JSONFormat", "Model"]),
    floor("UnitFiles", ["Model"]),

    // Floor 2b: Linux in Swift.
    floor("Linux", ["CLinux", "Model"]),

    // Floor 3: capabilities.
    floor("Store", ["Model", "Linux"]),
    floor("Logs", ["Model", "Linux", "CSystemd"]),
    floor("Isolation", ["JSONFormat", "Model", "LaunchPlan", "Linux", "CSeccomp"]),
    floor("Archive", ["Model", "Linux", "CArchive", "CCrypto"]),
    floor("Images", ["JSONFormat", "Model", "Linux"]),
    floor("KeeperClient", ["CLinux", "Model", "KeeperProtocol", "LaunchPlan", "Linux"]),
    floor("Confinement", ["CLinux", "CSeccomp", "Linux"]),
    floor("SystemdKit", ["CSystemd", "Linux", "Model"]),
    floor("TLS", ["Model", "Linux", "CTLS"]),

    // Floor 4: the interpreter, one service a noun.
    floor("Supervision", ["Model", "Linux", nioCore, nioPosix, deque]),
    floor("Records", ["Health", "Lifecycle", "Linux", "Model", "Restart", "Store"]),
    floor(
        "Runs",
        [
            "Model", "LaunchPlan", "GoTemplate", "Linux", "Logs", "KeeperClient", "KeeperProtocol", "Supervision",
            "Records", nioCore, deque, log,
        ]),
    floor("ImageService", ["Images", "Linux", "Model", "Supervision", nioCore]),
    floor(
        "Containers",
        ["Health", "Isolation", "Lifecycle", "Linux", "Model", "Records", "Runs", "Supervision", nioCore, deque]),
    floor(
        "Engine",
        [
            "Containers", "Isolation", "Lifecycle", "Linux", "Model", "Records", "Runs", "Supervision", nioCore, log,
        ]),
    floor("FileService", ["Engine", "ImageService", "Images", "Isolation", "Linux", "Model", "Supervision"]),
    floor("HostService", ["Engine", "ImageService", "Isolation", "Linux", "Model", "Supervision"]),
    floor(
        "Supervisor",
        [
            "Engine", "FileService", "HostService", "ImageService", "Isolation", "KeeperClient", "Linux", "Model",
            "Records", "Runs", "Store", "Supervision", nioCore, log,
        ]),

    // Worlds to try the floors in: a disk, and all that the engine has around it.
    floor("DiskSimulation", ["Store", "Linux"]),
    floor(
        "Simulation",
        [
            "CLinux", "Model", "KeeperProtocol", "LaunchPlan", "Linux", "Store", "Isolation", "KeeperClient", "Engine",
            "Runs", "Records", "Supervision", "Supervisor", "ImageService", "Images", "DiskSimulation", nioCore, heap,
            deque, log,
        ]),

    // Floor 5: faces.
    floor("DockerAPI", ["JSONFormat", "Linux", "Model"]),
    floor(
        "APIServer",
        [
            "JSONFormat", "Model", "DockerAPI", "Engine", "FileService", "HostService", "ImageService", "Runs",
            "Supervision", "Supervisor", "Images", "Linux",
            nioCore, nioPosix,
            nioHTTP, log,
        ]),
    floor("APIClient", ["JSONFormat", "Linux", "Model"]),
    floor("Generator", ["Model", "UnitFiles"]),
    floor("Flags", ["APIClient", "JSONFormat", "Linux", "Model"]),
    floor("Streaming", ["APIClient", "CLinux", "Flags", "JSONFormat", "Linux", "Model"]),
    floor(
        "Verbs",
        [
            "JSONFormat", "Model", "GoTemplate", "Listings", "UnitFiles", "Linux", "Generator", "APIClient", "CLinux",
            "Flags", "Streaming", arguments,
        ]),

    // Floor 6: programs.
    .executableTarget(
        name: "sereno", dependencies: ["Linux", "Verbs"],
        swiftSettings: strict + staticProgram.swift, linkerSettings: staticProgram.linker),
    .executableTarget(
        name: "serenod",
        dependencies: [
            "Engine", "Supervision", "Supervisor", "APIServer", "CLinux", "Confinement", "Linux", "Model", log, nioCore,
            nioPosix,
        ],
        swiftSettings: strict + staticRuntime.swift, linkerSettings: staticRuntime.linker),
    .executableTarget(
        name: "sereno-archive", dependencies: ["Archive", "CLinux", "Confinement", "Linux", "Model"],
        swiftSettings: strict + staticRuntime.swift, linkerSettings: staticRuntime.linker),
    .executableTarget(
        name: "sereno-tls", dependencies: ["TLS", "CLinux", "Confinement", "Linux", "Model"],
        swiftSettings: strict + staticRuntime.swift, linkerSettings: staticRuntime.linker),
    .executableTarget(
        name: "sereno-systemd", dependencies: ["Confinement", "Linux", "Model", "SystemdKit"],
        swiftSettings: strict + staticRuntime.swift, linkerSettings: staticRuntime.linker),
    .executableTarget(
        name: "sereno-simulate", dependencies: ["Simulation", "TestSupport", arguments], swiftSettings: strict),
    .target(name: "KeeperProtocolEmbedded", swiftSettings: embedded),
    .target(name: "CEmbedded", cSettings: warningsAreErrors ? [.treatAllWarnings(as: .error)] : []),
    .target(name: "RestartEmbedded", dependencies: ["CEmbedded"], swiftSettings: embedded),
    .executableTarget(
        name: "sereno-keeper", dependencies: ["CLinux", "KeeperProtocolEmbedded", "RestartEmbedded"],
        swiftSettings: embedded,
        // Static, as it is also the init inside containers whose image may have another C library or none.
        linkerSettings: [
            .unsafeFlags(["-Xclang-linker", "-static"]),
            .unsafeFlags(["-Xlinker", "-s"], .when(configuration: .release)),
        ]),

    // Tests: one target per module, and the ones that need the machine.
    floor("TestSupport", ["Model", "CLinux", "Linux"]),
    .executableTarget(
        name: "sereno-torture",
        dependencies: ["CTorture", "CSeccomp", "JSONFormat", "Linux", "APIClient", "TestSupport", arguments],
        swiftSettings: strict),
    tests("ModelTests", ["Model"]),
    tests("KeeperProtocolTests", ["KeeperProtocol"]),
    tests("RestartTests", ["Restart", "Model", "TestSupport"]),
    tests("LifecycleTests", ["Lifecycle", "Restart", "Model", "Records", "TestSupport"]),
    tests("HealthTests", ["Health", "Model"]),
    tests("LaunchPlanTests", ["LaunchPlan"]),
    tests("JSONFormatTests", ["JSONFormat"]),
    tests("GoTemplateTests", ["GoTemplate"]),
    tests("ListingsTests", ["GoTemplate", "JSONFormat", "Listings", "Model"]),
    tests("UnitFilesTests", ["UnitFiles", "TestSupport"]),
    tests("LinuxTests", ["CLinux", "Linux", "Model", "TestSupport"]),
    tests("StoreTests", ["DiskSimulation", "Store", "Linux", "Model", "TestSupport"]),
    tests("LogsTests", ["Logs", "Linux", "Model", "TestSupport"]),
    tests(
        "IsolationTests",
        [
            "Isolation", "LaunchPlan", "Linux", "Model", "TestSupport", "KeeperClient", "KeeperProtocol",
        ]),
    tests("ArchiveTests", ["Archive", "sereno-archive", "Linux", "TestSupport"]),
    tests("ImagesTests", ["Images", "sereno-archive", "Linux", "Model", "TestSupport"]),
    tests("KeeperTests", ["CLinux", "KeeperProtocol", "KeeperClient", "LaunchPlan", "Linux", "Model", "TestSupport"]),
    tests("RunsTests", ["Runs", "Model"]),
    tests("SupervisionTests", ["Supervision", nioCore, nioPosix]),
    tests("ContainersTests", ["Containers", "Lifecycle", "Model", "Records", nioCore, nioEmbedded]),
    tests(
        "EngineTests",
        [
            "Containers", "FileService", "HostService", "ImageService", "Records", "Images",
            "Model",
            "Lifecycle", "Store", "TestSupport",
        ]),
    tests(
        "RecordsTests",
        ["Health", "Images", "JSONFormat", "Lifecycle", "Linux", "Model", "Records", "Restart", "Store", "TestSupport"]),
    tests("DockerAPITests", ["DockerAPI", "JSONFormat", "Model"], resources: [.copy("Fixtures")]),
    tests(
        "APIServerTests",
        [
            "APIServer", "DockerAPI", "Engine", "Images", "JSONFormat", "Model", "Runs", "Supervision", "Supervisor",
            "Linux", "TestSupport", nioCore,
            nioEmbedded,
            nioPosix, nioHTTP,
            log,
        ]),
    tests("APIClientTests", ["APIClient", "JSONFormat"]),
    tests("GeneratorTests", ["Generator", "UnitFiles", "Model", "TestSupport"], resources: [.copy("Cases")]),
    tests("CommandTests", ["sereno", "Flags", "Streaming", "Verbs", "CLinux", "TestSupport", arguments]),
    tests("SystemdKitTests", ["SystemdKit", "sereno-systemd", "TestSupport"]),
    tests("SimulationTests", ["sereno-simulate", "TestSupport"]),
    floor(
        "Fuzzing",
        [
            "CLinux", "Health", "Model", "KeeperProtocol", "Lifecycle", "Records", "GoTemplate", "UnitFiles", "Linux",
            "Store", "Logs",
            "Isolation",
            "Archive", "Images", "Engine", "Supervision", "Supervisor", "Runs", "JSONFormat",
            "DockerAPI", "APIServer", "APIClient",
            "TestSupport",
            nioCore, nioPosix, nioHTTP, log,
        ]),
    tests("FuzzCorpusTests", ["Fuzzing", "TestSupport"]),
    tests("SystemTests", ["TestSupport", "Model", "Linux"]),
    tests("AttackTests", ["TestSupport", "JSONFormat", "Linux"], resources: [.copy("Programs")]),
    tests("TortureTests", ["sereno-torture", "TestSupport"]),
    tests("SystemdTests", ["TestSupport", "Model", "UnitFiles"]),
    tests("MachineTests", ["TestSupport"]),
    tests(
        "MessageTests",
        [
            "APIClient", "Archive", "Generator", "GoTemplate", "Images", "Isolation", "KeeperClient",
            "KeeperProtocol", "LaunchPlan", "Linux", "Logs", "Model", "Store", "Streaming", "SystemdKit", "TLS",
            "UnitFiles", "TestSupport",
        ]),
    tests("ConformanceTests", ["JSONFormat", "Model", "TestSupport"], resources: [.copy("Fixtures")]),
    tests("TidyTests", ["Model", "TestSupport"]),
]

/// The program with libFuzzer in it, which brings its own main; scripts/fuzz builds it.
let fuzzers: [Target] =
    Context.environment["SERENO_FUZZ"] == nil
    ? [] : [.executableTarget(name: "sereno-fuzz", dependencies: ["Fuzzing"], swiftSettings: strict)]

let dependencies: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
]

/// `SERENO_FOCUS=RestartTests,LogsTests swift test` builds those targets and what they stand on, and
/// nothing else: seconds instead of minutes while working on one floor.
func focused(_ targets: [Target]) -> [Target] {
    guard let focus = Context.environment["SERENO_FOCUS"], !focus.isEmpty else { return targets }
    var wanted = Set(focus.split(separator: ",").map(String.init))
    var grew = true
    while grew {
        grew = false
        for target in targets where wanted.contains(target.name) {
            for dependency in target.dependencies {
                if case .byNameItem(let name, _) = dependency, wanted.insert(name).inserted { grew = true }
            }
        }
    }
    return targets.filter { wanted.contains($0.name) }
}

let package = Package(
    name: "sereno",
    products: [
        .executable(name: "sereno", targets: ["sereno"]),
        .executable(name: "serenod", targets: ["serenod"]),
        .executable(name: "sereno-keeper", targets: ["sereno-keeper"]),
        .executable(name: "sereno-archive", targets: ["sereno-archive"]),
        .executable(name: "sereno-systemd", targets: ["sereno-systemd"]),
        .executable(name: "sereno-tls", targets: ["sereno-tls"]),
    ].filter { product in
        guard let focus = Context.environment["SERENO_FOCUS"], !focus.isEmpty else { return true }
        return focus.split(separator: ",").contains { $0 == product.name }
    },
    dependencies: dependencies,
    targets: focused(placed(targets + fuzzers)),
    swiftLanguageModes: [.v6]
)
