import Logging

/// The engine's own messages among the events of the world.
struct TraceLog: LogHandler {
    let clock: SimulatedClock
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let pairs = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        print("                 engine says \(event.level): \(event.message)\(pairs)")
    }
}
