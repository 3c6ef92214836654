extension Nanoseconds {
    /// The span in one unit, in the words of docker/go-units' HumanDuration: `About an hour`, `3 weeks`.
    public var humanDuration: String {
        let seconds = count / 1_000_000_000
        if seconds < 1 { return "Less than a second" }
        if seconds == 1 { return "1 second" }
        if seconds < 60 { return "\(seconds) seconds" }
        let minutes = seconds / 60
        if minutes == 1 { return "About a minute" }
        if minutes < 60 { return "\(minutes) minutes" }
        // bounded: a floating number.
        let hours = Int64(saturating: Double(count) / 3.6e12 + 0.5)
        if hours == 1 { return "About an hour" }
        if hours < 48 { return "\(hours) hours" }
        if hours < 336 { return "\(hours / 24) days" }
        if hours < 1440 { return "\(hours / 24 / 7) weeks" }
        if hours < 17_520 { return "\(hours / 24 / 30) months" }
        return "\(count / 3_600_000_000_000 / 24 / 365) years"
    }
}
