import Foundation
import TestSupport
import Testing

/// docs/cves.md says of every published hole what shows that it is not here.
@Suite struct PublishedHolesTests {
    private func rows() throws -> [String] {
        try TestFiles.read(GeneratedPage.root + "/docs/cves.md").split(separator: "\n").map(String.init)
            .filter {
                $0.hasPrefix("|") && !$0.hasPrefix("|---") && !$0.hasPrefix("| CVE |") && !$0.hasPrefix("| what |")
            }
    }

    @Test func everyTestThatThePageNamesIsThere() throws {
        let files = try Tree.files(below: "Tests", endings: [".swift"])
        let known = Set(files.map { String($0.name.dropLast(".swift".count)) } + files.map(\.target))
        let named = try rows().flatMap { $0.matches(of: #/`(\w+Tests)`/#).map { String($0.output.1) } }
        #expect(Set(named).count > 15)
        for name in Set(named) { #expect(known.contains(name), "docs/cves.md names \(name)") }
    }

    @Test func everyNumberStandsOnce() throws {
        let numbers = try rows().flatMap { row in
            row.matches(of: #/\b20\d\d-\d{4,7}\b/#).map { String($0.output) }
        }
        #expect(numbers.count > 120)
        let twice = Dictionary(grouping: numbers, by: { $0 }).filter { $0.value.count > 1 }.keys
        #expect(twice.isEmpty, "\(twice.sorted())")
    }

    @Test func whatIsHeldNamesItsTest() throws {
        for row in try rows() where row.contains("| held") { #expect(row.contains("Tests`"), "\(row)") }
    }
}
