package import APIClient
import Linux
package import Model

/// Standard input on its way to the container, one block at a time.
package struct InputPump {
    private var watch: DetachKeys.Watch?
    private var pending: [UInt8] = []
    private var sent = 0
    private var ended = false
    private var finished = false

    /// A pump that watches the input for the detach keys; `nil` watches for none.
    package init(keys: DetachKeys?) { watch = keys.map { DetachKeys.Watch($0) } }

    /// Whether another block can be read.
    var wantsInput: Bool { !ended && pending.isEmpty }
    /// Whether bytes wait to be sent.
    var wantsToSend: Bool { sent < pending.count }

    /// Reads the input that is there; returns true when the detach keys were typed.
    package mutating func read() -> Bool {
        let typed: [UInt8]
        do throws(LinuxError) {
            typed = try BorrowedDescriptor.standardInput.read(atMost: 32 * 1024)
        } catch {
            if error.code != Errno.wouldBlock { ended = true }
            return false
        }
        if typed.isEmpty {
            ended = true
            return false
        }
        if var watch {
            let outcome = watch.pass(typed)
            self.watch = watch
            pending = outcome.passed
            return outcome.detached
        }
        pending = typed
        return false
    }

    /// Continues with a new connection after the engine came back.
    mutating func reattach(to stream: HijackedStream) {
        finished = false
        if ended || wantsToSend { try? send(to: stream) }
    }

    /// Sends as much as the engine takes; at the end of the input, ends the connection's input too.
    package mutating func send(to stream: HijackedStream) throws(ClientError) {
        if wantsToSend {
            guard let count = try stream.send(pending[sent...]) else {
                ended = true
                finished = true
                pending = []
                sent = 0
                return
            }
            sent += count
        }
        if sent == pending.count {
            pending = []
            sent = 0
            if ended, !finished {
                finished = true
                stream.finishSending()
            }
        }
    }
}
