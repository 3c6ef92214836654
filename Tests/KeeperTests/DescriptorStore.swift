import Glibc
import TestSupport

/// A service manager with a store of descriptors, as systemd is one: it keeps what a keeper leaves (FDSTORE), and passes it to the
/// next one (LISTEN_FDS).
struct DescriptorStore {
    private let directory: TemporaryDirectory
    private let manager: BackgroundCommand

    init() throws {
        directory = try TemporaryDirectory("sereno-store")
        try TestFiles.write(Self.program, to: directory.child("store.py"))
        manager = try BackgroundCommand(["python3", directory.child("store.py"), "keep", directory.path])
        let isUp = eventually { [directory] in TestFiles.exists(directory.child("pass")) }
        guard isUp else { throw TestFailure("no store of descriptors: \(manager.error)") }
    }

    /// What runs a keeper under it. With `older`, the keeper finds the records as the version left them that held 64 descriptors.
    func launcher(older: Bool = false) -> [String] {
        ["python3", directory.child("store.py"), older ? "start-older" : "start", directory.path]
    }

    /// The names of what it has.
    var names: [String] {
        ((try? TestFiles.read(directory.child("names"))) ?? "").split(separator: "\n").map(String.init)
    }

    private static let program = #"""
        import ctypes, mmap, os, select, socket, struct, sys
        verb, place = sys.argv[1:3]
        if verb == "keep":
            notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); notify.bind(place + "/notify")
            passing = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); passing.bind(place + "/pass"); passing.listen()
            store = []
            while True:
                ready, _, _ = select.select([notify, passing], [], [])
                if notify in ready:
                    data, fds, _, _ = socket.recv_fds(notify, 4096, 64)
                    words = dict(line.split("=", 1) for line in data.decode().split("\n") if "=" in line)
                    if "FDSTORE" in words: store += [(words["FDNAME"], fd) for fd in fds]
                    if "FDSTOREREMOVE" in words:
                        for name, fd in store:
                            if name == words["FDNAME"]: os.close(fd)
                        store = [entry for entry in store if entry[0] != words["FDNAME"]]
                    with open(place + "/names.new", "w") as file: file.write("\n".join(name for name, _ in store))
                    os.rename(place + "/names.new", place + "/names")
                if passing in ready:
                    other, _ = passing.accept()
                    for name, fd in store: socket.send_fds(other, [name.encode()], [fd])
                    other.close()
        other = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); other.connect(place + "/pass")
        store = []
        while True:
            data, fds, _, _ = socket.recv_fds(other, 256, 1)
            if not fds: break
            store.append((data.decode(), fds[0]))
        other.close()
        # Away from the numbers that they are to have.
        import fcntl
        store = [(name, fcntl.fcntl(fd, fcntl.F_DUPFD, 3 + len(store))) for name, fd in store]
        for index, (name, fd) in enumerate(store):
            if name == "r0" and verb == "start-older":
                header = bytearray(os.pread(fd, 36, 0))
                slots, = struct.unpack_from("<I", header, 12)
                struct.pack_into("<I", header, 32, 0)
                os.pwrite(fd, header, 0)
                os.ftruncate(fd, 4096 + (slots + 64) * 512)
            os.dup2(fd, 3 + index, inheritable=True)
        os.closerange(3 + len(store), 4096)
        os.environ["NOTIFY_SOCKET"] = place + "/notify"
        if store:
            os.environ["LISTEN_PID"] = str(os.getpid())
            os.environ["LISTEN_FDS"] = str(len(store))
            os.environ["LISTEN_FDNAMES"] = ":".join(name for name, _ in store)
        os.execvp(sys.argv[3], sys.argv[3:])
        """#
}
