import Foundation
import Testing

/// A page that the tests write from the code: compared, or rewritten when SERENO_REGENERATE is set.
enum Document {
    static let root: String = #filePath.components(separatedBy: "/Tests/")[0]

    static func check(
        _ path: String, _ text: String, between start: String? = nil, and end: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = URL(fileURLWithPath: root + "/" + path)
        var wanted = text
        let present = try? String(contentsOf: file, encoding: .utf8)
        if let start, let end {
            let whole = try #require(present, "\(path) is missing", sourceLocation: sourceLocation)
            let before = whole.components(separatedBy: start)
            try #require(before.count == 2, "\(path) has not one \(start)", sourceLocation: sourceLocation)
            let after = before[1].components(separatedBy: end)
            try #require(after.count == 2, "\(path) has not one \(end)", sourceLocation: sourceLocation)
            wanted = before[0] + start + text + end + after[1]
        }
        if ProcessInfo.processInfo.environment["SERENO_REGENERATE"] != nil {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try wanted.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        #expect(
            present == wanted, "\(path) is stale: run the tests with SERENO_REGENERATE=1",
            sourceLocation: sourceLocation)
    }
}
