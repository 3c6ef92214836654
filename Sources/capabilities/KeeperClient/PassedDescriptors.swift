import CLinux
public import Linux
import Synchronization

/// Descriptors that came with a frame. Each is taken once; what nobody took is closed with the last reference.
public final class PassedDescriptors: Sendable {
    private let numbers: Mutex<[Int32]>

    init(adopting numbers: [Int32]) { self.numbers = Mutex(numbers) }

    deinit {
        numbers.withLock { for number in $0 where number >= 0 { _ = clinux_close(number) } }
    }

    /// How many came, taken ones included.
    public var count: Int { numbers.withLock { $0.count } }

    /// The descriptor at `index`, from 0; `nil` when it was taken before or never came.
    public func take(_ index: Int) -> OwnedDescriptor? {
        let number = numbers.withLock { numbers -> Int32 in
            guard numbers.indices.contains(index) else { return -1 }
            defer { numbers[index] = -1 }
            return numbers[index]
        }
        return number < 0 ? nil : OwnedDescriptor(adopting: number)
    }
}
