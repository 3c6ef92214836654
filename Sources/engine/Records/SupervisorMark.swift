/// The mark that a supervisor leaves on disk, from which the next one learns how it ended.
package struct SupervisorMark: Codable, Hashable, Sendable {
    /// The kernel's boot (`/proc/sys/kernel/random/boot_id`).
    package var boot: String
    /// The keeper, by its number and its start time in ticks since boot, which distinguishes a reused number.
    package var keeper: Int
    package var keeperStart: String
    /// The number that a keeper shares with those that took up its state; `nil` from an older version.
    package var lineage: UInt64?
    /// Whether the supervisor stopped its containers and ended in order.
    package var graceful: Bool

    /// The mark of a keeper.
    package init(boot: String, keeper: Int, keeperStart: String, graceful: Bool = false) {
        self.boot = boot
        self.keeper = keeper
        self.keeperStart = keeperStart
        self.graceful = graceful
    }
}

extension SupervisorMark: Stored {
    package init(stored decoder: any Decoder) throws {
        let keys = try decoder.keys()
        self.init(
            boot: try keys.read("boot"), keeper: try keys.read("keeper"), keeperStart: try keys.read("keeperStart"),
            graceful: try keys.readIfPresent("graceful") ?? false)
        lineage = try keys.readIfPresent("lineage")
    }

    package func store(in encoder: any Encoder) throws {
        var keys = encoder.keys()
        try keys.put("boot", boot)
        try keys.put("keeper", keeper)
        try keys.put("keeperStart", keeperStart)
        try keys.putIfPresent("lineage", lineage)
        try keys.put("graceful", graceful)
    }
}
