internal import GoTemplate
public import JSONFormat

/// An event on one line.
public enum EventText {
    /// An event of the answer to `GET /events`.
    public static func text(_ event: JSON, zone: (Int64) -> CivilTime.Zone) -> String {
        var text = ""
        if let nanoseconds = event["timeNano"]?.integer, nanoseconds != 0 {
            let seconds = nanoseconds / 1_000_000_000
            let time = CivilTime(
                seconds: seconds, nanoseconds: Int(nanoseconds % 1_000_000_000), zone: zone(seconds))
            text += time.rfc3339Nano + " "
        } else if let seconds = event["time"]?.integer, seconds != 0 {
            text += CivilTime(seconds: seconds, zone: zone(seconds)).rfc3339Nano + " "
        }
        let actor = event["Actor"]
        text += [event["Type"], event["Action"], actor?["ID"]].map { $0?.string ?? "" }.joined(separator: " ")
        let attributes = (actor?["Attributes"]?.members ?? [:]).sorted { GoText.less($0.name, $1.name) }
        guard !attributes.isEmpty else { return text }
        return text + " (" + attributes.map { "\($0.name)=\($0.value.string ?? "")" }.joined(separator: ", ") + ")"
    }
}
