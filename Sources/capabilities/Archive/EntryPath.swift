/// A path inside a root: components as bytes, as file names need not be UTF-8. No empty component, no `.`, no `..`.
public struct EntryPath: Hashable, Sendable {
    /// From the root down; empty is the root itself.
    public var components: [[UInt8]]

    /// Cleans a path by its text as Go's `filepath.Clean` does; an absolute one counts from the root.
    ///
    /// `nil` when `..` climbs above the root, or a component holds a zero byte or is longer than 255 bytes.
    public init?(_ bytes: some Sequence<UInt8>) {
        var components: [[UInt8]] = []
        for part in Array(bytes).split(separator: 0x2F) where !part.elementsEqual([0x2E]) {
            if part.elementsEqual([0x2E, 0x2E]) {
                guard components.popLast() != nil else { return nil }
            } else {
                guard part.count <= 255, !part.contains(0) else { return nil }
                components.append(Array(part))
            }
        }
        self.components = components
    }

    private init(components: [[UInt8]]) { self.components = components }

    static let root = EntryPath(components: [])

    var isRoot: Bool { components.isEmpty }
    var parent: EntryPath { EntryPath(components: Array(components.dropLast())) }
    var name: [UInt8] { components.last ?? [] }

    func appending(_ name: [UInt8]) -> EntryPath { EntryPath(components: components + [name]) }

    /// Relative text for the kernel; `.` for the root.
    var bytes: [UInt8] { isRoot ? [0x2E] : Array(components.joined(separator: [0x2F])) }

    /// For people; bytes that are not UTF-8 are replaced.
    var text: String { "/" + String(decoding: Array(components.joined(separator: [0x2F])), as: UTF8.self) }
}

extension Array<UInt8> {
    /// Lends the bytes as a C string.
    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let terminated = self.map { CChar(bitPattern: $0) } + [0]
        return terminated.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return body("") }
            return body(start)
        }
    }
}
