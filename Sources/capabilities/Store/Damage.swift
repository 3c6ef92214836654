public import Model

/// What is wrong with a stored file.
public enum Damage: Hashable, Sendable {
    /// The file is not there.
    case missing
    /// It could not be read; the kernel's reason.
    case unreadable(String)
    /// It does not begin as such a file does, or it is cut short.
    case malformed
    /// The content is not the one whose checksum was written.
    case checksum
    /// A later version of the program wrote it. It is left where it is.
    case newerVersion(found: Int, supported: Int)
    /// The content is as it was written but cannot be understood, so that another version wrote it; the decoder's reason. It
    /// is left where it is.
    case undecodable(String)
    /// Something lies in the store that the store did not put there.
    case foreign
    /// Something else than a file stands in its place, or a file that is far too long.
    case notARecord
    /// Two engines in a row ended by a fault while they worked on this container. Its directory stays where it is, and nothing
    /// of it is read, until the file `set-aside` in it is removed.
    case endsTheEngine
}

extension Damage: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        switch self {
        case .missing: "the file is missing"
        case .unreadable(let reason): "the file cannot be read: \(reason)"
        case .malformed: "the file is cut short or is not one of ours"
        case .checksum: "the checksum does not match the content"
        case .newerVersion(let found, let supported):
            "written in format \(found) by a newer version; this one reads up to \(supported)"
        case .undecodable(let reason):
            "whole, but written by another version, as this one does not understand it: \(reason)"
        case .foreign: "not a container's directory"
        case .notARecord: "what stands in its place is not such a file"
        case .endsTheEngine:
            "two engines in a row ended by a fault while they worked on it; its processes run on. To have it back, remove the "
                + "file set-aside in its directory and reload the supervisor"
        }
    }
}

extension Damage {
    /// Whether nothing is broken, and the record is only not for this version of the program.
    var isOfAnotherVersion: Bool {
        switch self {
        case .newerVersion, .undecodable: true
        case .missing, .unreadable, .malformed, .checksum, .foreign, .notARecord, .endsTheEngine: false
        }
    }
}

/// A record that could not be loaded, and where it lies now.
public struct DamagedRecord: Hashable, Sendable {
    /// The container, if the name still says which.
    public let id: ContainerID?
    /// `spec.json`, `state.json`, or the name of a foreign directory.
    public let file: String
    /// What is wrong.
    public let damage: Damage
    /// Where the remains are: below `damaged` when they could be moved, else where they were.
    public let path: String
    /// Whether they were moved out of the way.
    public let isSetAside: Bool
}

extension DamagedRecord: CustomStringConvertible {
    /// One line for people: which record, what is wrong, and where it lies.
    public var description: String {
        "\(id.map { "container \($0.short), " } ?? "")\(file): \(damage), \(isSetAside ? "moved to" : "left as") \(path)"
    }
}

/// Records that a later version of the program wrote, and that this one does not touch.
public struct NewerRecords: ReadableError, Hashable, Sendable {
    /// At least one.
    public let records: [DamagedRecord]

    /// `nil` when there is none among these.
    public init?(among damaged: [DamagedRecord]) {
        records = damaged.filter(\.damage.isOfAnotherVersion)
        if records.isEmpty { return nil }
    }
}

extension NewerRecords {
    /// Which records, and what to do.
    public var message: String {
        records.map { "\($0)" }.joined(separator: "; ")
            + ". Nothing was changed: start the newer version again, or, to go on without "
            + (records.count == 1
                ? "this container, move its directory away" : "these containers, move their directories away")
    }
}
