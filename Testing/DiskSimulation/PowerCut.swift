/// What a disk may hold after the power fails.
package enum PowerCut {
    /// The images that the disk may show after a cut behind `steps`: what has been synced is there; of the other
    /// steps, any choice is; and of each unsynced write, any whole number of 512-byte sectors, or all but one of them.
    package static func images(
        _ base: DiskImage, _ steps: ArraySlice<DiskStep>
    ) -> [DiskImage] {
        let open = steps.indices.filter { index in
            !steps[index...].contains { steps[index].isMadeDurable(by: $0) }
        }
        var images: [DiskImage] = []
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
                var holed = bytes
                for place in length..<min(length + 512, bytes.count) { holed[place] = 0 }
                torn[index] = .write(inode: inode, offset: offset, holed)
                images.append(image(base, torn, without: []))
            }
        }
        return images
    }

    private static func image(
        _ base: DiskImage, _ steps: ArraySlice<DiskStep>, without dropped: Set<Int>
    ) -> DiskImage {
        var image = base
        for index in steps.indices where !dropped.contains(index) { image.apply(steps[index]) }
        return image
    }
}
