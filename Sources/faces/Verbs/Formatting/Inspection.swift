import APIClient
import Flags
import GoTemplate
import JSONFormat
import Listings
import Model
import Streaming

/// A form for descriptions of objects: indented JSON, JSON on one line, or a template.
struct Inspection {
    private enum Form {
        case indented
        case compact
        case template(Template)
    }

    private let form: Form

    /// Parses the format. A template that cannot be parsed ends the command with docker's code 64.
    init(format: String) throws {
        switch format {
        case "": form = .indented
        case "json": form = .compact
        default:
            do {
                form = .template(try Template(format))
            } catch {
                throw ExitFailure("template parsing error: \(error.sentence)", code: 64)
            }
        }
    }

    /// Shows each object that was found, then the errors of the others.
    func show(_ names: [String], find: (String) throws -> [UInt8]) throws -> Int32 {
        var found: [[UInt8]] = []
        var text = ""
        var failures: [String] = []
        for name in names {
            do {
                let bytes = try find(name)
                if case .template(let template) = form {
                    text += try Inspection.render(template, JSON(answer: bytes)) + "\n"
                } else {
                    found.append(bytes)
                }
            } catch let failure as ExitFailure {
                failures.append(failure.message)
            } catch let failure as ClientError {
                failures.append(failure.message)
            }
        }
        switch form {
        case .template: Output.standard.write(text.isEmpty ? "\n" : text)
        case .indented: Output.standard.line(found.isEmpty ? "[]" : JSONLayout.indented(Inspection.array(found)))
        case .compact: Output.standard.line(found.isEmpty ? "[]" : JSONLayout.compact(Inspection.array(found)))
        }
        for failure in failures { Output.error.line(failure) }
        return failures.isEmpty ? 0 : 1
    }

    private static func array(_ documents: [[UInt8]]) -> [UInt8] {
        [UInt8(ascii: "[")] + documents.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")]
    }

    private static func render(_ template: Template, _ document: JSON) throws -> String {
        do {
            return try InspectValue.render(template, over: document)
        } catch {
            throw ExitFailure("template parsing error: \(error.sentence)")
        }
    }
}
