/// What a disk may hold after the power fails.
enum PowerCut {
    /// The images that the disk may show after a cut behind `steps`: what has been synced is there; of the other
    /// steps, any choice is; and of each unsynced write, any whole number of 512-byte sectors.
    static func images(
        _ base: SimulatedDisk.Image, _ steps: ArraySlice<SimulatedDisk.Step>
    ) -> [SimulatedDisk.Image] {
        let open = steps.indices.filter { !isDurable(steps[$0], steps[($0 + 1)...]) }
        var images: [SimulatedDisk.Image] = []
        // The first steps share a bit when there are too many, which only names of a draft not yet seen do.
        let spare = max(0, open.count - 7)
        for choice in 0..<(1 << min(open.count, 8)) {
            let dropped = open.enumerated().filter { choice >> max(0, $0.offset - spare) & 1 == 1 }
            images.append(image(base, steps, without: Set(dropped.map(\.element))))
        }
        for index in open {
            guard case .write(let inode, let offset, let bytes) = steps[index] else { continue }
            for length in stride(from: 0, to: bytes.count, by: 512) {
                var torn = steps
                torn[index] = .write(inode: inode, offset: offset, Array(bytes.prefix(length)))
                images.append(image(base, torn, without: []))
            }
        }
        return images
    }

    private static func image(
        _ base: SimulatedDisk.Image, _ steps: ArraySlice<SimulatedDisk.Step>, without dropped: Set<Int>
    ) -> SimulatedDisk.Image {
        var image = base
        for index in steps.indices where !dropped.contains(index) { image.apply(steps[index]) }
        return image
    }

    private static func isDurable(
        _ step: SimulatedDisk.Step, _ later: ArraySlice<SimulatedDisk.Step>
    ) -> Bool {
        switch step {
        case .write(let inode, _, _), .truncate(let inode, _):
            later.contains { if case .sync(inode) = $0 { true } else { false } }
        case .makeDirectory(let path), .makeFile(let path, _), .remove(let path), .rename(_, let path):
            later.contains { if case .syncDirectory(directory(of: path)) = $0 { true } else { false } }
        case .sync, .syncDirectory: true
        }
    }

    private static func directory(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }
}
