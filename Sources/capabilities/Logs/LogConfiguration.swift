public import Model

/// A driver and its options, understood.
public struct LogConfiguration: Hashable, Sendable {
    /// Where the output goes.
    public var driver: LogDriver
    /// Bytes after which a file is rotated; `nil` is no bound.
    public var maximumSize: Int64?
    /// How many files there are at most, the current one included; at least 1.
    public var maximumFiles: Int

    /// More files than this are never kept: each rotation renames them all.
    public static let mostFiles = 10_000

    /// A configuration from known values.
    public init(driver: LogDriver = .standard, maximumSize: Int64? = nil, maximumFiles: Int = 1) {
        self.driver = driver
        self.maximumSize = maximumSize
        self.maximumFiles = min(max(1, maximumFiles), Self.mostFiles)
    }

    /// Understands what a container is asked to do; Docker finds some of the errors only when it is started. Their texts are
    /// Docker's. `compress`, `mode` and the options that only decorate lines are checked and have no effect, and those of `none` are
    /// not looked at.
    public init(_ spec: LogSpec) throws(LogOptionError) {
        let driver = spec.driver ?? .standard
        self.init(driver: driver)
        guard driver.medium != .nothing else { return }
        try Self.check(spec.options, of: driver)
        guard driver.medium == .files else { return }
        if let text = spec.options["max-size"] {
            do throws(ByteSize.Invalid) {
                maximumSize = try ByteSize.parse(text, .decimal)
            } catch {
                throw .invalidSize(error)
            }
            guard maximumSize != 0 else { throw .sizeNotPositive }
        }
        if let text = spec.options["max-file"] {
            guard let count = Int(text) else { throw .notAnInteger(text) }
            guard count >= 1 else { throw .tooFewFiles }
            maximumFiles = min(count, Self.mostFiles)
        }
        if let text = spec.options["compress"] {
            guard let compress = Self.boolean(text) else { throw .notABoolean(text) }
            if compress, maximumFiles < 2 || maximumSize == nil { throw .compressWithoutRotation }
        }
    }

    private static func check(_ options: TextMap, of driver: LogDriver) throws(LogOptionError) {
        let mode = options["mode"] ?? ""
        guard ["", "blocking", "non-blocking"].contains(mode) else { throw .unknownMode(mode) }
        if let size = options["max-buffer-size"] {
            guard mode == "non-blocking" else { throw .bufferSizeWithoutMode }
            do throws(ByteSize.Invalid) { _ = try ByteSize.parse(size, .binary) } catch {
                throw .invalidBufferSize(error)
            }
        }
        for name in options.names where name != "mode" && name != "max-buffer-size" {
            guard driver.options.contains(name) else { throw .unknownOption(name, driver) }
        }
    }

    /// What Go's strconv.ParseBool takes.
    private static func boolean(_ text: String) -> Bool? {
        if ["1", "t", "T", "TRUE", "true", "True"].contains(text) { return true }
        return ["0", "f", "F", "FALSE", "false", "False"].contains(text) ? false : nil
    }
}

/// Why log options are refused.
public enum LogOptionError: ReadableError, Hashable, Sendable {
    case unknownOption(String, LogDriver)
    case unknownMode(String)
    case bufferSizeWithoutMode
    case invalidBufferSize(ByteSize.Invalid)
    case invalidSize(ByteSize.Invalid)
    case sizeNotPositive
    case notAnInteger(String)
    case tooFewFiles
    case notABoolean(String)
    case compressWithoutRotation
    case invalidTag(String)
    case invalidPattern(String)
    case tooManyFields(Int)

    /// Docker's words for it. What is found at the start stands behind `failed to initialize logging driver: ` there.
    public var message: String {
        switch self {
        case .unknownOption(let name, let driver): "unknown log opt '\(name)' for \(driver.rawValue) log driver"
        case .unknownMode(let mode): "logger: logging mode not supported: \(mode)"
        case .bufferSizeWithoutMode:
            "logger: max-buffer-size option is only supported with 'mode=non-blocking'"
        case .invalidBufferSize(let why): "error parsing option max-buffer-size: \(why.message)"
        case .invalidSize(let why): why.message
        case .sizeNotPositive: "max-size must be a positive number"
        case .notAnInteger(let text): "strconv.Atoi: parsing \"\(text)\": invalid syntax"
        case .tooFewFiles: "max-file cannot be less than 1"
        case .notABoolean(let text): "strconv.ParseBool: parsing \"\(text)\": invalid syntax"
        case .compressWithoutRotation:
            "compress cannot be true when max-file is less than 2 or max-size is not set"
        case .invalidTag(let reason): "invalid log tag: \(reason)"
        case .invalidPattern(let text): "invalid regular expression for log labels or env: \(text)"
        case .tooManyFields(let bytes):
            "the labels and variables for the journal have \(bytes) bytes, at most \(JournalFields.maximumBytes) fit: choose "
                + "fewer with labels and env"
        }
    }
}
