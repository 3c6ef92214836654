internal import Glibc
internal import Synchronization

extension DurableFile {
    /// Makes many files and directories durable at once and returns each one's error in their order. The calls of
    /// fsync(2) run side by side on at most eight threads for as long as this takes: the disk then answers many of
    /// them with one flush, where one after the other each waits for its own.
    public static func sync(all paths: [String]) -> [FileError?] {
        let work = SyncWork(paths)
        var helpers: [pthread_t] = []
        for _ in 1..<max(1, min(8, paths.count)) {
            var thread = pthread_t()
            let context = Unmanaged.passRetained(work)
            let code = pthread_create(
                &thread, nil,
                { context in
                    guard let context else { return nil }
                    Unmanaged<SyncWork>.fromOpaque(context).takeRetainedValue().run()
                    return nil
                }, context.toOpaque())
            if code == 0 {
                helpers.append(thread)
            } else {
                context.release()
            }
        }
        work.run()
        for thread in helpers { pthread_join(thread, nil) }
        return work.errors
    }
}

/// The paths still to be synced, shared by the threads that do it.
private final class SyncWork: Sendable {
    private let paths: [String]
    private let progress: Mutex<(next: Int, errors: [FileError?])>

    init(_ paths: [String]) {
        self.paths = paths
        progress = Mutex((0, Array(repeating: nil, count: paths.count)))
    }

    var errors: [FileError?] { progress.withLock { $0.errors } }

    func run() {
        while let index = take() {
            do throws(FileError) {
                try DurableFile.sync(paths[index])
            } catch {
                progress.withLock { $0.errors[index] = error }
            }
        }
    }

    private func take() -> Int? {
        progress.withLock { progress in
            guard progress.next < paths.count else { return nil }
            progress.next += 1
            return progress.next - 1
        }
    }
}
