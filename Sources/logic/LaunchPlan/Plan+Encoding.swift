public import Model

/// Why a plan cannot be written for the keeper.
public enum PlanEncodingError: ReadableError, Equatable, Sendable {
    /// A text of this operation contains a zero byte, which no path or argument can.
    case zeroByte(operation: Int)
    /// The last operation is not `execute`, or another one is.
    case executeNotLast(operation: Int)
    /// `execute` has no arguments.
    case noArguments(operation: Int)
    /// The plan would take this many bytes, more than the bound.
    case tooLarge(bytes: Int)

    /// What no process can be started with.
    public var message: String {
        switch self {
        case .zeroByte: "a path, an argument or a variable of the process has a NUL byte, which none can have"
        case .executeNotLast: "a start that does not end with the program"
        case .noArguments: "no command specified"
        case .tooLarge(let bytes):
            "arguments, variables and mounts of the process take \(bytes) bytes together, more than \(Plan.encodedLimit)"
        }
    }
}

extension Plan {
    /// The first bytes of an encoded plan: `SRNP`, little-endian.
    static let magic: UInt32 = 0x504E_5253
    static let formatVersion: UInt32 = 2
    /// The largest encoded plan in bytes.
    public static let encodedLimit = 8 << 20

    /// The plan as the bytes that the keeper's child interprets (docs/keeper.md): a header of 40 bytes, then per
    /// operation its number (u16), zero (u16), the length of its fields (u32) and its fields. Numbers are
    /// little-endian u64; texts are a u32 length, the bytes and a zero byte.
    public func encoded() throws(PlanEncodingError) -> [UInt8] {
        var out = PlanWriter()
        out.put(Self.magic)
        out.put(Self.formatVersion)
        out.put(namespaces)
        out.put(enterFlags)
        out.put(Int32(cgroupDescriptor ?? -1))
        out.put(Int32(enterDescriptor ?? -1))
        out.put(UInt32(operations.count))
        let lengthAt = out.bytes.count
        out.put(UInt32(0))
        if operations.isEmpty { throw .executeNotLast(operation: 0) }
        for (index, operation) in operations.enumerated() {
            let isLast = index == operations.count - 1
            if case .execute(let arguments, _) = operation {
                if !isLast { throw .executeNotLast(operation: index) }
                if arguments.isEmpty { throw .noArguments(operation: index) }
            } else if isLast {
                throw .executeNotLast(operation: index)
            }
            out.put(operation)
            if out.sawZeroByte { throw .zeroByte(operation: index) }
            if out.bytes.count > Self.encodedLimit { throw .tooLarge(bytes: out.bytes.count) }
        }
        out.patch(UInt32(out.bytes.count), at: lengthAt)
        return out.bytes
    }
}

/// One field of an operation.
private enum Field {
    case number(UInt64)
    case text(String)
    case texts([String])
    case numbers([UInt64])
    case bytes([UInt8])

    static func number(_ value: UInt32) -> Field { .number(UInt64(value)) }
    static func flag(_ value: Bool) -> Field { .number(UInt64(value ? 1 : 0)) }
    static func signed(_ value: some SignedInteger) -> Field { .number(UInt64(bitPattern: Int64(value))) }
}

