internal import Model

/// The flags of one verb by the grammar of Docker's client: their names, and which of them take a value.
///
/// A table is written as `"d/detach rm t/tty"`: long names, each with its one-letter form before a slash. A test
/// compares the table with the argument parser's knowledge of the same verb.
package struct FlagTable: Sendable {
    /// One flag.
    package struct Flag: Hashable, Sendable {
        /// The long name, without its dashes.
        package var long: String
        /// The one-letter form; `nil` when there is none.
        package var short: Character?
        /// Whether it is a switch, which takes a value only as `--flag=false`.
        package var isSwitch: Bool
        /// The required form of a value; refusals have the texts of Docker's client.
        package var kind: FlagValue

        /// The name in errors of Docker's client: `-e, --env` or `--rm`.
        var title: String { short.map { "-\($0), --\(long)" } ?? "--\(long)" }
    }

    /// Switches that are on unless the command line turns them off.
    package let onByDefault: Set<String>
    /// Whether a flag may follow the first argument; `run`, `create` and `exec` end their own flags there.
    package let interspersed: Bool
    /// All flags. A list, as a search through it takes less time than making a dictionary.
    package let flags: [Flag]
    /// Flags of Docker's client that this verb lacks, by their long names, each with the reason that a user is given.
    package let absent: KeyValuePairs<String, String>

    /// A table from words in the form that the type's description gives.
    package init(
        switches: String = "", values: String = "", integers: String = "", kinds: [String: FlagValue] = [:],
        onByDefault: Set<String> = [], interspersed: Bool = true, absent: KeyValuePairs<String, String> = [:]
    ) {
        self.absent = absent
        self.onByDefault = onByDefault
        self.interspersed = interspersed
        var flags: [Flag] = []
        for (words, isSwitch, kind) in [
            (switches, true, FlagValue.bool), (values, false, .text), (integers, false, .integer),
        ] {
            for word in words.words {
                let parts = word.split(byte: "/")
                let long = String(parts[parts.count - 1])
                let short = parts.count == 2 ? parts[0].first : nil
                flags.append(Flag(long: long, short: short, isSwitch: isSwitch, kind: kinds[long] ?? kind))
            }
        }
        self.flags = flags
    }

    /// The flag with a long name.
    package func flag(long: String) -> Flag? { flags.first { $0.long == long } }

    /// The flag with a one-letter form.
    package func flag(short: Character) -> Flag? { flags.first { $0.short == short } }
}
