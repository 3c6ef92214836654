internal import GoTemplate
public import JSONFormat
internal import Model

/// An image as `images --format` sees it: a row for each of its names.
public enum ImageRow {
    /// Headings of the columns.
    public static let headings = TableHeadings([
        "ID": "IMAGE ID", "Repository": "REPOSITORY", "Tag": "TAG", "Digest": "DIGEST", "CreatedSince": "CREATED",
        "CreatedAt": "CREATED AT", "Size": "SIZE", "Containers": "CONTAINERS", "VirtualSize": "SIZE",
        "SharedSize": "SHARED SIZE", "UniqueSize": "UNIQUE SIZE",
    ])

    /// The format for what the user asked.
    public static func format(_ source: String, quiet: Bool, digests: Bool) -> TableFormat {
        switch source {
        case "table":
            if quiet { return TableFormat("{{.ID}}") }
            let created = "{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}"
            let digest = digests ? ["{{.Digest}}"] : []
            let columns = ["{{.Repository}}", "{{.Tag}}"] + digest + ["{{.ID}}", created, "{{.Size}}"]
            return TableFormat("table " + columns.joined(separator: "\t"))
        case "raw":
            if quiet { return TableFormat("image_id: {{.ID}}") }
            let digest = digests ? "digest: {{.Digest}}\n" : ""
            return TableFormat(
                "repository: {{ .Repository }}\ntag: {{.Tag}}\n" + digest
                    + "image_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n")
        default:
            let lacksDigest = digests && source.hasPrefix("table") && GoText.split(source, "{{.Digest}}").count == 1
            return TableFormat(lacksDigest ? source + "\t{{.Digest}}" : source)
        }
    }

    /// The rows of one element of the answer to `GET /images/json`.
    ///
    /// - Parameter digests: whether a row is wanted for each digest.
    public static func rows(
        _ image: JSON, format: TableFormat, digests: Bool, in context: ListingContext
    ) -> [TableRow] {
        let tags = (image["RepoTags"]?.elements ?? []).compactMap(\.string)
        let known = (image["RepoDigests"]?.elements ?? []).compactMap(\.string)
        let isDangling =
            (tags.isEmpty && known.isEmpty) || (tags == ["<none>:<none>"] && known == ["<none>@<none>"])
        if isDangling { return [row(image, "<none>", "<none>", "<none>", context)] }
        let needsDigest = digests || GoText.split(format.source, "{{.Digest}}").count > 1
        var byRepository: [(repository: String, digests: [String])] = []
        for text in known {
            guard let reference = try? ImageReference(parsing: text), let digest = reference.digest else { continue }
            if let index = byRepository.firstIndex(where: { $0.repository == reference.familiarName }) {
                byRepository[index].digests.append(digest)
            } else {
                byRepository.append((reference.familiarName, [digest]))
            }
        }
        var rows: [TableRow] = []
        var tagged: Set<String> = []
        for text in tags {
            guard let reference = try? ImageReference(parsing: text), let tag = reference.tag else { continue }
            tagged.insert(reference.familiarName)
            let own = byRepository.first { $0.repository == reference.familiarName }?.digests ?? []
            for digest in needsDigest && !own.isEmpty ? own : ["<none>"] {
                rows.append(row(image, reference.familiarName, tag, digest, context))
            }
        }
        for (repository, own) in byRepository where !tagged.contains(repository) {
            for digest in digests ? own : [""] { rows.append(row(image, repository, "<none>", digest, context)) }
        }
        return rows
    }

    /// The row of `system df -v`, which shows only the first name.
    public static func firstRow(_ image: JSON, in context: ListingContext) -> TableRow {
        let tag = image["RepoTags"]?.elements.first?.string ?? "<none>:<none>"
        guard let reference = try? ImageReference(parsing: tag) else {
            return row(image, "<none>", "<none>", "", context)
        }
        return row(image, reference.familiarName, reference.tag ?? "<none>", "", context)
    }

    private static func row(
        _ image: JSON, _ repository: String, _ tag: String, _ digest: String, _ context: ListingContext
    ) -> TableRow {
        let created = image["Created"]?.integer ?? 0
        let size = image["Size"]?.double ?? 0
        let shared = image["SharedSize"]?.double ?? 0
        let containers = image["Containers"]?.integer ?? 0
        return TableRow(
            typeName: "*formatter.imageContext",
            columns: [
                "ID": .string(context.id(image["Id"]?.string ?? "")), "Repository": .string(repository),
                "Tag": .string(tag), "Digest": .string(digest), "CreatedSince": .string(context.ago(created)),
                "CreatedAt": .string(context.text(created)), "Size": .string(HumanUnits.size(size, precision: 3)),
                "Containers": .string(containers == -1 ? "N/A" : String(containers)),
                "VirtualSize": .string(HumanUnits.size(size)),
                "SharedSize": .string(shared == -1 ? "N/A" : HumanUnits.size(shared)),
                "UniqueSize": .string(size == -1 || shared == -1 ? "N/A" : HumanUnits.size(size - shared)),
            ])
    }
}
