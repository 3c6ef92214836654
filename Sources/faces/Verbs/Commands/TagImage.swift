import APIClient
import ArgumentParser
import Flags
import Model

/// `sereno tag`: gives an image another name.
struct TagImage: Verb {
    static let configuration = CommandConfiguration(
        verb: "tag", abstract: "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE")
    static let flags = FlagTable(interspersed: false)
    static let arguments = "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]"
    static let argumentCount = ArgumentCount.exactly(2)

    @Argument(help: .hidden)
    var source: String

    @Argument(help: .hidden)
    var target: String

    func perform(in session: Session) throws -> Int32 {
        try checkSource()
        try session.client.perform(
            Request(.post, "/images/\(Request.segment(source))/tag", query: try Self.query(target)))
        return 0
    }

    /// Refuses what is neither a name nor an ID.
    private func checkSource() throws(ExitFailure) {
        do throws(ImageReference.Invalid) { _ = try ImageReference(parsing: source) } catch {
            if case .hexadecimalName = error { return }
            throw ExitFailure(
                "Error parsing reference: \(quoted(source)) is not a valid repository/tag: \(error.message)")
        }
    }

    private static func query(_ target: String) throws -> [(name: String, value: String)] {
        if target.contains(byte: "@") { throw ExitFailure("refusing to create a tag with a digest reference") }
        let slash = target.lastIndex(of: "/")
        let last = slash.map { target[target.index(after: $0)...] } ?? target[...]
        let colon = last.firstIndex(of: ":")
        let name = String(target[..<(colon ?? target.endIndex)])
        let tag = colon.map { String(target[target.index(after: $0)...]) } ?? "latest"
        if let fault = fault(of: name, tag) {
            throw ExitFailure("Error parsing reference: \(quoted(target)) is not a valid repository/tag: \(fault)")
        }
        return [("repo", name), ("tag", tag)]
    }

    private static func fault(of name: String, _ tag: String) -> String? {
        let path = name.contains(byte: "/") ? name : "library/\(name)"
        let isWord: (UInt8) -> Bool = {
            (97...122).contains($0) || (48...57).contains($0) || [45, 46, 47, 58, 95].contains($0)
        }
        let isTag: (UInt8) -> Bool = {
            (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || [45, 46, 95].contains($0)
        }
        if !name.isEmpty, name.lowercased() != name, name.lowercased().utf8.allSatisfy(isWord),
            !name.contains(byte: "/")
        {
            return "invalid reference format: repository name (\(path)) must be lowercase"
        }
        let edges: Set<Character> = ["/", "-", ".", "_"]
        let isName = name.split(byte: "/").dropFirst().allSatisfy { $0.lowercased() == $0 }
        let endsWell = name.last.map { !edges.contains($0) } ?? false
        let beginsWell = name.first.map { !edges.contains($0) } ?? false
        guard isName, beginsWell, endsWell, name.lowercased().utf8.allSatisfy(isWord), !tag.isEmpty,
            tag.utf8.count <= 128,
            tag.utf8.allSatisfy(isTag), tag.first.map({ $0 != "." && $0 != "-" }) ?? false
        else { return "invalid reference format" }
        return nil
    }
}
