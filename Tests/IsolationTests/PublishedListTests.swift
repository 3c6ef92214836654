import TestSupport
import Testing

@testable import Isolation

/// What Docker publishes of its defaults, written down from the other end: what is closed, and what opens it.
@Suite("What Docker's defaults close is closed, and nothing else") struct PublishedListTests {
    /// No capability opens these; several of them are in the tables of other architectures or of none any more.
    private static let closed = """
        _sysctl add_key afs_syscall bdflush break create_module ftime get_kernel_syms getpmsg gtty idle io_uring_enter
        io_uring_register io_uring_setup kexec_file_load kexec_load keyctl lock migrate_pages move_pages mpx nfsservctl nice
        oldfstat oldlstat oldolduname oldstat olduname pivot_root prof profil putpmsg query_module readdir request_key
        security sgetmask sigaction signal sigpending sigsuspend ssetmask stty swapoff swapon sysfs tuxcall ulimit uselib
        userfaultfd ustat vm86 vm86old vserver
        """

    /// Closed without the capability.
    private static let opened = [
        "BPF": "bpf", "DAC_READ_SEARCH": "open_by_handle_at", "PERFMON": "perf_event_open", "SYSLOG": "syslog",
        "SYS_ADMIN": """
        bpf clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr lsm_list_modules
        lsm_set_self_attr mount mount_setattr move_mount open_tree perf_event_open quotactl quotactl_fd setdomainname
        sethostname setns syslog umount umount2 unshare
        """,
        "SYS_BOOT": "reboot", "SYS_CHROOT": "chroot", "SYS_MODULE": "delete_module finit_module init_module",
        "SYS_NICE": "get_mempolicy mbind set_mempolicy set_mempolicy_home_node", "SYS_PACCT": "acct",
        "SYS_PTRACE": "kcmp pidfd_getfd process_madvise", "SYS_RAWIO": "ioperm iopl",
        "SYS_TIME": "clock_settime clock_settime64 settimeofday stime", "SYS_TTY_CONFIG": "vhangup",
    ]

    /// removexattrat, the newest call that the published profile speaks of.
    private static let newest = 466

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }

    private static func allowed(_ capabilities: CapabilitySet) -> Set<String> {
        let rules = SeccompProfile.standard.rules(for: capabilities, architecture: "amd64", kernel: (6, 12))
        return Set(rules.filter { $0.action == .allow }.flatMap(\.names))
    }

    /// The calls of a table of the kernel's, as its headers have it.
    private static func calls(_ header: String) throws -> Set<String> {
        let lines = try TestFiles.read(header).split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace) }
        return Set(
            lines.filter { $0.count == 3 && $0[0] == "#define" && $0[1].hasPrefix("__NR_") }
                .filter { Int($0[2]).map { $0 <= newest } == true }.map { String($0[1].dropFirst("__NR_".count)) })
    }

    private static let headers = ["64", "32"].map { "/usr/include/x86_64-linux-gnu/asm/unistd_\($0).h" }

    #if arch(x86_64)
        @Test(
            "System calls: all of the kernel's tables, by the capability that opens them",
            .enabled(if: headers.allSatisfy(TestFiles.exists)))
        func systemCalls() throws {
            let all = try Self.headers.reduce(into: Set<String>()) { try $0.formUnion(Self.calls($1)) }
            #expect(all.count > 400)
            let behindCapabilities = Self.opened.values.reduce(into: Set<String>()) { $0.formUnion(Self.words($1)) }
            let free = all.subtracting(Self.words(Self.closed)).subtracting(behindCapabilities)
            let given = Self.allowed([])
            #expect(given.intersection(all).symmetricDifference(free).sorted() == [])
            for (capability, calls) in Self.opened {
                let set = try #require(CapabilitySet(name: "CAP_" + capability))
                #expect(
                    Self.allowed(set).subtracting(given).symmetricDifference(Self.words(calls)).sorted() == [],
                    "\(capability)")
            }
            #expect(Self.allowed(.all).isDisjoint(with: Self.words(Self.closed)))
        }
    #endif

    @Test("Sockets of virtual machines and of the kernel's ciphers are closed, and no other family")
    func socketFamilies() {
        let rules = SeccompProfile.standard.rules(for: [], architecture: "amd64", kernel: (6, 12))
        let arguments = rules.filter { $0.names == ["socket"] }.flatMap(\.arguments)
        let open = (UInt64(0)..<64).filter { family in
            arguments.contains { argument in
                switch argument.comparison {
                case .less: family < argument.value
                case .equal: family == argument.value
                case .greater: family > argument.value
                default: false
                }
            }
        }
        #expect(Set(UInt64(0)..<64).subtracting(open).sorted() == [38, 40])
    }

    @Test("Hidden and read-only places")
    func places() {
        let hidden = """
            /proc/acpi /proc/asound /proc/interrupts /proc/kcore /proc/keys /proc/latency_stats /proc/sched_debug /proc/scsi
            /proc/timer_list /proc/timer_stats /sys/devices/virtual/powercap /sys/firmware
            """
        #expect(Self.words(hidden).subtracting(SystemPaths.masked).sorted() == [])
        let counters = SystemPaths.masked.filter { $0.hasSuffix("/thermal_throttle") }
        #expect(Set(SystemPaths.masked).subtracting(counters) == Self.words(hidden))
        #expect(
            Set(SystemPaths.readOnly)
                == Self.words("/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger"))
    }
}
