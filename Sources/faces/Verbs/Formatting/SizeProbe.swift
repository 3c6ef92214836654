import GoTemplate
import Listings
import Model
import Synchronization

/// A row that detects whether a template uses the size, which the engine computes only on demand.
final class SizeProbe: TemplateObject {
    private let row = ContainerRow.row(.null, in: ListingContext(now: WallTime(nanoseconds: 0), truncates: true))
    private let asked = Atomic<Bool>(false)

    /// Whether the template used the size.
    var wantsSize: Bool { asked.load(ordering: .relaxed) }

    var typeName: String { row.typeName }

    var fields: [(name: String, value: TemplateValue)] {
        asked.store(true, ordering: .relaxed)
        return row.fields
    }

    func field(_ name: String) -> TemplateValue? {
        if name == "Size" { asked.store(true, ordering: .relaxed) }
        return row.field(name)
    }

    func call(_ method: String, _ argument: String) -> TemplateValue? { row.call(method, argument) }
}
