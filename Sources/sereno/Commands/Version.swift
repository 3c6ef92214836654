import APIClient
import ArgumentParser
import Glibc
import GoTemplate

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
            throw ExitFailure("template parsing error: \(error)", code: 64)
        }
        var server: JSONValue?
        var failure: EngineError?
        do {
            server = Self.withEngine(try session.value(Request(.get, "/version")))
        } catch let error as EngineError {
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
        if let error { throw ExitFailure(error.description) }
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

    /// Old engines list no components; the engine itself is then made one.
    private static func withEngine(_ answer: JSONValue) -> JSONValue {
        var components = answer["Components"]?.elements ?? []
        if let index = components.firstIndex(where: { $0["Name"]?.string == "Engine" }) {
            components[index] = withReadableDate(components[index])
        } else {
            let keys = [
                ("ApiVersion", "ApiVersion"), ("MinAPIVersion", "MinAPIVersion"), ("GitCommit", "GitCommit"),
                ("GoVersion", "GoVersion"), ("Os", "Os"), ("Arch", "Arch"), ("BuildTime", "BuildTime"),
            ]
            var details = keys.map { JSONMember(key: $0.0, value: .string(answer[$0.1]?.string ?? "")) }
            let experimental = answer["Experimental"]?.bool ?? false
            details.append(JSONMember(key: "Experimental", value: .string(experimental ? "true" : "false")))
            components.append(
                withReadableDate(
                    .object([
                        JSONMember(key: "Name", value: .string("Engine")),
                        JSONMember(key: "Version", value: answer["Version"] ?? .string("")),
                        JSONMember(key: "Details", value: .object(details)),
                    ])))
        }
        var members = answer.members.filter { $0.key != "Components" }
        let place = members.firstIndex { $0.key == "Platform" }.map { $0 + 1 } ?? 0
        members.insert(JSONMember(key: "Components", value: .array(components)), at: place)
        return .object(members)
    }

    private static func withReadableDate(_ component: JSONValue) -> JSONValue {
        let members = component.members.map { member in
            guard member.key == "Details" else { return member }
            let details = member.value.members.map { detail in
                guard detail.key == "BuildTime" else { return detail }
                return JSONMember(key: detail.key, value: .string(CivilTime.reformatted(detail.value.string ?? "")))
            }
            return JSONMember(key: member.key, value: .object(details))
        }
        return .object(members)
    }
}

/// What this command tells of itself in `version` and `info`.
enum ClientDescription {
    /// The members of `version`'s `Client`.
    static func version(api: String) -> JSONValue {
        .object(
            [
                JSONMember(key: "Version", value: .string(Build.version)),
                JSONMember(key: "ApiVersion", value: .string(api)),
            ]
                + common)
    }

    /// The members of `info`'s `ClientInfo`.
    static var info: JSONValue {
        .object(
            [
                JSONMember(key: "Debug", value: .bool(false)),
                JSONMember(key: "Version", value: .string(Build.version)),
            ] + common + [
                JSONMember(key: "Plugins", value: .array([])), JSONMember(key: "Warnings", value: .null),
            ])
    }

    private static var common: [JSONMember] {
        [
            JSONMember(key: "DefaultAPIVersion", value: .string(EngineClient.newestVersion)),
            JSONMember(key: "Os", value: .string("linux")), JSONMember(key: "Arch", value: .string(architecture)),
            JSONMember(key: "Context", value: .string("default")),
        ]
    }

    /// The machine's architecture under Go's name.
    private static var architecture: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "" }
        let machine = withUnsafeBytes(of: name.machine) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return ["x86_64": "amd64", "aarch64": "arm64"][machine] ?? machine
    }
}
