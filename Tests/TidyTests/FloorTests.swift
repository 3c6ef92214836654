import TestSupport
import Testing

@Suite struct FloorTests {
    private let package: PackageFile

    init() throws { package = try PackageFile() }

    @Test func everyTargetIsOnOneFloorAndInItsFolder() throws {
        let placed = package.folders.flatMap(\.targets)
        #expect(Set(placed).count == placed.count)
        #expect(package.folders.map(\.path) == Floor.all.map(\.folder))
        for target in package.targets where !target.name.hasSuffix("Tests") {
            #expect(placed.contains(target.name), "\(target.name) is on no floor")
        }
        #expect(package.targets.count > 60, "\(package.targets.map(\.name))")
    }

    @Test func everyDependencyPointsDown() throws {
        var checked = 0
        for target in package.targets {
            guard let floor = package.floor(of: target.name) else { continue }
            let open = floor.below + (floor.isOpen ? [floor.folder] : [])
            for dependency in target.dependencies {
                guard let other = package.floor(of: dependency) else { continue }
                checked += 1
                let isAllowed =
                    open.contains(other.folder) || Floor.exceptions[target.name]?.contains(dependency) == true
                    // Files of a floor that are compiled once more stand beside the others of it.
                    || target.name.hasSuffix("Embedded")
                #expect(isAllowed, "\(target.name) on \(floor.folder) depends on \(dependency) of \(other.folder)")
            }
        }
        #expect(checked > 120)
    }

    @Test func theEngineKnowsEightModulesOfOurs() throws {
        let engine = try #require(package.targets.first { $0.name == "Engine" })
        let known = engine.dependencies.filter { package[$0] != nil }
        #expect(known.count == 8, "\(known)")
        let lines = try Tree.sources().filter { $0.target == "Engine" }.reduce(0) { $0 + $1.code.count }
        #expect(
            (2_000..<3_700).contains(lines),
            "its rooms hold \(lines) lines: what is no matter of containers is a service")
    }

    /// docs/architecture.md tells the floors as they are.
    @Test func theArchitecturesTableIsThis() throws {
        #expect(
            try GeneratedPage.isInStep(
                "docs/architecture.md", with: package.floorTable,
                between: "<!-- the floors, written by the tests -->\n",
                and: "<!-- end of the floors -->"),
            "the floors have changed: SERENO_REGENERATE=1 scripts/test theArchitecturesTableIsThis writes the table anew"
        )
    }

    @Test func thePureFloorsArePureInFact() throws {
        var seen = 0
        for file in try Tree.sources() where package.isPure(file.target) {
            seen += 1
            for module in file.imports {
                #expect(package[module] != nil, "\(file.path) imports \(module)")
            }
            for line in file.code {
                for word in ["ContinuousClock", "SuspendingClock", "Task.sleep", "Date()"] {
                    #expect(!line.text.contains(word), "\(file.path):\(line.number) uses \(word)")
                }
            }
        }
        #expect(seen > 100)
    }
}
