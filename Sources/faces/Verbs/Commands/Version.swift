import APIClient
import ArgumentParser
import Flags
import GoTemplate
import JSONFormat
import Linux
import Listings
import Model
import Streaming

/// `sereno version`: shows the versions of the command and of the engine.
struct Version: Verb {
    static let configuration = CommandConfiguration(
        verb: "version", abstract: "Show the version information of the command and the engine")
    static let flags = FlagTable(values: "f/format")
    static let argumentCount = ArgumentCount.none

    @Option(name: .shortAndLong, help: "Format output using a custom template: 'json' or 'TEMPLATE'.")
    var format = ""

    func perform(in session: Session) throws -> Int32 {
        let source = format.isEmpty ? Self.standard : format == "json" ? "{{json .}}" : format
        let template: Template
        do {
            template = try Template(source, name: "version", extraFunctions: ["getDetailsOrder"])
        } catch {
            throw ExitFailure("template parsing error: \(error.sentence)", code: 64)
        }
        var server: JSON?
        var failure: ClientError?
        do {
            server = Self.withEngine(try session.value(Request(.get, "/version")))
        } catch let error as ClientError {
            failure = error
        }
        let client = ClientDescription.version(api: (try? session.client.version()) ?? EngineClient.newestVersion)
        let value = TemplateStruct(
            typeName: "system.versionInfo",
            fields: [
                ("Client", InspectValue.typed(client, under: "Client")),
                ("Server", server.map { InspectValue.typed($0, under: "Server") } ?? .null(.pointer)),
            ])
        let (text, error) = template.run(.object(value), extra: ["getDetailsOrder": Self.detailNames])
        var writer = TabWriter(minimumWidth: 20, padding: 1)
        writer.write(text + "\n")
        Output.standard.write(writer.finish())
        if let failure { throw failure }
        if let error { throw ExitFailure(error.message) }
        return 0
    }

    private static let standard = """
        {{with .Client -}}
        Client:
         Version:	{{.Version}}
         API version:	{{.APIVersion}}{{if ne .APIVersion .DefaultAPIVersion}} (downgraded from {{.DefaultAPIVersion}}){{end}}
         OS/Arch:	{{.Os}}/{{.Arch}}
         Context:	{{.Context}}
        {{- end}}

        {{- if ne .Server nil}}{{with .Server}}

        Server:{{if ne .Platform.Name ""}} {{.Platform.Name}}{{end}}
         {{- range $component := .Components}}
         {{$component.Name}}:
          {{- if eq $component.Name "Engine" }}
          Version:	{{.Version}}
          API version:	{{index .Details "ApiVersion"}} (minimum version {{index .Details "MinAPIVersion"}})
          Go version:	{{index .Details "GoVersion"}}
          Git commit:	{{index .Details "GitCommit"}}
          Built:	{{index .Details "BuildTime"}}
          OS/Arch:	{{index .Details "Os"}}/{{index .Details "Arch"}}
          Experimental:	{{index .Details "Experimental"}}
          {{- else }}
          Version:	{{$component.Version}}
          {{- $detailsOrder := getDetailsOrder $component}}
          {{- range $key := $detailsOrder}}
          {{$key}}:	{{index $component.Details $key}}
           {{- end}}
          {{- end}}
         {{- end}}
         {{- end}}{{- end}}
        """

    /// The names of a component's details, in their order.
    @Sendable private static func detailNames(_ component: TemplateValue) -> TemplateValue {
        guard case .object(let object) = component, case .map(let details)? = object.field("Details") else {
            return .array([])
        }
        return .array(details.entries.map { .string($0.key) })
    }

    /// The answer with the engine as a component: old engines list none.
    private static func withEngine(_ answer: JSON) -> JSON {
        var components = answer["Components"]?.elements ?? []
        if let index = components.firstIndex(where: { $0["Name"]?.string == "Engine" }) {
            components[index] = withReadableDate(components[index])
        } else {
            let keys = [
                ("ApiVersion", "ApiVersion"), ("MinAPIVersion", "MinAPIVersion"), ("GitCommit", "GitCommit"),
                ("GoVersion", "GoVersion"), ("Os", "Os"), ("Arch", "Arch"), ("BuildTime", "BuildTime"),
            ]
            var details = JSONObject(keys.map { ($0.0, .string(answer[$0.1]?.string ?? "")) })
            let experimental = answer["Experimental"]?.bool ?? false
            details.append("Experimental", .string(experimental ? "true" : "false"))
            components.append(
                withReadableDate(["Name": "Engine", "Version": answer["Version"] ?? "", "Details": .object(details)]))
        }
        var members = answer.members.filter { $0.name != "Components" }
        let place = members.firstIndex { $0.name == "Platform" }.map { $0 + 1 } ?? 0
        members.insert(JSONObject.Member("Components", .array(components)), at: place)
        return .object(members)
    }

    private static func withReadableDate(_ component: JSON) -> JSON {
        var members = component.members
        for index in members.indices where members[index].name == "Details" {
            var details = members[index].value.members
            for place in details.indices where details[place].name == "BuildTime" {
                details[place].value = .string(CivilTime.reformatted(details[place].value.string ?? ""))
            }
            members[index].value = .object(details)
        }
        return .object(members)
    }
}

/// The command's description of itself in `version` and `info`.
enum ClientDescription {
    /// The members of `version`'s `Client`.
    static func version(api: String) -> JSON {
        .object(
            [
                JSONObject.Member("Version", .string("\(Release.version)")),
                JSONObject.Member("ApiVersion", .string(api)),
            ]
                + common)
    }

    /// The members of `info`'s `ClientInfo`.
    static var info: JSON {
        .object(
            [
                JSONObject.Member("Debug", .bool(false)),
                JSONObject.Member("Version", .string("\(Release.version)")),
            ] + common + [
                JSONObject.Member("Plugins", .array([])), JSONObject.Member("Warnings", .null),
            ])
    }

    private static var common: JSONObject {
        [
            JSONObject.Member("DefaultAPIVersion", .string(EngineClient.newestVersion)),
            JSONObject.Member("Os", .string("linux")),
            JSONObject.Member("Arch", .string(HostMachine.platform.architecture)),
            JSONObject.Member("Context", .string("default")),
        ]
    }
}
