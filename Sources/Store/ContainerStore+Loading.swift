internal import Linux
internal import Model

extension ContainerStore {
    /// Reads every container. What a crash left half done is finished first: drafts and the remains of removed
    /// containers are deleted. Damaged records are moved to `ROOT/damaged/ID-N` with a `reason.txt` and reported;
    /// records of a newer version are reported and left where they are.
    ///
    /// Throws only when the list of containers itself cannot be read.
    public func loadAll() throws(StoreError) -> LoadedContainers<Record, State> {
        try locked { (_) throws(StoreError) in
            var records: [StoredContainer<Record, State>] = []
            var damaged: [DamagedRecord] = []
            for name in try attempt({ () throws(FileError) in try disk.names(in: containers) }) {
                let path = "\(containers)/\(name)"
                if name.hasPrefix(".creating-") || name.hasPrefix(".removing-") {
                    try? disk.removeTree(path)
                } else if let id = ContainerID(name) {
                    if let container = load(id, damaged: &damaged) { records.append(container) }
                } else {
                    damaged.append(setAside(path, id: nil, name: name, file: name, damage: .foreign))
                }
            }
            // What a program that was killed had not synced yet is seen now, and so must not go with the power later. A
            // disk that refuses is no reason not to start.
            _ = disk.syncAll(files: [], directories: [containers] + records.map { directory(of: $0.id) })
            return LoadedContainers(records: records, damaged: damaged)
        }
    }

    private func load(_ id: ContainerID, damaged: inout [DamagedRecord]) -> StoredContainer<Record, State>? {
        let path = directory(of: id)
        for file in ["spec.json", "state.json", "history.log"] { try? disk.remove("\(path)/\(file).new") }
        let record: Record
        do throws(DamageFound) {
            record = try decode(Record.self, kind: "spec", path: "\(path)/spec.json")
        } catch {
            damaged.append(setAside(path, id: id, name: id.text, file: "spec.json", damage: error.damage))
            return nil
        }
        do throws(DamageFound) {
            let state = try decode(State.self, kind: "state", path: "\(path)/state.json")
            return StoredContainer(id: id, record: record, state: state)
        } catch {
            if error.damage.isOfAnotherVersion {
                damaged.append(setAside(path, id: id, name: id.text, file: "state.json", damage: error.damage))
                return nil
            }
            let file = "\(path)/state.json"
            damaged.append(setAside(file, id: id, name: id.text, file: "state.json", damage: error.damage))
            return StoredContainer(id: id, record: record, state: nil)
        }
    }

    private func decode<Value: Decodable>(
        _ type: Value.Type, kind: String, path: String
    ) throws(DamageFound) -> Value {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try disk.read(path)
        } catch {
            throw DamageFound(error.isMissing ? .missing : .unreadable(error.description))
        }
        return try Envelope(kind: kind).decode(type, from: bytes)
    }

    /// Moves a container's directory, or one file of it, below `damaged`. What cannot be read at all stays, because
    /// a broken disk may answer the next time; so does what a newer version wrote.
    private func setAside(
        _ path: String, id: ContainerID?, name: String, file: String, damage: Damage
    ) -> DamagedRecord {
        let stays = DamagedRecord(id: id, file: file, damage: damage, path: path, isSetAside: false)
        switch damage {
        case .newerVersion, .undecodable, .unreadable: return stays
        case .missing where path.hasSuffix("/state.json"): return stays
        case .missing, .malformed, .checksum, .foreign: break
        }
        let isFile = path.hasSuffix("/state.json")
        do throws(FileError) {
            try disk.makeDirectory("\(root)/damaged")
            let taken = Set(try disk.names(in: "\(root)/damaged"))
            var number = 1
            while taken.contains("\(name)-\(number)") { number += 1 }
            let place = "\(root)/damaged/\(name)-\(number)"
            if isFile {
                try disk.makeDirectory(place)
                try disk.rename(path, to: "\(place)/state.json")
            } else {
                try disk.rename(path, to: place)
            }
            let reason = Array("\(file): \(damage.description)\n".utf8)
            try? disk.write(reason, to: "\(place)/reason.txt")
            for directory in [place, "\(root)/damaged", containers, root] { try? disk.syncDirectory(directory) }
            return DamagedRecord(id: id, file: file, damage: damage, path: place, isSetAside: true)
        } catch {
            return stays
        }
    }
}
