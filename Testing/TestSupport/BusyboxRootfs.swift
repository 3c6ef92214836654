import Glibc

/// Root file systems made from the host's static busybox: what most container tests run in.
public enum BusyboxRootfs {
    /// Where the host's static busybox is.
    public static let busybox = "/bin/busybox"

    /// Makes a root file system in `path` (created when missing): /bin with all applets, /etc with passwd
    /// (root, daemon, nobody, `app` = 1000:1000) and group (root, daemon, `app`, `audio` = 63 with member app,
    /// `extra` = 2000), /tmp, /root, /home/app and empty /proc, /sys, /dev.
    public static func make(at path: String) throws {
        for name in ["bin", "sbin", "etc", "proc", "sys", "dev", "tmp", "root", "var", "usr", "home"] {
            try TestFiles.makeDirectories(path + "/" + name)
        }
        chmod(path + "/tmp", 0o1777)
        chmod(path, 0o755)
        try TestFiles.makeDirectories(path + "/home/app")
        chown(path + "/home/app", 1000, 1000)
        let program = path + "/bin/busybox"
        if !TestFiles.exists(program) {
            let copy = try Command.run([busybox, "cp", busybox, program])
            guard copy.succeeded else { throw TestFailure("cp \(busybox): \(copy.error)") }
            chmod(program, 0o755)
        }
        for applet in try applets() where applet != "busybox" {
            symlink("busybox", path + "/bin/" + applet)
        }
        try TestFiles.write(passwd, to: path + "/etc/passwd")
        try TestFiles.write(group, to: path + "/etc/group")
    }

    /// Writes the same root file system as a tar file at `path`.
    public static func makeTar(at path: String) throws {
        let directory = try TemporaryDirectory("sereno-rootfs")
        try make(at: directory.path)
        let tar = try Command.run([busybox, "tar", "-C", directory.path, "-cf", path, "."])
        guard tar.succeeded else { throw TestFailure("tar \(path): \(tar.error)") }
    }

    /// The names of busybox's applets.
    public static func applets() throws -> [String] {
        try Command.run([busybox, "--list"]).output.split(separator: "\n").map(String.init)
    }

    static let passwd = """
        root:x:0:0:root:/root:/bin/sh
        daemon:x:1:1:daemon:/:/bin/false
        app:x:1000:1000:App:/home/app:/bin/sh
        nobody:x:65534:65534:nobody:/:/bin/false

        """
    static let group = """
        root:x:0:
        daemon:x:1:
        audio:x:63:app
        app:x:1000:
        extra:x:2000:
        nogroup:x:65534:

        """
}
