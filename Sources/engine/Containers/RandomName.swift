package import Model

/// Names for containers without one: two words of the night, as `quiet_lantern`.
package enum RandomName {
    private static let qualities = [
        "amber", "autumn", "bold", "brave", "bright", "brisk", "calm", "clear", "cosy", "crisp", "dawning", "deep",
        "distant", "drowsy", "dusky", "early", "easy", "faint", "fair", "gentle", "glad", "golden", "hazy", "hushed",
        "kind", "late", "lively", "lone", "lucid", "mellow", "mild", "misty", "nimble", "noble", "patient", "placid",
        "polar", "proud", "quiet", "ready", "restful", "sable", "serene", "silent", "silver", "sleepless", "soft",
        "starry", "steady", "still", "sturdy", "tidy", "tranquil", "trusty", "vigilant", "wakeful", "warm", "wise",
    ]
    private static let things = [
        "alley", "arcade", "balcony", "beacon", "bell", "bench", "bridge", "candle", "canal", "chimney", "clock",
        "cobble", "comet", "corner", "courtyard", "crescent", "curfew", "dusk", "ember", "fountain", "gable", "gate",
        "glimmer", "harbor", "hearth", "keyring", "lamp", "lantern", "ledger", "lighthouse", "moon", "moth",
        "nightfall",
        "nightingale", "orchard", "owl", "patrol", "pavement", "plaza", "porch", "quay", "rampart", "rooftop", "sentry",
        "shutter", "square", "staff", "stairway", "steeple", "street", "tower", "twilight", "vane", "vigil", "wall",
        "watch", "whistle", "wick",
    ]

    /// A name outside `taken`; a number is added when the plain ones run out.
    package static func make(taken: (ContainerName) -> Bool) -> ContainerName? {
        for attempt in 0..<64 {
            guard let quality = qualities.randomElement(), let thing = things.randomElement() else { return nil }
            let suffix = attempt < 8 ? "" : String(Int.random(in: 0..<(attempt * 10)))
            if let name = ContainerName("\(quality)_\(thing)\(suffix)"), !taken(name) { return name }
        }
        return nil
    }
}
