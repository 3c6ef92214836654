import TestSupport
import Testing

/// Numbers from requests, images, records and files are not computed with by operators that end the program when a result does not
/// fit: `Nanoseconds` and its kin saturate, and so do `saturatingAdding` and the conversions `clamping:`, `exactly:` and
/// `saturating:`. A line that is right all the same says why: `// bounded: …`, on it or on the line before.
@Suite struct OutsideNumberTests {
    /// Where such numbers come in or are decided on.
    private static let doors = [
        "Sources/faces/DockerAPI/", "Sources/logic/Health/", "Sources/logic/Restart/", "Sources/logic/Lifecycle/",
        "Sources/words/Model/Instants.swift",
        "Sources/words/Model/HealthSnapshot.swift", "Sources/words/Model/ContainerSpec.swift",
        "Sources/words/Model/RestartPolicy.swift",
        "Sources/engine/Engine/Engine+Health.swift", "Sources/engine/Engine/Engine+Lifecycle.swift",
        "Sources/engine/Engine/Engine+Memory.swift", "Sources/engine/Engine/Engine+StartOrder.swift",
        "Sources/engine/Engine/TimeAmount+Span.swift", "Sources/engine/Engine/ImageMerge.swift",
        "Sources/linux/Linux/CgroupSetting.swift",
        "Sources/linux/Linux/DirectorySize.swift", "Sources/capabilities/Isolation/ResourceLimit+Operations.swift",
        "Sources/capabilities/Isolation/TmpfsOptions.swift", "Sources/capabilities/Isolation/OCIBundle+Linux.swift",
        "Sources/capabilities/Images/ImageConfig.swift", "Sources/capabilities/Images/ImageChange.swift",
        "Sources/capabilities/Images/LayerStore.swift",
        "Sources/words/Model/ByteSize.swift", "Sources/words/Model/Nanoseconds+GoDuration.swift",
        "Sources/words/Model/Nanoseconds+HumanDuration.swift", "Sources/capabilities/Logs/LogConfiguration.swift",
        "Sources/capabilities/Logs/LogRotation.swift",
        "Sources/faces/Generator/ContainerFacts.swift", "Sources/faces/APIServer/Routes/",
        "Sources/faces/Flags/NanoCPUs.swift", "Sources/faces/Streaming/LocalTime.swift",
    ]

    /// Parsers whose numbers are places in their own input.
    private static let ownPlaces: Set<String> = ["Base64.swift", "NamePattern.swift", "PatternParser.swift"]

    @Test func numbersFromOutsideAreComputedWithByWhatCannotOverflow() throws {
        let files = try Tree.sources().filter { file in
            Self.doors.contains { file.path.hasPrefix($0) } && !Self.ownPlaces.contains(file.name)
        }
        #expect(files.count > 60)
        for file in files {
            var before: Substring = ""
            for line in file.text.split(separator: "\n", omittingEmptySubsequences: false) {
                defer { before = line }
                guard !line.contains("// bounded: "), !before.contains("// bounded: ") else { continue }
                #expect(!Self.mayTrap(line), "\(file.path): \(line)")
            }
        }
    }

    /// Times are moved and compared by their types, wherever they are.
    @Test func timesAreNotComputedWithAsNumbers() throws {
        let times = try Regex(#"\.nanoseconds [-+*] |[-+*] [\w.()]*\.nanoseconds\b|Nanoseconds\([^()]* [-+*] "#)
        let others: Set<String> = ["Simulation", "TestSupport", "sereno-torture", "sereno-keeper"]
        for file in try Tree.sources() where !others.contains(file.target) {
            for line in file.text.split(separator: "\n") where !line.contains("unit.nanoseconds") {
                #expect(line.firstMatch(of: times) == nil, "\(file.path): \(line)")
            }
        }
    }

    @Test func theCheckKnowsWhatTraps() {
        for line in [
            "let due = now + interval * 2", "total += size", "return UInt16(weight)", "left -= 1",
            "let end = start + 1_000", "let seconds = Int(span.count / 1_000)", "memory * 2",
        ] { #expect(Self.mayTrap(Substring(line)), "\(line)") }
        for line in [
            "effects += deliver(signal)", "return tell + [.emit(.stop)]", "let words = \"a - b\" + name",
            "guard let count = Int(text) else { return nil }", "UInt16(clamping: weight)", "// total += size",
            "spec.memory.saturatingMultiplied(by: 2)", "let parts = texts.map { Int($0) }",
        ] { #expect(!Self.mayTrap(Substring(line)), "\(line)") }
    }

    /// Whether a line computes with numbers, or narrows one, in a way that traps. Lists and texts are joined by `+` too, so of
    /// sums only those count that have a number in them by the look of it.
    private static func mayTrap(_ line: Substring) -> Bool {
        let code = line.replacing(#/"(?:\\.|[^"\\])*"/#, with: "\"\"")
        let bare = code.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        if bare.contains(#/static (prefix )?func [-+*] /#) { return false }
        if bare.contains(#/[\w)\]] (?:\*|-|\*=|-=) [\w(.]/#) { return true }
        if bare.contains(#/[\w)\]] \+=? \d|\d \+ [\w(]|count \+ |\+ \w+\.count\b/#) { return true }
        if bare.contains(#/(?i:seconds|bytes|size|time|limit|total|kills|memory|swap|fraction)\)? \+=? [\w(]/#) {
            return true
        }
        if bare.contains(#/\+ \w*(?i:interval|seconds|bytes|size|limit|memory|swap|fraction)\b/#) { return true }
        let narrows = bare.contains(
            #/\bU?Int(?:8|16|32|64)?\((?!clamping|exactly|truncatingIfNeeded|bitPattern|saturating|0\)|\))/#)
        // Text that is read as a number gives an optional.
        let reads = bare.contains(#/guard|if let|flatMap|compactMap|== nil|\?\?|map \{ U?Int/#)
        return narrows && !reads
    }
}
