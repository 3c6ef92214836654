internal import Archive
internal import CLinux
internal import Confinement
internal import Linux

/// The process beside this one that reads and sets the one attribute for which the kernel wants CAP_SYS_ADMIN, on directories that
/// it is handed open. It reads no byte of an archive and no name.
final class OpaqueMarkProcess: OpaqueMarks {
    private static let (read, set): (UInt8, UInt8) = (0, 1)
    private let socket: Int32
    private let process: Int32

    /// Starts it; for a process of one thread.
    init() throws(LinuxError) {
        var end: Int32 = -1
        let made = clinux_split(&end)
        guard made >= 0 else { throw LinuxError(call: "fork", object: "attribute process", code: -made) }
        if made == 0 { Self.serve(end) }
        socket = end
        process = made
    }

    deinit {
        _ = clinux_close(socket)
        var status: Int32 = 0
        _ = clinux_wait(process, &status)
    }

    func isMarked(_ directory: BorrowedDescriptor) -> Bool { ask(Self.read, directory) == 1 }

    func mark(_ directory: BorrowedDescriptor) -> Int32 { ask(Self.set, directory) }

    /// Its answer, `Errno.brokenPipe` when it has ended.
    private func ask(_ what: UInt8, _ directory: BorrowedDescriptor) -> Int32 {
        var byte = what
        var number = directory.rawValue
        guard clinux_send_packet(socket, &byte, 1, &number, 1, 1) == 1 else { return Errno.brokenPipe }
        var answer: Int32 = 0
        let received = withUnsafeMutableBytes(of: &answer) { SocketTransfer.receive(socket, into: $0, waits: true) }
        if case .moved(4) = received { return answer }
        return Errno.brokenPipe
    }

    private static func serve(_ asked: Int32) -> Never {
        guard clinux_duplicate_to(asked, 0) == 0, clinux_close_from(1) == 0 else { clinux_exit_now(1) }
        do { try Confinement.opaqueMarks.enter() } catch { clinux_exit_now(1) }
        let own = OwnOpaqueMarks()
        while true {
            var what: UInt8 = 0
            var directories = [Int32](repeating: -1, count: 64)
            var count: Int32 = 0
            guard clinux_receive_packet(0, &what, 1, &directories, &count, 1) == 1, count == 1 else {
                clinux_exit_now(0)
            }
            let directory = OwnedDescriptor(adopting: directories[0])
            let answer: Int32 =
                what == Self.set ? own.mark(directory.borrowed) : own.isMarked(directory.borrowed) ? 1 : 0
            guard case .moved(4) = withUnsafeBytes(of: answer, { SocketTransfer.send(0, $0, waits: true) }) else {
                clinux_exit_now(0)
            }
        }
    }
}
