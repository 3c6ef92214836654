/// The flags of one verb by the grammar of Docker's client: which exist, which take a value.
///
/// Written as `"d/detach rm t/tty"`: long names, each with its one-letter form before a slash. A test holds the
/// table against what the argument parser knows of the same verb.
package struct FlagTable: Sendable {
    /// One flag.
    package struct Flag: Hashable, Sendable {
        /// Without its dashes.
        package var long: String
        /// Its one-letter form.
        package var short: Character?
        /// Whether it is a switch, which takes a value only as `--flag=false`.
        package var isSwitch: Bool
        /// What a value has to be; texts of refusals are those of Docker's client.
        package var kind: FlagValue

        /// As Docker names it in its errors: `-e, --env` or `--rm`.
        var title: String { short.map { "-\($0), --\(long)" } ?? "--\(long)" }
    }

    /// Switches that are on until told otherwise.
    package let onByDefault: Set<String>
    /// Whether a flag may follow the first argument; `run`, `create` and `exec` end their own flags there.
    package let interspersed: Bool
    /// Every flag. A list: looking through it takes less time than making a dictionary of it does.
    package let flags: [Flag]

    /// A table from words; see the type's own description for the form of `switches` and `values`.
    package init(
        switches: String = "", values: String = "", integers: String = "", kinds: [String: FlagValue] = [:],
        onByDefault: Set<String> = [], interspersed: Bool = true
    ) {
        self.onByDefault = onByDefault
        self.interspersed = interspersed
        var flags: [Flag] = []
        for (words, isSwitch, kind) in [
            (switches, true, FlagValue.bool), (values, false, .text), (integers, false, .integer),
        ] {
            for word in words.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
                let parts = word.split(separator: "/")
                let long = String(parts[parts.count - 1])
                let short = parts.count == 2 ? parts[0].first : nil
                flags.append(Flag(long: long, short: short, isSwitch: isSwitch, kind: kinds[long] ?? kind))
            }
        }
        self.flags = flags
    }

    /// A flag by its long name.
    package func flag(long: String) -> Flag? { flags.first { $0.long == long } }

    /// A flag by its letter.
    package func flag(short: Character) -> Flag? { flags.first { $0.short == short } }
}
