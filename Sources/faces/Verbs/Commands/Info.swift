import APIClient
import ArgumentParser
import Flags
import GoTemplate
import JSONFormat
import Listings
import Model
import Streaming

/// `sereno info`: shows the state of the engine as a whole.
struct Info: Verb {
    static let configuration = CommandConfiguration(
        verb: "info", abstract: "Display system-wide information")
    static let flags = FlagTable(values: "f/format")
    static let argumentCount = ArgumentCount.none

    @Option(name: .shortAndLong, help: "Format output using a custom template: 'json' or 'TEMPLATE'.")
    var format = ""

    func perform(in session: Session) throws -> Int32 {
        guard format.isEmpty else { return try showTemplate(in: session) }
        Output.standard.write(
            "Client:\n Version:    \(Release.version)\n Context:    default\n Debug Mode: false\n\nServer:\n")
        let info = try session.value(Request(.get, "/info"))
        Output.standard.write(InfoText(info).text + "\n")
        for module in ["apparmor", "selinux"] where !Self.uses(module, info) {
            Output.standard.line(" \(module): not used (docs/isolation.md)")
        }
        for warning in info["Warnings"]?.elements ?? [] { Output.error.line(warning.string ?? "") }
        return 0
    }

    /// Whether the engine confines containers with a security module of the kernel.
    private static func uses(_ module: String, _ info: JSON) -> Bool {
        (info["SecurityOptions"]?.elements ?? []).contains { $0.string?.hasPrefix("name=" + module) == true }
    }

    private func showTemplate(in session: Session) throws -> Int32 {
        let template: Template
        do {
            template = try Template(format == "json" ? "{{json .}}" : format)
        } catch {
            throw ExitFailure("template parsing error: \(error.sentence)", code: 64)
        }
        // A template about the client alone needs no engine.
        let own = JSON.object([JSONObject.Member("ClientInfo", ClientDescription.info)])
        if format.contains("."), format != "{{json .}}",
            let text = try? template.render(InspectValue.typed(own, under: "info"))
        {
            Output.standard.line(text)
            return 0
        }
        var members = try session.value(Request(.get, "/info")).members
        members.append(JSONObject.Member("ClientInfo", ClientDescription.info))
        let (text, error) = template.run(InspectValue.typed(.object(members), under: "info"))
        Output.standard.line(text)
        if let error { throw ExitFailure(error.message) }
        return 0
    }
}
