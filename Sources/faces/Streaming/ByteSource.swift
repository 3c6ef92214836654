package import APIClient

/// The source of a container's output: a hijacked connection, or the log that is followed after the engine came back.
package enum ByteSource {
    case hijacked(HijackedStream)
    case followed(Response)

    var descriptor: Int32 {
        switch self {
        case .hijacked(let stream): stream.descriptor
        case .followed(let response): response.descriptor
        }
    }

    var hasPending: Bool {
        switch self {
        case .hijacked(let stream): stream.hasPending
        case .followed(let response): response.hasPending
        }
    }

    func receive() throws(ClientError) -> Response.Received {
        switch self {
        case .hijacked(let stream): try stream.receive()
        case .followed(let response): try response.receive(wait: false)
        }
    }
}
