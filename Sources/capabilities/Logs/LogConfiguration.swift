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

    /// Understands what a container was asked to do. The texts of the errors are Docker's; `compress` and the
    /// options that only decorate lines are checked and have no effect.
    public init(_ spec: LogSpec) throws(LogOptionError) {
        try Self.validate(spec)
        let driver = spec.driver ?? .standard
        self.init(driver: driver)
        guard driver.keepsFiles else { return }
        if let text = spec.options["max-size"] {
            guard let size = LogSize.parse(text) else { throw .invalidSize(text) }
            guard size > 0 else { throw .sizeNotPositive }
            maximumSize = size
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

    /// The check that Docker makes when a container is created; the rest is found when it is started.
    public static func validate(_ spec: LogSpec) throws(LogOptionError) {
        let driver = spec.driver ?? .standard
        if driver == .discard, !spec.options.isEmpty { throw .optionsForNone }
        let mode = spec.options["mode"] ?? ""
        guard ["", "blocking", "non-blocking"].contains(mode) else { throw .unknownMode(mode) }
        if let size = spec.options["max-buffer-size"] {
            guard mode == "non-blocking" else { throw .bufferSizeWithoutMode }
            guard LogSize.parse(size) != nil else { throw .invalidBufferSize(size) }
        }
        for name in spec.options.keys.sorted() where name != "mode" && name != "max-buffer-size" {
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
public enum LogOptionError: Error, Hashable, Sendable {
    case unknownOption(String, LogDriver)
    case optionsForNone
    case unknownMode(String)
    case bufferSizeWithoutMode
    case invalidBufferSize(String)
    case invalidSize(String)
    case sizeNotPositive
    case notAnInteger(String)
    case tooFewFiles
    case notABoolean(String)
    case compressWithoutRotation
    case invalidTag(String)
    case invalidPattern(String)
    case tooManyFields(Int)

    /// Docker's words for it. What is found at the start only stands behind
    /// `failed to initialize logging driver: ` there.
    public var message: String {
        switch self {
        case .unknownOption(let name, let driver): "unknown log opt '\(name)' for \(driver.rawValue) log driver"
        case .optionsForNone: "invalid logging opts for driver none"
        case .unknownMode(let mode): "logger: logging mode not supported: \(mode)"
        case .bufferSizeWithoutMode:
            "logger: max-buffer-size option is only supported with 'mode=non-blocking'"
        case .invalidBufferSize(let text):
            "error parsing option max-buffer-size: invalid size: '\(text)'"
        case .invalidSize(let text): "invalid size: '\(text)'"
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

    /// Whether Docker finds it when the container is created, rather than when it is started.
    public var isFoundAtCreation: Bool {
        switch self {
        case .unknownOption, .optionsForNone, .unknownMode, .bufferSizeWithoutMode,
            .invalidBufferSize:
            true
        case .invalidSize, .sizeNotPositive, .notAnInteger, .tooFewFiles, .notABoolean, .compressWithoutRotation,
            .invalidTag,
            .invalidPattern, .tooManyFields:
            false
        }
    }
}
