import APIClient
import Glibc
import GoTemplate
import JSONFormat

extension Session {
    /// The JSON document a request is answered with, in its order and with its numbers as written.
    func value(_ request: Request) throws -> JSON {
        try JSON(answer: try client.open(request).body())
    }
}

extension ListingContext {
    /// The present instant and this machine's time zone.
    static func present(truncates: Bool = true) -> ListingContext {
        var instant = timespec()
        clock_gettime(CLOCK_REALTIME, &instant)
        let now = Double(instant.tv_sec) + Double(instant.tv_nsec) / 1e9
        return ListingContext(now: now, truncates: truncates, zone: localZone)
    }
}

/// The zone of this machine at an instant, by localtime_r(3).
@Sendable func localZone(_ seconds: Int64) -> CivilTime.Zone {
    var time = time_t(seconds)
    var parts = tm()
    guard localtime_r(&time, &parts) != nil else { return .utc }
    let name = parts.tm_zone.map { String(cString: $0) } ?? "UTC"
    return CivilTime.Zone(offset: parts.tm_gmtoff, name: name)
}

extension TableFormat {
    /// Writes rows to standard output; a template that fails is told as docker tells it.
    func show(_ rows: [TableRow], headings: TableHeadings) throws {
        do {
            Output.standard.write(try text(of: rows, headings: headings))
        } catch {
            throw ExitFailure("template parsing error: \(error)")
        }
    }
}
