internal import Glibc
internal import Linux

extension ImageError {
    init(_ error: FileError) {
        self = .system(operation: error.operation.rawValue, path: error.path, errno: error.code)
    }
}

/// Files and directories of the store, with this module's error.
enum StoreFile {
    /// After a crash the file has either the old content or the new.
    static func replace(_ path: String, with bytes: [UInt8]) throws(ImageError) {
        do throws(FileError) { try DurableFile.replace(path, with: bytes) } catch { throw ImageError(error) }
    }

    static func read(_ path: String) throws(ImageError) -> [UInt8] {
        do throws(FileError) { return try DurableFile.read(path) } catch { throw ImageError(error) }
    }

    /// The rest of an open file.
    static func read(_ file: Int32, path: String, maximumBytes: Int) throws(ImageError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(operation: "read", path: path, errno: errno) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= maximumBytes else { throw .system(operation: "read", path: path, errno: EFBIG) }
        }
    }

    static func makeDirectory(_ path: String) throws(ImageError) {
        do throws(FileError) { try DurableFile.makeDirectory(path) } catch { throw ImageError(error) }
    }

    /// Makes a directory of a new name, for unfinished work.
    static func makeTemporaryDirectory(in parent: String) throws(ImageError) -> String {
        var template = Array((parent + "/work-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw .system(operation: "mkdtemp", path: parent, errno: errno) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func syncDirectory(_ path: String) throws(ImageError) {
        do throws(FileError) { try DurableFile.syncDirectory(path) } catch { throw ImageError(error) }
    }

    static func names(in path: String) throws(ImageError) -> [String] {
        do throws(FileError) { return try DirectoryListing.names(in: path) } catch { throw ImageError(error) }
    }

    /// Where a symbolic link points, or `nil` with `errno` set.
    static func readLink(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        guard count >= 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes a tree without following links. What is not there is no error.
    static func removeTree(_ path: String) throws(ImageError) {
        do throws(FileError) { try TreeRemoval.remove(path) } catch { throw ImageError(error) }
    }
}
