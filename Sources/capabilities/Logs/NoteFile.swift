internal import Linux

/// A small file in which a writer leaves what the next one must know: for the death of the program, not of the machine, so it is
/// never made durable. It is made when there is first something to keep.
struct NoteFile: ~Copyable {
    private let path: String
    private var file: LogFile?
    private var isEmpty = true

    init(path: String) { self.path = path }

    /// The length of the note that is there, in bytes; `nil` when there is none.
    mutating func length() -> Int? {
        guard LogFile.Identity(path: path) != nil, open() else { return nil }
        isEmpty = false
        return Int(file?.length ?? 0)
    }

    /// Reads as much of it as there is room for, and tells how much that is.
    func read(into space: UnsafeMutableRawBufferPointer) -> Int { file?.read(at: 0, into: space) ?? 0 }

    /// Writes another note over it in one write(2); what is longer of the old one stays behind it unless `cut`.
    mutating func write(_ bytes: UnsafeRawBufferPointer, cut: Bool = false) {
        guard open() else { return }
        isEmpty = false
        _ = file?.overwrite(bytes)
        if cut { _ = file?.truncate(to: Int64(bytes.count)) }
    }

    /// There is nothing to keep any more.
    mutating func clear() {
        if !isEmpty { isEmpty = file?.truncate(to: 0) ?? false }
    }

    private mutating func open() -> Bool {
        if file != nil { return true }
        do throws(FileError) {
            let opened = try LogFile(path, .overwrite)
            file = consume opened
            return true
        } catch {
            return false
        }
    }

    /// FNV-1a with 64 bits, by which a note that was cut off is told.
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return value
    }
}
