import APIClient
import ArgumentParser
import Flags
import JSONFormat
import Listings

/// `sereno context inspect`: describes the one context.
struct ContextInspect: Verb {
    static let configuration = CommandConfiguration(
        verb: "inspect", abstract: "Display detailed information on one or more contexts")
    static let flags = FlagTable(values: "f/format")
    static let arguments = "[CONTEXT] [CONTEXT...]"

    @Option(name: .shortAndLong, help: "Format output using a custom template: 'json' or 'TEMPLATE'.")
    var format = ""

    @Argument(help: .hidden)
    var contexts: [String] = []

    func perform(in session: Session) throws -> Int32 {
        try Inspection(format: format).show(contexts.isEmpty ? [ContextRow.name] : contexts) { name in
            guard name == ContextRow.name else { throw Absence.context(name) }
            // With the escapes of Docker's client.
            let endpoint = #"{"Host":\#(JSON.string(session.client.address.text).text),"SkipTLSVerify":false}"#
            let place = #""\u003cIN MEMORY\u003e""#
            let document =
                #"{"Name":"\#(name)","Metadata":{},"Endpoints":{"docker":\#(endpoint)},"TLSMaterial":{},"#
                + #""Storage":{"MetadataPath":\#(place),"TLSPath":\#(place)}}"#
            return Array(document.utf8)
        }
    }
}
