import CLinux
import RestartEmbedded

/// How the init of one container behaves: tini's options by tini's letters, and a restart policy.
struct ContainerInitOptions {
    /// When the program is started again.
    var policy = RestartPolicy.no
    /// Signals go to the program's process group (`-g`) and not to the program alone.
    var signalsGroup = false
    /// Sent to this init when its parent dies (`-p`); 0 for none.
    var parentDeathSignal: Int32 = 0
    /// Exit codes that count as 0 (`-e`).
    var expectedCodes = InlineArray<256, Bool>(repeating: false)
    /// Whether orphans that are reaped are told of (`-w`).
    var tellsOfOrphans = false
    /// Whether signals that are passed on are told of (`-v`).
    var isVerbose = false

    /// Reads one option, `next` being the word behind it; how many words belong to it, `nil` when it is none.
    mutating func read(_ word: UnsafePointer<CChar>, next: UnsafePointer<CChar>?) -> Int? {
        if let value = suffix(of: word, after: "--restart=") { return readPolicy(value) ? 1 : nil }
        if isEqual(word, "--restart") {
            guard let next, readPolicy(next) else { return nil }
            return 2
        }
        if isEqual(word, "-p") {
            guard let next else { return nil }
            parentDeathSignal = clinux_init_signal_number(next)
            return parentDeathSignal == 0 ? nil : 2
        }
        if isEqual(word, "-e") {
            guard let next, let code = number(next), code <= 255 else { return nil }
            expectedCodes[code] = true
            return 2
        }
        guard word[0] == 0x2D, word[1] != 0, word[1] != 0x2D else { return nil }
        var index = 1
        while word[index] != 0 {
            switch UInt8(bitPattern: word[index]) {
            case UInt8(ascii: "g"): signalsGroup = true
            // This init is the reaper of its orphans anyway.
            case UInt8(ascii: "s"): break
            case UInt8(ascii: "w"): tellsOfOrphans = true
            case UInt8(ascii: "v"): isVerbose = true
            default: return nil
            }
            index += 1
        }
        return 1
    }

    /// What images set for tini.
    mutating func readEnvironment() {
        if clinux_getenv("TINI_KILL_PROCESS_GROUP") != nil { signalsGroup = true }
        if let level = clinux_getenv("TINI_VERBOSITY"), let count = number(level), count > 1 { isVerbose = true }
    }

    /// A policy in Docker's grammar, and with Docker's refusals.
    private mutating func readPolicy(_ text: UnsafePointer<CChar>) -> Bool {
        if isEqual(text, "no") {
            policy = .no
        } else if isEqual(text, "always") {
            policy = .always
        } else if isEqual(text, "unless-stopped") {
            policy = .unlessStopped
        } else if isEqual(text, "on-failure") {
            policy = .onFailure(maximumRetryCount: nil)
        } else if let bound = suffix(of: text, after: "on-failure:"), let count = number(bound) {
            policy = .onFailure(maximumRetryCount: count == 0 ? nil : count)
        } else {
            return false
        }
        return true
    }
}

/// What follows `prefix` in `text`; `nil` when it begins otherwise.
func suffix(of text: UnsafePointer<CChar>, after prefix: StaticString) -> UnsafePointer<CChar>? {
    let count = prefix.utf8CodeUnitCount
    for index in 0..<count where UInt8(bitPattern: text[index]) != prefix.utf8Start[index] { return nil }
    return text + count
}
