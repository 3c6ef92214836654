internal import Containers
internal import Linux
internal import Model
internal import Records

// The mark by which the next engine knows that this one has decided about every container.
extension Engine {
    /// Prefix of a mark that the keeper holds while the disk does not take it; the mark itself follows.
    private static let heldMark = "mark/"

    /// The mark of the last engine: the one that the keeper holds, or else the one on the disk.
    func lastMark(
        heldIn held: [String: SharedDescriptor], _ present: SupervisorMark
    ) async -> SupervisorMark? {
        for name in held.keys.sorted() where name.hasPrefix(Self.heldMark) {
            heldMarkName = name
            let fields = name.dropFirst(Self.heldMark.count).split(byte: "/", omittingEmptySubsequences: false)
            guard fields.count == 2, let keeper = Int(fields[0]) else { continue }
            // The keeper that holds it, and all that took over from it, are of this boot and of one lineage.
            var mark = SupervisorMark(boot: present.boot, keeper: keeper, keeperStart: String(fields[1]))
            mark.lineage = present.lineage
            return mark
        }
        let records = self.records
        guard let found = try? await run(on: storeThread, { (records.clearPlaceOfMark(), records.mark()) }) else {
            return nil
        }
        if let obstacle = found.0 { report(obstacle, of: "daemon", "") }
        return found.1
    }

    /// Writes the mark. A disk that does not take it keeps no supervisor from its work; it is written again with the states.
    func write(_ mark: SupervisorMark) async {
        do {
            let records = self.records
            try await run(on: storeThread) { try records.write(mark) }
            markWritten()
        } catch {
            markNotWritten(mark, error)
        }
    }

    /// Tries again to write an unsaved mark.
    func writeUnsavedMark() {
        guard let mark = unsavedMark else { return }
        unsavedMark = nil
        let records = self.records
        offload(to: storeThread) {
            try records.write(mark)
        } then: { engine, result in
            switch result {
            case .success: engine.markWritten()
            case .failure(let error): engine.markNotWritten(mark, error)
            }
        }
    }

    /// Has the keeper hold a mark that is not written. Without it the next engine would take the last one's end for that of the
    /// machine, and repeat the work of a machine that comes up, such as starting what a user has stopped meanwhile.
    private func markNotWritten(_ mark: SupervisorMark, _ error: any Error) {
        log.error("the supervisor's mark is not written", metadata: ["error": "\(error.inFull)"])
        unsavedMark = mark
        scheduleSaving()
        let name = Self.heldMark + "\(mark.keeper)/\(mark.keeperStart)"
        guard heldMarkName != name else { return }
        markWritten()
        guard let nothing = try? SharedDescriptor.openNull(), (try? runs.hold(nothing, name: name)) != nil else {
            return
        }
        heldMarkName = name
    }

    private func markWritten() {
        if let name = heldMarkName { try? runs.drop(name: name) }
        heldMarkName = nil
    }
}
