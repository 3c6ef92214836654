internal import Model

extension OutputStream {
    /// Place in an array with one element a stream.
    var index: Int { self == .stdout ? 0 : 1 }
}
