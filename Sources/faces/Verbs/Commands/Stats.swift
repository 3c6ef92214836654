import APIClient
import ArgumentParser
import Flags
import JSONFormat
import Linux
import Listings
import Model
import Streaming

/// `sereno stats`: shows the resource use of containers, once or as a live table.
struct Stats: Verb {
    static let configuration = CommandConfiguration(
        verb: "stats", abstract: "Display a live stream of container(s) resource usage statistics")
    static let flags = FlagTable(switches: "a/all no-stream no-trunc", values: "format")
    static let arguments = "[CONTAINER...]"

    @Flag(name: .shortAndLong, help: "Show all containers (default shows just running).")
    var all = false

    @Option(help: "Format output using a custom template: 'table', 'table TEMPLATE', 'json' or 'TEMPLATE'.")
    var format = ""

    @Flag(name: .customLong("no-stream"), help: "Disable streaming stats and only pull the first result.")
    var noStream = false

    @Flag(name: .customLong("no-trunc"), help: "Do not truncate output.")
    var noTrunc = false

    @Argument(help: .hidden)
    var containers: [String] = []

    func perform(in session: Session) throws -> Int32 {
        let format = StatsRow.format(self.format)
        // The use of the processor is the difference of two samples. The engine returns each sample at once; the second
        // round shows one second's use for all containers.
        var before: [String: JSON] = [:]
        for (name, sample) in try samples(in: session) { before[name] = sample }
        repeat {
            if !before.isEmpty || !noStream { KernelThread.sleep(for: .seconds(1)) }
            let now = try samples(in: session)
            let rows = now.map { name, sample in
                StatsRow.row(Self.since(before[name], sample), asked: name, truncates: !noTrunc)
            }
            let text: String
            do {
                text = try format.text(of: rows, headings: StatsRow.headings)
            } catch {
                throw ExitFailure("template parsing error: \(error.sentence)")
            }
            try Output.standard.emit(Array((noStream ? text : Self.screen(text)).utf8))
            before = [:]
            for (name, sample) in now { before[name] = sample }
        } while !noStream
        return 0
    }

    private func samples(in session: Session) throws -> [(String, JSON)] {
        try names(in: session).compactMap { name in
            let request = Request(
                .get, "/containers/\(Request.segment(name))/stats", query: [("stream", "0"), ("one-shot", "1")])
            do {
                return (name, try identified(try session.value(request), name, session))
            } catch let error as ClientError where containers.isEmpty && error.status != nil {
                // The container was removed between the listing and this request.
                return nil
            }
        }
    }

    /// A sample with the container's name and ID, which dockerd leaves out of one sample alone.
    private func identified(_ sample: JSON, _ name: String, _ session: Session) throws -> JSON {
        if sample["id"]?.string?.isEmpty == false { return sample }
        let container = try session.client.json(Request(.get, "/containers/\(Request.segment(name))/json"))
        let members = sample.members.filter { $0.name != "name" && $0.name != "id" }
        return .object(
            members + [
                JSONObject.Member("name", container["Name"] ?? ""), JSONObject.Member("id", container["Id"] ?? ""),
            ])
    }

    private func names(in session: Session) throws -> [String] {
        guard containers.isEmpty else { return containers }
        let query = all ? [(name: "all", value: "1")] : []
        let listed = try session.value(Request(.get, "/containers/json", query: query)).elements
        return listed.compactMap { $0["Id"]?.string.map { ListingContext.short($0) } }
    }

    private static func since(_ before: JSON?, _ now: JSON) -> JSON {
        guard let earlier = before?["cpu_stats"] else { return now }
        let members = now.members.filter { $0.name != "precpu_stats" }
        return .object(members + [JSONObject.Member("precpu_stats", earlier)])
    }

    /// The table as drawn over the terminal's old content; the old rest of each line is wiped.
    private static func screen(_ text: String) -> String {
        let lines = text.split(byte: "\n", omittingEmptySubsequences: false).dropLast()
        return "\u{1B}[H" + lines.map { "\($0)\u{1B}[K\n" }.joined() + "\u{1B}[J"
    }
}
