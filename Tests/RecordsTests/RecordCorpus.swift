import Foundation
import TestSupport

@testable import Store

/// Tests/Corpus/records: one file for every word that a record can hold, in the folder of the version that first wrote it, below it
/// one of what kind it is. They are read for ever; `SERENO_REGENERATE=1` writes one that is missing, and never one that is there.
enum RecordCorpus {
    static let root = GeneratedPage.root + "/Tests/Corpus/records"
    /// The folder that new files go to.
    static let present = "0.1.0"

    /// What stands around the record in its file.
    enum Frame {
        case envelope(String), line, none

        func wrap(_ payload: [UInt8]) -> [UInt8] {
            switch self {
            case .envelope(let kind): Envelope(kind: kind).wrap(payload)
            case .line: HistoryFormat.line(payload)
            case .none: payload
            }
        }

        func unwrap(_ file: [UInt8]) throws -> [UInt8] {
            switch self {
            case .envelope(let kind): Array(try Envelope(kind: kind).unwrap(file))
            case .line: Array(HistoryFormat.parse(file).payloads.first ?? [])
            case .none: file
            }
        }
    }

    /// The frame of the records of a kind.
    static func frame(of kind: String) -> Frame {
        switch kind {
        case "spec", "state": .envelope(kind)
        case "history": .line
        default: .none
        }
    }

    /// The payload of every file of that name, oldest version first.
    static func payloads(of name: String, in kind: String) throws -> [[UInt8]] {
        guard TestFiles.exists(root) else { return [] }
        let paths = try TestFiles.list(root).map { "\(root)/\($0)/\(kind)/\(name).json" }.filter(TestFiles.exists)
        return try paths.map { try frame(of: kind).unwrap(try TestFiles.readBytes($0)) }
    }

    /// The same; when there is none and it was asked for, it is written.
    static func payloads(of name: String, in kind: String, new: () throws -> [UInt8]) throws -> [[UInt8]] {
        let found = try payloads(of: name, in: kind)
        let isAsked = ProcessInfo.processInfo.environment["SERENO_REGENERATE"] != nil
        guard found.isEmpty, isAsked else { return found }
        try TestFiles.makeDirectories("\(root)/\(present)/\(kind)")
        let file = frame(of: kind).wrap(try new())
        try TestFiles.write(bytes: file, to: "\(root)/\(present)/\(kind)/\(name).json")
        return try payloads(of: name, in: kind)
    }

    /// The names of all files of a kind, each once.
    static func names(in kind: String) throws -> Set<String> {
        var names: Set<String> = []
        for version in try TestFiles.list(root) where TestFiles.exists("\(root)/\(version)/\(kind)") {
            names.formUnion(try TestFiles.list("\(root)/\(version)/\(kind)").map { String($0.dropLast(5)) })
        }
        return names
    }
}
