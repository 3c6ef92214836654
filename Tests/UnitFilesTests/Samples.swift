import TestSupport
import UnitFiles

/// Texts that break naive writers.
enum Samples {
    /// Every byte that means something to one of the formats or to a shell, and some that mean nothing.
    static let alphabet: [UInt8] = Array("a \"'\\%$;#\n\t\r{}=,[]!-@:().".utf8) + [0x01, 0x7F, 0xC3, 0xA9, 0xFF]

    /// Every text of up to two bytes of the alphabet.
    static let short: [ByteString] =
        [ByteString([])] + alphabet.map { ByteString([$0]) }
        + alphabet.flatMap { first in alphabet.map { ByteString([first, $0]) } }

    /// Texts that somebody once fell over.
    static let known: [ByteString] =
        [
            "%H", "%%", "%n.service", "$HOME", "${HOME}", "$$", "\\", "\\\\", "\\n", "a\\", " a ", "\t", "\n", "a\n",
            "\nb",
            "a\nRestart=no", "[Service]", ";", "; rm -rf /", "#x", "a #b", "a ;b", "'", "\"", "'\"", "\"'\"", "-", "--",
            "a=b", "=", "end script", "\nend script\n", "\n  end script # x\n", "\n    indented\n", "%(x)s",
            "%(ENV_HOME)s", "%s",
            "a,b", "é", "\u{2003}#x", "\u{FEFF}", "a\u{85}b", "\u{1F433}", "~", "*", "$(reboot)", "`reboot`", "!x",
            "a\\ b",
            "and", "or", "(", ")", "x\\", "\\x41", "\\t", "%", "100%",
        ].map { ByteString($0) }
        + [
            ByteString([0xFF, 0xFE]), ByteString([0xC3]), ByteString([0x1B, 0x5B, 0x6D]),
            ByteString(Array(0x01...0xFF)),
        ]

    /// 64 KB of everything.
    static let long = ByteString((0..<65_536).map { UInt8(truncatingIfNeeded: 1 + ($0 &* 7 ^ $0 >> 5) % 255) })

    /// A text of up to 40 bytes.
    static func random(_ generator: inout SeededGenerator) -> ByteString {
        let count = Int.random(in: 0...40, using: &generator)
        return ByteString(
            (0..<count).map { _ in
                Bool.random(using: &generator)
                    ? alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                    : UInt8.random(in: 1...255, using: &generator)
            })
    }

    /// Seeds of this run: one that never changes, and a fresh one.
    static let seeds: [UInt64] = [20_260_101, UInt64.random(in: 0...UInt64.max)]
}
