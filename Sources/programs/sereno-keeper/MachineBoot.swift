import CLinux

/// What the first process of a machine finds and makes before anything runs. Nothing here ends it: what fails is told on
/// the console, and it goes on with what there is.
enum MachineBoot {
    /// Run to its end before the engine starts, when it is there: for modules, networks and disks.
    static let hook: StaticString = "/etc/sereno/boot"
    /// How long that may take before it is left to itself.
    static let hookPatience = 120 * second

    static func run() {
        var failures = InlineArray<7, Int32>(repeating: 0)
        for which in 0..<Int32(CLINUX_MACHINE_MOUNTS.rawValue) { failures[Int(which)] = clinux_machine_mount(which) }
        // Only now is there a console to tell it on.
        if clinux_machine_open_console() != 0 { _ = clinux_fill_standard_streams() }
        clinux_complain("boot", -1, "")
        for which in 0..<Int32(CLINUX_MACHINE_MOUNTS.rawValue) where failures[Int(which)] < 0 {
            say("cannot mount ", clinux_machine_mount_point(which), -failures[Int(which)])
        }
        clinux_machine_set_default("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        if clinux_machine_is_host() == 1 {
            tell("cannot make the root file system writable: ", clinux_machine_write_root())
            tell("cannot share the mounts with other namespaces: ", clinux_machine_share_mounts())
        }
        tell("cannot enable controllers of control groups: ", clinux_machine_enable_controllers())
        tell("cannot set the host's name: ", clinux_machine_set_hostname())
        tell("cannot bring the loopback up: ", clinux_bring_loopback_up())
        // Containers have no such keys: refused there.
        _ = clinux_machine_tame_ctrl_alt_del()
        runHook()
    }

    private static func tell(_ text: StaticString, _ outcome: Int32) {
        guard outcome < 0 else { return }
        clinux_complain(cString(text), -1, clinux_strerror(-outcome))
    }

    private static func say(_ text: StaticString, _ path: UnsafePointer<CChar>?, _ code: Int32) {
        let path = path.map { String(cString: $0) } ?? ""
        "\(text)\(path): \(String(cString: clinux_strerror(code)))".withCString { clinux_complain($0, -1, "") }
    }

    private static func runHook() {
        guard clinux_machine_is_executable(cString(hook)) == 1 else { return }
        var words: (UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CChar>?) = (
            UnsafeMutablePointer(mutating: cString(hook)), nil
        )
        var pid: Int32 = 0
        var pidfd: Int32 = -1
        let failure = withUnsafePointer(to: &words) { words in
            words.withMemoryRebound(to: UnsafeMutablePointer<CChar>?.self, capacity: 2) {
                clinux_start($0, -1, -1, nil, Int32(CLINUX_MOUNTS_OF_CALLER), &pid, &pidfd)
            }
        }
        guard failure == 0 else { return tell("cannot run /etc/sereno/boot: ", failure) }
        _ = clinux_close(pidfd)
        let deadline = clinux_clock_boottime() + hookPatience
        while clinux_clock_boottime() < deadline {
            var ended = clinux_exit()
            while clinux_reap(&ended) == 1 {
                guard ended.pid == pid else { continue }
                let code = shellCode(ended.status)
                if code != 0 { clinux_complain("/etc/sereno/boot ended with ", Int64(code), "") }
                return
            }
            clinux_init_pause(5)
        }
        clinux_complain("/etc/sereno/boot is still running; the engine starts beside it", -1, "")
    }
}

/// The bytes of a literal, which end with a zero.
func cString(_ text: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}
