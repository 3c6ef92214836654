internal import Linux
internal import Synchronization

/// Connections that have not shown a good certificate. There is always room for one more: the address that has most of them loses
/// its oldest, so that who opens many and says nothing only pushes out itself.
struct Strangers: ~Copyable, Sendable {
    /// The most at once.
    static let bound = 256

    /// What one is called here.
    typealias Number = UInt64

    private struct State {
        /// By the order in which they came.
        var sockets: [PeerAddress: [(number: Number, socket: SharedDescriptor)]] = [:]
        var addresses: [Number: PeerAddress] = [:]
        var next: Number = 0
    }

    private let state = Mutex(State())

    /// Takes one in, at the cost of another if need be, whose connection ends.
    func admit(_ socket: SharedDescriptor, from address: PeerAddress) -> Number {
        state.withLock { state in
            if state.addresses.count >= Self.bound { Self.letGoOfOldest(&state) }
            let number = state.next
            state.next += 1
            state.sockets[address, default: []].append((number, socket))
            state.addresses[number] = address
            return number
        }
    }

    private static func letGoOfOldest(_ state: inout State) {
        // Between equals the one whose oldest came first.
        let most = state.sockets.max { one, other in
            let (first, second) = (one.value.first?.number ?? 0, other.value.first?.number ?? 0)
            return (one.value.count, second) < (other.value.count, first)
        }
        guard let (address, sockets) = most, let oldest = sockets.first else { return }
        // Its thread wakes up and ends.
        SocketTransfer.end(oldest.socket.rawValue)
        remove(oldest.number, of: address, &state)
    }

    /// One is no stranger any more, or gone; false when it was let go before.
    @discardableResult
    func remove(_ number: Number) -> Bool {
        state.withLock { state in
            guard let address = state.addresses[number] else { return false }
            Self.remove(number, of: address, &state)
            return true
        }
    }

    private static func remove(_ number: Number, of address: PeerAddress, _ state: inout State) {
        state.addresses[number] = nil
        state.sockets[address]?.removeAll { $0.number == number }
        if state.sockets[address]?.isEmpty == true { state.sockets[address] = nil }
    }
}
