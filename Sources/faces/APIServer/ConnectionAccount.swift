internal import NIOCore

/// The bytes that are held in memory for one connection, in both directions. Belongs to the connection's event loop.
final class ConnectionAccount: Sendable {
    /// What is counted for a piece of output beside its bytes, so that many small ones are not free.
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

    /// How many they are now.
    var bytes: Int { state.value.bytes }

    /// More are held.
    func add(_ count: Int) {
        guard !state.value.isClosed else { return }
        state.value.bytes += count
        table.charge(count)
    }

    /// Some of those that were added are let go.
    func remove(_ count: Int) {
        guard !state.value.isClosed else { return }
        state.value.bytes -= count
        table.charge(-count)
    }

    /// The connection is gone, and all that was held for it.
    func close() {
        guard !state.value.isClosed else { return }
        table.charge(-state.value.bytes)
        state.value = State(isClosed: true)
    }
}
