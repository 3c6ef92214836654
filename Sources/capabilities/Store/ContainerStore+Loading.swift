internal import Linux
public import Model

extension ContainerStore {
    /// Reads every container. What a crash left half done is finished first: drafts and the remains of removed
    /// containers are deleted. Damaged records are moved to `ROOT/damaged/ID-N` with a `reason.txt` and reported;
    /// records of a newer version are reported and left where they are.
    ///
    /// A list of containers that cannot be read is reported as damaged, and none is loaded. Containers in `faulty` are not
    /// looked into, now or later: a file `set-aside` in the directory says so until somebody removes it.
    /// `during` is given each container's identity and the work to do on it.
    public func loadAll(
        settingAside faulty: Set<ContainerID> = [], during: Attribution = { _, work in work() }
    ) throws(StoreError) -> LoadedContainers<Record, State> {
        try locked { (_) throws(StoreError) in
            var records: [StoredContainer<Record, State>] = []
            var damaged: [DamagedRecord] = []
            for name in names(&damaged) {
                let path = "\(containers)/\(name)"
                if name.hasPrefix(".creating-") || name.hasPrefix(".removing-") {
                    try? disk.removeTree(path)
                } else if let id = ContainerID(name) {
                    if let aside = setAside(id, isFaulty: faulty.contains(id)) {
                        damaged.append(aside)
                        continue
                    }
                    var found: [DamagedRecord] = []
                    during(id) { if let container = load(id, damaged: &found) { records.append(container) } }
                    damaged += found
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

    /// The names in the list of containers; none when it cannot be read.
    private func names(_ damaged: inout [DamagedRecord]) -> [String] {
        do throws(FileError) {
            return try disk.names(in: containers)
        } catch {
            // A link that leads nowhere is as good as missing for the kernel.
            let isOther = error.isOfAnotherKind || disk.kind(of: containers) == .other
            let damage: Damage = isOther ? .notARecord : .unreadable(error.description)
            damaged.append(setAside(containers, id: nil, name: "containers", file: "containers", damage: damage))
            try? disk.makeDirectory(containers)
            return (try? disk.names(in: containers)) ?? []
        }
    }

    /// What tells that a container is not to be looked into; `nil` when it may be.
    private func setAside(_ id: ContainerID, isFaulty: Bool) -> DamagedRecord? {
        let path = directory(of: id)
        let mark = "\(path)/set-aside"
        if isFaulty, disk.kind(of: mark) == .nothing {
            // A disk that does not take it is no reason to look into it after all.
            try? disk.replace(mark, with: Array("\(Damage.endsTheEngine)\n".utf8))
        } else if !isFaulty, disk.kind(of: mark) == .nothing {
            return nil
        }
        return DamagedRecord(id: id, file: "spec.json", damage: .endsTheEngine, path: path, isSetAside: false)
    }

    private func load(_ id: ContainerID, damaged: inout [DamagedRecord]) -> StoredContainer<Record, State>? {
        let path = directory(of: id)
        for file in ["spec.json", "state.json", "history.log"] {
            let draft = "\(path)/\(file).new"
            try? disk.remove(draft)
            // What is no file would stand in the way of every change.
            switch disk.kind(of: draft) {
            case .nothing, .file: break
            case .directory, .other: try? disk.removeTree(draft)
            }
        }
        let record: Record
        do throws(DamageFound) {
            record = try decode(Record.self, kind: "spec", path: "\(path)/spec.json")
        } catch {
            damaged.append(setAside(path, id: id, name: id.text, file: "spec.json", damage: error.damage))
            return nil
        }
        switch disk.kind(of: "\(path)/history.log") {
        case .nothing: break
        case .file(let size) where size <= Self.longestFile: break
        case .file, .directory, .other:
            let file = "\(path)/history.log"
            damaged.append(setAside(file, id: id, name: id.text, file: "history.log", damage: .notARecord))
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
            if error.isOfAnotherKind { throw DamageFound(.notARecord) }
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
        case .newerVersion, .undecodable, .unreadable, .endsTheEngine: return stays
        case .missing where path.hasSuffix("/state.json"): return stays
        case .missing, .malformed, .checksum, .foreign, .notARecord: break
        }
        let isFile = path.hasSuffix("/state.json") || path.hasSuffix("/history.log")
        do throws(FileError) {
            try disk.makeDirectory("\(root)/damaged")
            let taken = Set(try disk.names(in: "\(root)/damaged"))
            var number = 1
            while taken.contains("\(name)-\(number)") { number += 1 }
            let place = "\(root)/damaged/\(name)-\(number)"
            if isFile {
                try disk.makeDirectory(place)
                try disk.rename(path, to: "\(place)/\(file)")
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
