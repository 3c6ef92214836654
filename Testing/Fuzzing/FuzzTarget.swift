/// Something that takes bytes from outside, with what has to hold whatever the bytes are.
public struct FuzzTarget: Sendable {
    /// What it is called on the command line, and its folder in Tests/Corpus/fuzz.
    public let name: String
    /// What has to hold, in one line.
    public let property: String
    private let body: @Sendable ([UInt8]) throws -> Void

    init(_ name: String, _ property: String, _ body: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.name = name
        self.property = property
        self.body = body
    }

    /// Takes one input; throws when the property does not hold.
    public func run(_ input: [UInt8]) throws { try body(input) }

    /// Every target there is.
    public static let all: [FuzzTarget] = [
        .json, .requests, .filters, .targets, .http, .hijack, .answers, .frames, .plans, .records, .history, .criLogs,
        .jsonLogs, .tars,
        .paths, .manifests, .templates, .names, .seccomp, .hostFiles, .words, .units,
    ]
}

/// A property that did not hold.
struct Broken: Error, CustomStringConvertible {
    let description: String
}

/// Holds a property.
func hold(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    if !condition { throw Broken(description: what()) }
}

extension Array<UInt8> {
    /// The bytes as text; what is not UTF-8 is replaced.
    var text: String { String(decoding: self, as: UTF8.self) }

    /// Takes bytes from the front, as many as there are.
    func cut(_ count: Int) -> (front: [UInt8], rest: [UInt8]) { (Array(prefix(count)), Array(dropFirst(count))) }

    /// The parts between zero bytes.
    var parts: [String] { split(separator: 0, omittingEmptySubsequences: false).map { Array($0).text } }
}
