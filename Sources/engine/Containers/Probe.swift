package import Health
package import Model
package import NIOCore
internal import Runs

/// A check under way, which receives its own output.
package final class Probe: AttachSink {
    package let number: UInt64
    private let collected: NIOLoopBoundBox<ProbeOutput>

    package init(number: UInt64, loop: any EventLoop) {
        self.number = number
        self.collected = NIOLoopBoundBox(ProbeOutput(), eventLoop: loop)
    }

    /// Its output so far.
    package var output: ProbeOutput { collected.value }

    package func write(_ stream: OutputStream, _ bytes: ByteBuffer, written: EventLoopPromise<Void>) {
        collected.value.append(bytes.readableBytesView)
        written.succeed(())
    }

    package func finish() {}
}
