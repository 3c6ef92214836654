internal import CTLS

/// The files of one side, PEM: Docker's `ca.pem`, `cert.pem` and `key.pem`.
public struct TLSFiles: Hashable, Sendable {
    /// The authority that must have signed the other side's certificate.
    public var authority: String
    /// The own certificate, with those between it and the authority behind it.
    public var certificate: String
    /// The own private key.
    public var key: String

    /// Three paths.
    public init(authority: String, certificate: String, key: String) {
        self.authority = authority
        self.certificate = certificate
        self.key = key
    }
}

/// What all connections of one side share. Both sides show a certificate, and both are verified: there is no other way.
public final class TLSContext: Sendable {
    /// Which side it is.
    public enum Side: Hashable, Sendable {
        /// Waits for clients.
        case server
        /// Connects to a server, whose certificate must be for this name or address.
        case client(of: String)
    }

    let side: Side
    // Not written to after it was made; libssl locks what it counts in it.
    nonisolated(unsafe) let context: OpaquePointer

    /// Reads the files; TLS 1.2 is the oldest version.
    public init(_ side: Side, _ files: TLSFiles) throws(TLSError) {
        let method =
            switch side {
            case .server: TLS_server_method()
            case .client: TLS_client_method()
            }
        guard let made = SSL_CTX_new(method), ctls_prepare(made) == 1 else {
            throw .openssl(reason: TLSError.lastReason())
        }
        self.side = side
        context = made
        ERR_clear_error()
        guard SSL_CTX_load_verify_locations(made, files.authority, nil) == 1 else {
            throw .file(files.authority, reason: TLSError.lastReason())
        }
        guard SSL_CTX_use_certificate_chain_file(made, files.certificate) == 1 else {
            throw .file(files.certificate, reason: TLSError.lastReason())
        }
        // The key of another certificate is refused here already.
        guard SSL_CTX_use_PrivateKey_file(made, files.key, SSL_FILETYPE_PEM) == 1 else {
            let reason = TLSError.lastReason()
            if reason == "key values mismatch" {
                throw .keyMismatch(key: files.key, certificate: files.certificate)
            }
            throw .file(files.key, reason: reason)
        }
        SSL_CTX_set_verify(made, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        if side == .server { SSL_CTX_set_client_CA_list(made, SSL_load_client_CA_file(files.authority)) }
    }

    deinit { SSL_CTX_free(context) }
}
