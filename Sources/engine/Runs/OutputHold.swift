internal import KeeperClient
internal import Linux
internal import Logs

/// Holding place of output between its pipe and its log: a pipe and a journal that the keeper holds too. Nothing is lost and
/// nothing logged twice when the engine is killed between the two.
struct OutputHold: Sendable {
    let pipe: PipeEnds
    let journal: SharedDescriptor

    private static let reading = "output/reading"
    private static let writing = "output/writing"
    private static let notes = "output/journal"

    /// The parts that an earlier engine left with the keeper, or new ones, which are left there now.
    init(_ held: [String: SharedDescriptor], keeper: KeeperClient) throws {
        if let reading = held[Self.reading], let writing = held[Self.writing], let journal = held[Self.notes] {
            pipe = PipeEnds(reading: reading, writing: writing)
            self.journal = journal
            return
        }
        pipe = try HoldingPipe.make()
        journal = try SharedMemory.file("sereno-log-journal", length: LogJournal.length)
        let parts = [Self.reading: pipe.reading, Self.writing: pipe.writing, Self.notes: journal]
        for (name, descriptor) in parts.sorted(by: { $0.key < $1.key }) {
            try keeper.hold(BorrowedDescriptor(rawValue: descriptor.rawValue), name: name)
        }
    }
}
