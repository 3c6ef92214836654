internal import CLinux
internal import Glibc

/// A pipe that holds what was taken from somewhere until it has been dealt with.
///
/// Bytes move into it in one step of the kernel: a process that is killed has left them where they were, or here. They can be
/// looked at as often as one likes before they are dropped. As long as somebody else holds the pipe's reading end too,
/// they outlive the process.
public struct HoldingPipe: ~Copyable {
    /// What one call may move at most, in bytes: what the pipes have room for.
    public static let capacity = 256 * 1024

    private let pipe: PipeEnds
    /// Where copies go to be read.
    private let mirror: PipeEnds
    private let nowhere: SharedDescriptor

    /// A new pipe for the purpose.
    public static func make() throws(LinuxError) -> PipeEnds { try PipeEnds(capacity: Int32(capacity)) }

    /// The pipe that `make` made, in this process or an earlier one.
    public init(_ pipe: PipeEnds) throws(LinuxError) {
        let mirror = try Self.make()
        let nowhere = try SharedDescriptor.openNull()
        self.pipe = pipe
        self.mirror = mirror
        self.nowhere = nowhere
    }

    /// How many bytes it holds.
    public var count: Int { max(0, Int(clinux_readable_count(pipe.reading.rawValue))) }

    /// Moves what a pipe or terminal has, up to `capacity` bytes, without waiting.
    public func take(from source: Int32) -> RawTransfer.Outcome {
        let count = clinux_splice(source, pipe.writing.rawValue, Self.capacity)
        if count > 0 { return .moved(count) }
        switch Int32(-count) {
        case 0, EIO: return .end
        case EAGAIN: return .wouldBlock
        default: return .failed(code: Int32(-count))
        }
    }

    /// Copies the `expected` bytes that it holds and keeps them; how many were copied. Should the kernel give too little room
    /// for that, they are taken out instead. `buffer` has room for `capacity` bytes.
    public func look(_ expected: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let copied = clinux_tee(pipe.reading.rawValue, mirror.writing.rawValue, Self.capacity)
        let seen = copied > 0 ? Self.read(copied, from: mirror, into: buffer) : 0
        return seen == expected ? seen : Self.read(expected, from: pipe, into: buffer)
    }

    private static func read(
        _ count: Int, from pipe: PipeEnds, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var done = 0
        while done < count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done..<min(count, buffer.count)])
            guard !rest.isEmpty, case .moved(let more) = RawTransfer.read(pipe.reading.rawValue, into: rest) else {
                break
            }
            done += more
        }
        return done
    }

    /// Drops all that it holds.
    public func drop() { drop(count) }

    /// Drops this many bytes.
    public func drop(_ bytes: Int) {
        var left = bytes
        while left > 0 {
            let dropped = clinux_splice(pipe.reading.rawValue, nowhere.rawValue, left)
            if dropped <= 0 { return }
            left -= dropped
        }
    }
}
