internal import Model

/// Mount flags and data of a tmpfs from the words of `--tmpfs` or `-v`, starting from Docker's noexec, nosuid, nodev.
struct TmpfsOptions: Hashable {
    var flags = MountFlags.noExecute | MountFlags.noSetuid | MountFlags.noDevices
    var data: [String] = []

    init(_ words: String) throws(IsolationError) {
        for word in words.split(byte: ",").map(String.init) {
            if let (set, clear) = Self.flagWords[word] {
                flags = (flags & ~clear) | set
            } else if let equals = word.firstIndex(ofByte: "="), Self.dataWords.contains(String(word[..<equals])) {
                data.append(word)
            } else if !Self.ignored.contains(word) {
                throw .invalid("invalid tmpfs option \"\(word)\"")
            }
        }
    }

    private static let dataWords: Set<String> = ["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"]
    private static let ignored: Set<String> = [
        "defaults", "private", "rprivate", "slave", "rslave", "shared", "rshared", "unbindable", "runbindable",
    ]
    private static let flagWords: [String: (set: UInt64, clear: UInt64)] = [
        "ro": (MountFlags.readOnly, 0), "rw": (0, MountFlags.readOnly),
        "noexec": (MountFlags.noExecute, 0), "exec": (0, MountFlags.noExecute),
        "nosuid": (MountFlags.noSetuid, 0), "suid": (0, MountFlags.noSetuid),
        "nodev": (MountFlags.noDevices, 0), "dev": (0, MountFlags.noDevices),
        "sync": (MountFlags.synchronous, 0), "async": (0, MountFlags.synchronous),
        "noatime": (MountFlags.noAccessTime, 0), "atime": (0, MountFlags.noAccessTime),
        "nodiratime": (MountFlags.noDirectoryAccessTime, 0), "diratime": (0, MountFlags.noDirectoryAccessTime),
        "relatime": (MountFlags.relativeAccessTime, 0), "norelatime": (0, MountFlags.relativeAccessTime),
        "strictatime": (MountFlags.strictAccessTime, 0), "nostrictatime": (0, MountFlags.strictAccessTime),
    ]
}
