import CLinux
import KeeperProtocol

extension FuzzTarget {
    /// Both sides' frames.
    static let frames = FuzzTarget("frames", "a frame that is understood is written as the very same bytes") { input in
        func written(_ encode: (UnsafeMutableRawBufferPointer) -> Int) -> [UInt8] {
            var space = [UInt8](repeating: 0, count: ProtocolBounds.frameLength)
            let count = space.withUnsafeMutableBytes { encode($0) }
            return Array(space.prefix(count))
        }
        try input.withUnsafeBytes { bytes in
            if let frame = try? EngineFrame(decoding: bytes) {
                try hold(written(frame.encode) == input, "\(frame) is written otherwise")
                try hold(
                    frame.descriptorCount <= ProtocolBounds.descriptorsPerFrame, "\(frame) has too many descriptors")
            }
            if let frame = try? KeeperFrame(decoding: bytes) {
                try hold(written(frame.encode) == input, "\(frame) is written otherwise")
            }
        }
    }

    /// Launch plans, as the keeper checks them.
    static let plans = FuzzTarget("plans", "the check of a launch plan reads nothing outside it") { input in
        // On its own heap block, so that a read beyond it is seen.
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, input.count), alignment: 8)
        defer { block.deallocate() }
        block.copyBytes(from: input)
        var operation: Int32 = 0
        let result = clinux_plan_check(block.baseAddress, input.count, 4, &operation)
        try hold(result <= 0, "the check says \(result)")
    }
}
