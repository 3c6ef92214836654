import Engine
import Model
import NIOCore
import Runs

/// An attached client, which takes its time with each piece of output.
final class SimulatedSink: AttachSink {
    private let loop: SimulatedLoop
    private let delay: TimeAmount?

    /// `delay` `nil` takes everything at once.
    init(loop: SimulatedLoop, delay: Int64?) {
        self.loop = loop
        self.delay = delay.map { .nanoseconds($0) }
    }

    func write(_ stream: OutputStream, _ bytes: ByteBuffer, written: EventLoopPromise<Void>) {
        if let delay {
            _ = loop.scheduleTask(in: delay) { written.succeed(()) }
        } else {
            written.succeed(())
        }
    }

    func finish() {}
}
