internal import CLinux
internal import Glibc
public import Model

/// A detached thread of its own, for loops that wait in the kernel. It has a small stack and no thread-local state of ours.
public enum KernelThread {
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread with a name of at most 15 bytes.
    public static func start(name: String, _ body: @escaping @Sendable () -> Void) throws(LinuxError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 512 * 1024)
        var thread = pthread_t()
        let box = Unmanaged.passRetained(
            Body {
                _ = clinux_set_name(name)
                body()
            })
        let result = pthread_create(
            &thread, &attributes,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, box.toOpaque())
        guard result == 0 else {
            box.release()
            throw LinuxError(call: "start the thread", object: name, code: result)
        }
    }

    /// Has the calling thread do nothing for so long (nanosleep(2)); a signal that is handled ends it early.
    public static func sleep(for span: Nanoseconds) {
        let count = max(0, span.count)
        var time = timespec(tv_sec: Int(count / 1_000_000_000), tv_nsec: Int(count % 1_000_000_000))
        nanosleep(&time, nil)
    }
}
