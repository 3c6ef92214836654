import APIClient
import Flags
import JSONFormat
import Linux
import Listings
import Model
import Streaming

extension Session {
    /// The JSON document of the answer to a request, in its order and with its numbers as written.
    func value(_ request: Request) throws -> JSON {
        try JSON(answer: try client.open(request).body())
    }
}

extension ListingContext {
    /// The present instant and this machine's time zone.
    static func present(truncates: Bool = true) -> ListingContext {
        ListingContext(now: WallTime.now, truncates: truncates, zone: localZone)
    }
}

/// The zone of this machine at an instant, as the C library tells it.
@Sendable func localZone(_ seconds: Int64) -> CivilTime.Zone {
    LocalZone.at(seconds).map { CivilTime.Zone(offset: $0.offset, name: $0.name) } ?? .utc
}

extension TableFormat {
    /// Writes rows to standard output. A template that fails is reported as docker reports it.
    func show(_ rows: [TableRow], headings: TableHeadings) throws {
        do {
            Output.standard.write(try text(of: rows, headings: headings))
        } catch {
            throw ExitFailure("template parsing error: \(error.sentence)")
        }
    }
}
