public import JSONFormat
public import Model

/// The filters of `GET /events`: which events a client wants.
public struct EventFilter: Sendable {
    private let filters: Filters

    /// A filter from the text of the parameter `filters`. Names that nobody knows let everything through, as with dockerd.
    public init(parsing text: String) throws(RequestError) { filters = try Filters(parsing: text) }

    /// Whether the filter lets an event through. Names and IDs match from their beginning. Actions match whole, except
    /// those with a colon.
    public func matches(_ event: EventMessage) -> Bool {
        filters.matches("event") { wanted in
            wanted == event.action
                || ["exec_create", "exec_start", "health_status"].contains(wanted)
                    && event.action.hasPrefix(bytes: wanted)
        }
            && filters.matches("type") { $0 == event.type }
            && filters.matches("scope") { $0 == "local" }
            && filters.matchesLabels(event.attributes)
            && matches(event, "container") && matches(event, "daemon") && matches(event, "network")
            && matches(event, "volume") && matchesImage(event)
            && filters["config"] == nil && filters["node"] == nil && filters["plugin"] == nil
            && filters["secret"] == nil && filters["service"] == nil
    }

    private func matches(_ event: EventMessage, _ type: String) -> Bool {
        filters.matches(type) { wanted in
            guard event.type == type || type == "container" && event.attributes["container"] != nil else {
                return false
            }
            return event.actorID.hasPrefix(bytes: wanted) || (event.attributes["name"] ?? "").hasPrefix(bytes: wanted)
        }
    }

    private func matchesImage(_ event: EventMessage) -> Bool {
        filters.matches("image") { wanted in
            let name = event.attributes[event.type == "image" ? "name" : "image"] ?? ""
            return event.type == "image" && event.actorID == wanted || name == wanted || Self.untagged(name) == wanted
        }
    }

    private static func untagged(_ name: String) -> String {
        guard let colon = name.lastIndex(ofByte: ":"), !name[colon...].contains(byte: "/") else { return name }
        return String(name[..<colon])
    }
}

extension EventMessage {
    /// One line of the answer to `GET /events`, with the fields that older clients read.
    public var json: JSON {
        var answer = JSONObject()
        if type == "container" || type == "image" {
            answer.append("status", .string(action))
            answer.append("id", .string(actorID))
            if type == "container" { answer.append("from", .string(attributes["image"] ?? "")) }
        }
        answer.append("Type", .string(type))
        answer.append("Action", .string(action))
        answer.append("Actor", ["ID": .string(actorID), "Attributes": .stringMap(attributes)])
        answer.append("scope", "local")
        answer.append("time", .integer(time.seconds))
        answer.append("timeNano", .integer(time.nanoseconds))
        return .object(answer)
    }
}

/// A time in a request: seconds since 1970 with an optional fraction, as Docker's client sends it.
public struct RequestTime: Sendable {
    /// The time that the request names.
    public let time: WallTime

    /// Parses `1700000000`, `1700000000.123456789` or RFC 3339. Returns `nil` for an absent or empty text and `0`.
    /// A time beyond what nanoseconds of 64 bits can tell is the first or last of those.
    public static func parse(_ text: String?) throws(RequestError) -> WallTime? {
        guard let text, !text.isEmpty, text != "0" else { return nil }
        if text.contains(byte: "T"), let time = WallTime(rfc3339: text) { return time }
        let parts = text.split(byte: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = parts.count > 1 ? String((parts[1] + "000000000").prefix(9)) : "0"
        if parts[0].utf8.count > 18, parts[0].utf8.dropFirst().allSatisfy({ 0x30...0x39 ~= $0 }), Int64(parts[0]) == nil
        {
            throw .invalid("strconv.ParseInt: parsing \"\(text)\": value out of range")
        }
        guard let seconds = parts.first.flatMap({ Int64($0) }), let fraction = Int64(digits), fraction >= 0 else {
            throw .invalid("strconv.ParseInt: parsing \"\(text)\": invalid syntax")
        }
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return WallTime(nanoseconds: seconds < 0 ? .min : .max) }
        return WallTime(nanoseconds: nanoseconds).advanced(
            by: Nanoseconds(text.hasPrefix(bytes: "-") ? -fraction : fraction))
    }
}
