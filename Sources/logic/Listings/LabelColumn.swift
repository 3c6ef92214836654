internal import GoTemplate
internal import JSONFormat
import Model

/// The labels of an object in a listing.
struct LabelColumn {
    /// The labels by their keys.
    let values: TextMap

    /// The labels in an answer's member `Labels`, which may be absent.
    init(_ labels: JSON?) {
        var values = TextMap()
        for member in labels?.members ?? [] { values[member.name] = member.value.string ?? "" }
        self.values = values
    }

    /// All of them, as `a=1,b=2`, in the order of their texts.
    var text: String { values.map { "\($0.key)=\($0.value)" }.sorted(by: GoText.less).joined(separator: ",") }
}