/// Collects the bytes of an encoded plan.
struct PlanWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var sawZeroByte = false

    mutating func put(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func patch(_ value: UInt32, at offset: Int) {
        withUnsafeBytes(of: value.littleEndian) { source in
            for (index, byte) in source.enumerated() { bytes[offset + index] = byte }
        }
    }

    private mutating func put(_ text: String) {
        put(UInt32(text.utf8.count))
        if text.utf8.contains(0) { sawZeroByte = true }
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
    }

    private mutating func put(_ field: Field) {
        switch field {
        case .number(let value):
            put(value)
        case .text(let text):
            put(text)
        case .texts(let texts):
            put(UInt32(texts.count))
            for text in texts { put(text) }
        case .numbers(let values):
            put(UInt32(values.count))
            for value in values { put(value) }
        case .bytes(let blob):
            put(UInt32(blob.count))
            bytes.append(contentsOf: blob)
        }
    }

    private mutating func write(_ code: UInt16, _ fields: Field...) {
        put(code)
        put(UInt16(0))
        let lengthAt = bytes.count
        put(UInt32(0))
        for field in fields { put(field) }
        patch(UInt32(bytes.count - lengthAt - 4), at: lengthAt)
    }

    /// The numbers are those of `enum clinux_operation` in clinux_plan.h.
    mutating func put(_ operation: Operation) {
        switch operation {
        case .enterNamespace(let descriptor): write(1, .signed(descriptor))
        case .unshare(let flags): write(2, .number(flags))
        case .writeFile(let path, let data, let optional): write(3, .text(path), .text(data), .flag(optional))
        case .loopbackUp: write(4)
        case .setHostname(let name): write(5, .text(name))
        case .setDomainname(let name): write(6, .text(name))
        case .propagation(let path, let flags): write(7, .text(path), .number(flags))
        case .mount(let source, let target, let type, let flags, let data):
            write(8, .text(source), .text(target), .text(type), .number(flags), .text(data))
        case .mountInRoot(let root, let source, let target, let type, let flags, let data):
            write(9, .text(root), .text(source), .text(target), .text(type), .number(flags), .text(data))
        case .bindInRoot(let root, let source, let target, let recursive, let attributes, let propagation):
            write(
                10, .text(root), .text(source), .text(target), .flag(recursive), .number(attributes),
                .number(propagation))
        case .makeDirectoryInRoot(let root, let path, let mode): write(11, .text(root), .text(path), .number(mode))
        case .symlinkInRoot(let root, let target, let path): write(12, .text(root), .text(target), .text(path))
        case .deviceInRoot(let root, let path, let mode, let major, let minor, let uid, let gid):
            write(
                13, .text(root), .text(path), .number(mode), .number(major), .number(minor), .number(uid),
                .number(gid))
        case .pivotRoot(let root): write(14, .text(root))
        case .remount(let path, let flags): write(15, .text(path), .number(flags))
        case .setLimit(let resource, let soft, let hard): write(18, .signed(resource), .number(soft), .number(hard))
        case .oomScoreAdjust(let score): write(19, .signed(score))
        case .newSession: write(20)
        case .controllingTerminal: write(21)
        case .umask(let mask): write(22, .number(mask))
        case .noNewPrivileges: write(23)
        case .identity(let uid, let gid, let groups):
            write(24, .number(uid), .number(gid), .numbers(groups.map(UInt64.init)))
        case .capabilities(let bounding, let effective, let permitted, let inheritable, let ambient):
            write(
                25, .number(bounding), .number(effective), .number(permitted), .number(inheritable),
                .number(ambient))
        case .seccomp(let program): write(26, .bytes(program))
        case .changeDirectory(let path, let create): write(27, .text(path), .flag(create))
        case .parentDeathSignal(let signal): write(28, .signed(signal))
        case .execute(let arguments, let environment): write(29, .texts(arguments), .texts(environment))
        case .attachTree(let descriptor, let target): write(30, .signed(descriptor), .text(target))
        case .birth: write(31)
        case .sysctl(let root, let path, let value): write(32, .text(root), .text(path), .text(value))
        case .maskInRoot(let root, let path, let empty): write(33, .text(root), .text(path), .text(empty))
        case .readonlyInRoot(let root, let path): write(34, .text(root), .text(path))
        case .consoleInRoot(let root, let path): write(35, .text(root), .text(path))
        case .ownNullDevice: write(36)
        case .sessionKeyring(let name): write(37, .text(name))
        case .appArmorProfile(let name): write(38, .text(name))
        }
    }
}
