import KeeperProtocolEmbedded

/// A slot in the region: the frame that hands it over, then the inode numbers of what is kept with it, by which the
/// descriptors are told apart that come back in no order.
enum SlotRecord {
    static func write(_ slot: Slot, _ inodes: InlineArray<8, UInt64>, to region: StateRegion, at place: Int) {
        withUnsafeTemporaryAllocation(byteCount: ProtocolBounds.frameLength, alignment: 8) { buffer in
            let count = KeeperFrame.slot(slot.state, kept: UInt8(slot.keptCount)).encode(into: buffer)
            for index in 0..<slot.keptCount {
                buffer.storeBytes(of: inodes[index].littleEndian, toByteOffset: count + index * 8, as: UInt64.self)
            }
            region.write(place, UnsafeRawBufferPointer(rebasing: buffer[..<(count + slot.keptCount * 8)]))
        }
    }

    static func read(_ bytes: UnsafeRawBufferPointer) -> (state: SlotState, inodes: InlineArray<8, UInt64>, kept: Int)?
    {
        guard bytes.count >= 8 else { return nil }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        guard length >= 8, length <= bytes.count,
            case .slot(let state, let kept)? = frame(UnsafeRawBufferPointer(rebasing: bytes[..<length])),
            Int(kept) <= ProtocolBounds.keptDescriptors, bytes.count == length + Int(kept) * 8
        else { return nil }
        var inodes = InlineArray<8, UInt64>(repeating: 0)
        for index in 0..<Int(kept) {
            inodes[index] = UInt64(
                littleEndian: bytes.loadUnaligned(fromByteOffset: length + index * 8, as: UInt64.self))
        }
        return (state, inodes, Int(kept))
    }

    private static func frame(_ bytes: UnsafeRawBufferPointer) -> KeeperFrame? {
        do throws(FrameError) { return try KeeperFrame(decoding: bytes) } catch { return nil }
    }
}

/// A held descriptor in the region: its number, and the frame that hands it over.
enum HeldRecord {
    static func write(_ entry: HeldTable.Entry, to region: StateRegion, at place: Int) {
        withUnsafeTemporaryAllocation(byteCount: ProtocolBounds.frameLength + 8, alignment: 8) { buffer in
            buffer.storeBytes(of: entry.number.littleEndian, as: UInt64.self)
            let count = KeeperFrame.held(key: entry.key).encode(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[8...]))
            region.write(place, UnsafeRawBufferPointer(rebasing: buffer[..<(8 + count)]))
        }
    }

    static func read(_ bytes: UnsafeRawBufferPointer) -> (number: UInt64, key: SlotKey)? {
        guard bytes.count > 8 else { return nil }
        do throws(FrameError) {
            let frame = try KeeperFrame(decoding: UnsafeRawBufferPointer(rebasing: bytes[8...]))
            guard case .held(let key) = frame else { return nil }
            return (UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)), key)
        } catch {
            return nil
        }
    }
}
