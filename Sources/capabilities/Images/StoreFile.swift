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

    /// Does something with a path of the store. An error of this number is none.
    static func attempt(
        _ operation: String, _ path: String, unless passed: Int32? = nil, _ body: () throws(LinuxError) -> Void
    ) throws(ImageError) {
        do throws(LinuxError) { try body() } catch {
            if error.code != passed { throw .system(operation: operation, path: path, errno: error.code) }
        }
    }

    static func makeDirectory(_ path: String) throws(ImageError) {
        do throws(FileError) { try DurableFile.makeDirectory(path) } catch { throw ImageError(error) }
    }

    /// Makes a directory of a new name, for unfinished work.
    static func makeTemporaryDirectory(in parent: String) throws(ImageError) -> String {
        do throws(LinuxError) { return try HostFile.makeTemporaryDirectory(parent + "/work-") } catch {
            throw .system(operation: "mkdtemp", path: parent, errno: error.code)
        }
    }

    static func syncDirectory(_ path: String) throws(ImageError) {
        do throws(FileError) { try DurableFile.syncDirectory(path) } catch { throw ImageError(error) }
    }

    static func names(in path: String) throws(ImageError) -> [String] {
        do throws(FileError) { return try DirectoryListing.names(in: path) } catch { throw ImageError(error) }
    }

    /// Removes a tree without following links. What is not there is no error.
    static func removeTree(_ path: String) throws(ImageError) {
        do throws(FileError) { try TreeRemoval.remove(path) } catch { throw ImageError(error) }
    }
}
