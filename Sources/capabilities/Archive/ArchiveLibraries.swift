internal import CArchive
internal import CCrypto
internal import Linux

/// The C libraries that archives are read with.
public enum ArchiveLibraries {
    /// Has them do all that they do at their first use, which reads configuration and may load code by its name. For before the root
    /// of a stranger is entered: libcrypto would read the openssl.cnf there and run the provider that it names.
    public static func prepare() {
        OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
        let hash = ContentHash()
        hash.update(UnsafeRawBufferPointer(start: nil, count: 0))
        _ = hash.finish()
        TextEncoding.loadTables()
        archive_entry_free(archive_entry_new())
    }
}
