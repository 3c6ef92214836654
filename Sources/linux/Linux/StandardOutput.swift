internal import Glibc

/// Descriptor 1 of this process.
public enum StandardOutput {
    /// Writes a text; what cannot be written is lost.
    public static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in _ = Glibc.write(1, bytes.baseAddress, bytes.count) }
    }
}
