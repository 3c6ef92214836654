package import Linux
package import Model

/// Runs `body`, which works on a container, so that a fault of this thread meanwhile is attributed to that container. Without an
/// ID or a note it only runs `body`.
package func attributed<Value>(
    to id: ContainerID?, in faults: FaultNote?, _ body: () throws -> Value
) rethrows -> Value {
    guard let id, let faults else { return try body() }
    return try faults.during(id.text, body)
}
