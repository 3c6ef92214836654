package import Linux
package import Model

/// Works on a container so that a fault of this thread meanwhile is told to be its own.
package func attributed<Value>(
    to id: ContainerID?, in faults: FaultNote?, _ body: () throws -> Value
) rethrows -> Value {
    guard let id, let faults else { return try body() }
    return try faults.during(id.text, body)
}
