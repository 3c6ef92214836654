import Glibc

/// Waits until a condition holds, asking again every few milliseconds; `false` when `timeout` seconds went by.
public func eventually(timeout: Double = 10, _ condition: () throws -> Bool) rethrows -> Bool {
    var left = timeout
    while true {
        if try condition() { return true }
        if left <= 0 { return false }
        usleep(5000)
        left -= 0.005
    }
}
