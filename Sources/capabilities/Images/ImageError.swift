internal import Linux
public import Model

/// Why an image operation failed: what was attempted, on what, and why.
public enum ImageError: ReadableError, Hashable, Sendable {
    /// The text is not an image reference.
    case invalidReference(ImageReference.Invalid)
    /// No image has that name or identity; the name is as Docker writes it, with its tag.
    case noSuchImage(String)
    /// A name with a tag that was to be saved is not there.
    case noSuchReference(String)
    /// More than one image has an identity with these first digits.
    case ambiguous(String)
    /// The image or a reference to it is in use.
    case conflict(ImageConflict)
    /// The request itself is wrong, in Docker's words.
    case invalid(String)
    /// What an image archive or the store holds is not what was expected.
    case archive(operation: String, path: String, reason: String)
    /// A tar ends too early: the last entry that was read of it.
    case truncated(path: String)
    /// A tar is no tar, damaged, too large or leads out of its root: the entry and the reason.
    case damagedTar(path: String, reason: String)
    /// A path inside a container's file system is not there.
    case pathNotFound(String)
    /// A path inside a container's file system was expected to be a directory.
    case notADirectory(String)
    /// The host refused: the operation, the path and `errno`.
    case system(operation: String, path: String, errno: Int32)
    /// The archive program could not be run or ended without a word.
    case tool(operation: String, reason: String)

    /// Which kind of answer the Engine API gives.
    public enum Category: Hashable, Sendable { case invalid, notFound, conflict, failure }

    /// The kind of answer, which decides the HTTP status: 400, 404, 409, 500.
    public var category: Category {
        switch self {
        case .invalidReference, .invalid, .ambiguous, .notADirectory: .invalid
        case .noSuchImage, .noSuchReference, .pathNotFound: .notFound
        case .conflict: .conflict
        case .archive, .truncated, .damagedTar, .system, .tool: .failure
        }
    }

    /// Docker's message where Docker has one.
    public var message: String {
        switch self {
        case .invalidReference(let why): why.message
        case .noSuchImage(let name): "No such image: \(name)"
        case .noSuchReference: "reference does not exist"
        case .truncated: "Error processing tar file(exit status 1): unexpected EOF"
        case .damagedTar(let path, let reason):
            "Error processing tar file(exit status 1): \(path.isEmpty ? "" : path + ": ")\(reason)"
        case .ambiguous(let prefix): "ambiguous image ID prefix: \(prefix)"
        case .conflict(let conflict): conflict.message
        case .invalid(let message): message
        case .archive(let operation, let path, let reason):
            path.isEmpty ? "\(operation): \(reason)" : "\(operation) \(path): \(reason)"
        case .pathNotFound(let path): "no such file or directory: \(path)"
        case .notADirectory: "extraction point is not a directory"
        case .system(let operation, let path, let code): "\(operation) \(path): \(LinuxError.text(code))"
        case .tool(let operation, let reason): "\(operation): \(reason)"
        }
    }
}

extension ImageReference {
    /// Parses with the error of this module.
    static func typed(_ text: String) throws(ImageError) -> ImageReference {
        do throws(Invalid) { return try ImageReference(parsing: text) } catch { throw .invalidReference(error) }
    }
}

/// What stands in the way of removing an image or one of its names.
public enum ImageConflict: Hashable, Sendable {
    /// The last name of an image that a container uses.
    case lastReference(typed: String, container: String, image: ImageID)
    /// A running container uses the image; force does not help.
    case runningContainer(image: ImageID, container: String)
    /// A stopped container uses the image.
    case stoppedContainer(image: ImageID, container: String)
    /// The image was named by its identity and has several names.
    case severalReferences(image: ImageID)

    /// moby, daemon/images/image_delete.go.
    public var message: String {
        switch self {
        case .lastReference(let typed, let container, let image):
            "conflict: unable to remove repository reference \"\(typed)\" (must force) - container "
                + "\(container.prefix(12)) is using its referenced image \(image.short)"
        case .runningContainer(let image, let container):
            "conflict: unable to delete \(image.short) (cannot be forced) - image is being used by running container "
                + "\(container.prefix(12))"
        case .stoppedContainer(let image, let container):
            "conflict: unable to delete \(image.short) (must be forced) - image is being used by stopped container "
                + "\(container.prefix(12))"
        case .severalReferences(let image):
            "conflict: unable to delete \(image.short) (must be forced) - image is referenced in multiple repositories"
        }
    }
}
