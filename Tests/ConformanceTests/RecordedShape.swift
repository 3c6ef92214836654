import Foundation
import JSONFormat
import TestSupport

/// The shapes in which a dockerd was recorded to answer GETs (Fixtures/shapes.txt, written by scripts/record-shapes).
struct RecordedShape {
    /// What was seen at one path of an answer: in one range of versions, of these kinds, and in every object or only in some.
    private struct Member {
        var kinds: Set<String>
        var versions: Set<Int>
        var isAlways: Bool
    }

    /// By the name of the GET, by path.
    private let members: [String: [String: [Member]]]
    /// The paths of an object's members, by its path.
    private let inner: [String: [String: [String]]]

    /// The versions that are served: 1.x.
    static let versions = 24...47

    /// Reads the record.
    init() throws {
        var members: [String: [String: [Member]]] = [:]
        var inner: [String: [String: [String]]] = [:]
        var name = ""
        for line in try Self.lines("shapes") {
            let words = line.split(separator: " ").map(String.init)
            if words.count == 2, words[0] == "GET" {
                name = words[1]
                continue
            }
            guard words.count == 4 else { throw TestFailure("not of the form: \(line)") }
            let path = words[0] == "." ? "" : words[0]
            if members[name]?[path] == nil, let dot = path.lastIndex(of: "."),
                !path[dot...].contains(where: "[{".contains)
            {
                inner[name, default: [:]][String(path[..<dot]), default: []].append(path)
            }
            members[name, default: [:]][path, default: []].append(
                Member(
                    kinds: Set(words[1].split(separator: "|").map(String.init)), versions: try Self.versions(words[2]),
                    isAlways: words[3] == "always"))
        }
        (self.members, self.inner) = (members, inner)
    }

    /// The lines of a file of Fixtures without its comments.
    static func lines(_ fixture: String) throws -> [String] {
        guard let url = Bundle.module.url(forResource: "Fixtures/" + fixture, withExtension: "txt") else {
            throw TestFailure("there is no \(fixture).txt")
        }
        return String(decoding: try Data(contentsOf: url), as: UTF8.self).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }.map(String.init)
    }

    /// The versions of a list such as `24-40,44`.
    private static func versions(_ list: String) throws -> Set<Int> {
        var versions: Set<Int> = []
        for range in list.split(separator: ",") {
            let ends = range.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last else {
                throw TestFailure("no versions: \(list)")
            }
            versions.formUnion(first...last)
        }
        return versions
    }

    /// Where an answer of version 1.`minor` to GET `name` is not as dockerd's was: `PATH: missing`, `PATH: not known`, or
    /// `PATH: KIND`.
    func faults(_ value: JSON, _ name: String, _ minor: Int, _ path: String = "") -> [String] {
        guard let known = member(name, path, minor) else { return ["\(path): not known"] }
        switch value {
        case .object(let object) where known.kinds.contains("map"):
            return object.flatMap { faults($0.value, name, minor, path + "{}") }
        case .object(let object) where known.kinds.contains("object"):
            let missing = (inner[name]?[path] ?? []).filter {
                member(name, $0, minor)?.isAlways == true && object[String($0.dropFirst(path.count + 1))] == nil
            }
            return missing.map { "\($0): missing" }
                + object.flatMap { faults($0.value, name, minor, "\(path).\($0.name)") }
        case .array(let elements) where known.kinds.contains("array"):
            return elements.flatMap { faults($0, name, minor, path + "[]") }
        default: return known.kinds.contains(value.kind) ? [] : ["\(path): \(value.kind)"]
        }
    }

    private func member(_ name: String, _ path: String, _ minor: Int) -> Member? {
        members[name]?[path]?.first { $0.versions.contains(minor) }
    }
}
