internal import NIOCore

/// The count of the bytes held in memory for one connection, in both directions. Belongs to the connection's event
/// loop.
final class ConnectionAccount: Sendable {
    /// Bytes counted for a piece of output beside its own, so that many small pieces are not free.
    static let pieceCost = 256

    private struct State {
        var bytes = 0
        var isClosed = false
    }

    private let table: ConnectionTable
    private let state: NIOLoopBoundBox<State>

    init(_ table: ConnectionTable, loop: any EventLoop) {
        self.table = table
        state = NIOLoopBoundBox(State(), eventLoop: loop)
    }

    /// Number of bytes that are held now.
    var bytes: Int { state.value.bytes }

    /// Adds bytes that are held from now on.
    func add(_ count: Int) {
        guard !state.value.isClosed else { return }
        state.value.bytes += count
        table.charge(count)
    }

    /// Subtracts bytes that were added and are let go.
    func remove(_ count: Int) {
        guard !state.value.isClosed else { return }
        state.value.bytes -= count
        table.charge(-count)
    }

    /// Subtracts all that is held, as the connection is gone. Later changes are ignored.
    func close() {
        guard !state.value.isClosed else { return }
        table.charge(-state.value.bytes)
        state.value = State(isClosed: true)
    }
}
