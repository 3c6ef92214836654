internal import Model

extension ContainerSpec {
    /// What becomes of the volumes that the image wants, as volumes are not built yet; one warning for all of them.
    var volumeWarnings: [String] {
        let places = unmountedVolumes
        guard !places.isEmpty else { return [] }
        let named = places.prefix(5).map(\.withControlsShown).joined(separator: ", ")
        let others = places.count > 5 ? " and \(places.count - 5) more" : ""
        return [
            "Volumes are not built yet: what the image wants as one is a directory of the container, and goes with it: "
                + "\(named)\(others). Mount a directory of the host there to keep what is written (-v /host/path:PLACE)."
        ]
    }
}
