import Flags
import Generator
import Linux
import Model
import UnitFiles

/// A directory of generated files. It is read whole, and replaced so that each file on the disk is always the old or
/// the new one, and whole.
struct GeneratedDirectory {
    /// The directory's absolute path.
    let path: String

    init(_ path: String) { self.path = path }

    /// The longest file that is read, in bytes.
    static let maximumLength = LineFile.maximumLength

    // MARK: Reading

    /// Reads the manifest, and the files that it or `names` contain.
    func read(names: [String]) throws(ExitFailure) -> FoundDirectory {
        guard let status = try status(of: path, followingLinks: true) else { return FoundDirectory() }
        guard status.isDirectory else { throw ExitFailure("\(path) is not a directory") }
        let manifest: Manifest
        do {
            manifest =
                try contents(Manifest.fileName).map { bytes throws(ManifestError) in try Manifest(parsing: bytes) }
                ?? Manifest()
        } catch let error as ExitFailure {
            throw error
        } catch {
            throw ExitFailure("\(path): \(error.sentence)")
        }
        var found = FoundDirectory(manifest: manifest)
        for name in Set(names + manifest.names) { found.contents[name] = try contents(name) }
        return found
    }

    /// A file's contents; nil when it does not exist. Anything but a regular file is refused, as it is not the
    /// generator's.
    private func contents(_ name: String) throws(ExitFailure) -> ByteString? {
        guard let status = try status(of: "\(path)/\(name)", followingLinks: false) else { return nil }
        guard status.kind == .regular else {
            throw ExitFailure("\(path)/\(name) is there and is no regular file; move it away first")
        }
        return ByteString(try LineFile.bytes(of: "\(path)/\(name)"))
    }

    /// nil when nothing is there.
    private func status(of path: String, followingLinks: Bool) throws(ExitFailure) -> FileStatus? {
        do throws(LinuxError) { return try FileStatus(of: path, followingLinks: followingLinks) } catch {
            if error.code == Errno.noSuchFile { return nil }
            throw failure("stat", path, error)
        }
    }

    // MARK: Writing

    /// Creates the directory if it is missing, and carries a plan out. After an error nothing of the new set is left,
    /// and all that is old is as it was.
    func carryOut(_ plan: ManifestPlan) throws(ExitFailure) {
        guard !plan.isEmpty else { return }
        do throws(LinuxError) { try HostFile.makeDirectory(path, mode: 0o755) } catch {
            if error.code != Errno.fileExists { throw failure("mkdir", path, error) }
        }
        var staged: [(temporary: String, name: String)] = []
        var saved: [(backup: String, name: String)] = []
        var replaced: [String] = []
        do throws(ExitFailure) {
            // All steps that can fail for want of room or rights come before the first file is replaced.
            for (number, write) in plan.writes.enumerated() {
                staged.append((try stage(write.contents, number: number), write.name))
            }
            for (number, name) in (plan.writes.map(\.name) + plan.removes).enumerated() {
                if let backup = try save(name, number: number) { saved.append((backup, name)) }
            }
            try replaceManifest(plan.during)
            try flush()
            for (temporary, name) in staged {
                try step { () throws(FileError) in try DurableFile.rename("\(path)/\(temporary)", to: "\(path)/\(name)")
                }
                replaced.append(name)
            }
            for name in plan.removes {
                try step { () throws(FileError) in try DurableFile.remove("\(path)/\(name)") }
            }
            try flush()
            try replaceManifest(plan.after)
            try flush()
        } catch {
            for (temporary, _) in staged { try? HostFile.remove("\(path)/\(temporary)") }
            let had = Set(saved.map(\.name))
            for name in replaced where !had.contains(name) { try? HostFile.remove("\(path)/\(name)") }
            for (backup, name) in saved { try? HostFile.rename("\(path)/\(backup)", to: "\(path)/\(name)") }
            throw error
        }
        for (backup, _) in saved { try? HostFile.remove("\(path)/\(backup)") }
    }

    /// Gives a file a second name, to go back to, and returns it; nil when there is no file.
    private func save(_ name: String, number: Int) throws(ExitFailure) -> String? {
        let backup = ".sereno-\(CurrentProcess.number)-\(number).old"
        try? HostFile.remove("\(path)/\(backup)")
        do throws(LinuxError) { try HostFile.link("\(path)/\(name)", as: "\(path)/\(backup)") } catch {
            if error.code == Errno.noSuchFile { return nil }
            throw failure("link", "\(path)/\(name)", error)
        }
        return backup
    }

    /// Writes a file to the disk under a name that no init system reads, and returns that name.
    private func stage(_ contents: ByteString, number: Int) throws(ExitFailure) -> String {
        let temporary = ".sereno-\(CurrentProcess.number)-\(number).new"
        let file = "\(path)/\(temporary)"
        try step { () throws(FileError) in
            try DurableFile.remove(file)
            try DurableFile.write(contents.bytes, to: file, mode: 0o644)
            do throws(FileError) {
                try DurableFile.sync(file)
            } catch {
                try? DurableFile.remove(file)
                throw error
            }
        }
        return temporary
    }

    private func replaceManifest(_ manifest: Manifest) throws(ExitFailure) {
        let temporary = try stage(manifest.encoded, number: -1)
        try step { () throws(FileError) in
            do throws(FileError) {
                try DurableFile.rename("\(path)/\(temporary)", to: "\(path)/\(Manifest.fileName)")
            } catch {
                try? DurableFile.remove("\(path)/\(temporary)")
                throw error
            }
        }
    }

    private func flush() throws(ExitFailure) {
        try step { () throws(FileError) in try DurableFile.syncDirectory(path) }
    }

    private func step(_ body: () throws(FileError) -> Void) throws(ExitFailure) {
        do throws(FileError) { try body() } catch {
            throw ExitFailure("cannot \(error.operation.words) \(error.path): \(LinuxError.text(error.code))")
        }
    }

    private func failure(_ operation: String, _ path: String, _ error: LinuxError) -> ExitFailure {
        ExitFailure("cannot \(operation) \(path): \(LinuxError.text(error.code))")
    }
}
