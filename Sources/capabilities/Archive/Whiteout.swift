/// How a layer says that something below it is gone: `.wh.NAME` files in a tar (OCI image specification, "Whiteouts"),
/// a character device 0:0 and an attribute in overlayfs (kernel, filesystems/overlayfs.rst).
enum Whiteout: Equatable {
    /// The name below is removed.
    case removes([UInt8])
    /// Everything below in this directory is hidden.
    case opaque
    /// Bookkeeping of aufs, to be skipped.
    case metadata

    static let prefix = Array(".wh.".utf8)
    static let opaqueName = Array(".wh..wh..opq".utf8)

    /// What a name of a layer's tar means; `nil` for an ordinary one.
    init?(name: [UInt8]) {
        guard name.starts(with: Self.prefix) else { return nil }
        if name == Self.opaqueName {
            self = .opaque
        } else if name.starts(with: Self.prefix + Self.prefix) {
            self = .metadata
        } else {
            self = .removes(Array(name.dropFirst(Self.prefix.count)))
        }
    }
}
