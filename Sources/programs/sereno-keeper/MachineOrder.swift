import CLinux

/// How a machine is to go down.
enum MachineOrder {
    case halt
    case powerOff
    case reboot

    /// What a signal to process 1 asks for: the signals of busybox and of systemd's `poweroff`, `halt` and `reboot`, of
    /// ctrl-alt-del (INT) and of a power supply that fails (PWR); `nil` for every other.
    init?(signal: Int32) {
        switch signal {
        // USR1, SIGRTMIN+3.
        case 10, 37: self = .halt
        // USR2, PWR, SIGRTMIN+4.
        case 12, 30, 38: self = .powerOff
        // INT, TERM, SIGRTMIN+5.
        case 2, 15, 39: self = .reboot
        default: return nil
        }
    }

    var kernelCommand: Int32 {
        switch self {
        case .halt: Int32(CLINUX_MACHINE_HALT.rawValue)
        case .powerOff: Int32(CLINUX_MACHINE_POWER_OFF.rawValue)
        case .reboot: Int32(CLINUX_MACHINE_REBOOT.rawValue)
        }
    }

    var text: StaticString {
        switch self {
        case .halt: "halt"
        case .powerOff: "power off"
        case .reboot: "reboot"
        }
    }
}
