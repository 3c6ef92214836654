import Testing

@testable import Flags
@testable import Streaming
@testable import Verbs

@Suite("Help in the layout of Docker's client")
struct HelpPageTests {
    @Test("a verb's page is Docker's page, word by word")
    func verb() {
        let page = HelpPage().verb(
            Stop.self, name: "sereno stop", usage: "sereno stop [OPTIONS] CONTAINER [CONTAINER...]")
        #expect(
            page == """
                Usage:  sereno stop [OPTIONS] CONTAINER [CONTAINER...]

                Stop one or more running containers

                Aliases:
                  sereno container stop, sereno stop

                Options:
                  -s, --signal string   Signal to send to the container
                  -t, --timeout int     Seconds to wait before killing the container

                """)
    }

    @Test("a long description is broken before the last column, under its own column")
    func wrapped() {
        let flags = [
            FlagUsage(
                short: "l", long: "latest", value: "",
                text: "Show the latest created container (includes all states)"),
            FlagUsage(short: nil, long: "format", value: "string", text: "Template"),
        ]
        #expect(
            FlagUsages(flags: flags, width: 80).text == """
                      --format string   Template
                  -l, --latest          Show the latest created container (includes all
                                        states)

                """)
        #expect(FlagUsages(flags: flags, width: 400).text.split(separator: "\n").count == 2)
        // Too narrow for a column: the text starts further left, on a line of its own.
        #expect(FlagUsages(flags: flags, width: 46).text.contains("--latest          \n                Show"))
    }

    @Test("every verb shows every flag that it does not hide, with a kind")
    func complete() {
        for type in FlagGrammarTests.verbs {
            let shown = HelpPage.flags(of: type)
            #expect(shown.count <= type.flags.flags.count)
            for flag in shown {
                #expect(!flag.text.isEmpty, "\(type._commandName) --\(flag.long)")
                #expect(flag.value.isEmpty == type.flags.flag(long: flag.long)?.isSwitch, "\(flag.long)")
            }
        }
        #expect(HelpPage.flags(of: Run.self).count > 80)
    }

    @Test("the first page names every verb and the options before it")
    func root() {
        let page = HelpPage().root
        for type in Sereno.verbs {
            #expect(page.contains("\n  \(type._commandName) ") == type.configuration.shouldDisplay)
        }
        for option in ["-H, --host", "-D, --debug", "-v, --version"] { #expect(page.contains(option)) }
        #expect(HelpPage().group(ContainerGroup.self, name: "sereno container").contains("\n  rename "))
    }
}
