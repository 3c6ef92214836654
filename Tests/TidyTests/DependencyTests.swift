import TestSupport
import Testing

/// What a target imports and what Package.swift says it depends on are the same.
@Suite struct DependencyTests {
    private let package: PackageFile
    /// Modules that the files of each target import.
    private let imports: [String: Set<String>]

    /// Imported under a condition that is false where the target is compiled.
    private static let conditional: [String: Set<String>] = ["RestartEmbedded": ["Model"]]

    /// Functions of the C library that Embedded Swift calls by their names.
    private static let linked: [String: Set<String>] = ["RestartEmbedded": ["CEmbedded"]]

    init() throws {
        package = try PackageFile()
        var imports: [String: Set<String>] = [:]
        for file in try Tree.sources() + Tree.files(below: "Tests", endings: [".swift"]) {
            imports[file.target, default: []].formUnion(file.imports)
        }
        self.imports = imports
    }

    @Test func everyImportIsDeclared() {
        let own = Dictionary(uniqueKeysWithValues: package.targets.map { ($0.module, $0.name) })
        for (target, modules) in imports.sorted(by: { $0.key < $1.key }) {
            let declared = (package[target]?.dependencies ?? []).union(Self.conditional[target] ?? [])
            for module in modules.sorted() {
                guard let name = own[module] ?? (package.products.contains(module) ? module : nil) else {
                    let isTest = package.floor(of: target) == nil || package.floor(of: target)?.folder == "Testing"
                    #expect(isTest || Floor.toolchain.contains(module), "\(target) imports \(module)")
                    continue
                }
                #expect(declared.contains(name), "\(target) imports \(module) and does not declare it in Package.swift")
            }
        }
        #expect(imports.count > 50)
    }

    /// A program may be depended on without an import, so that it is built for the tests that run it.
    @Test func everyDeclarationIsImported() {
        for target in package.targets {
            guard let modules = imports[target.name] else { continue }
            for name in target.dependencies.sorted()
            where package[name]?.isExecutable != true && Self.linked[target.name]?.contains(name) != true {
                let module = package[name]?.module ?? name
                #expect(modules.contains(module), "\(target.name) depends on \(name) and imports it nowhere")
            }
        }
    }
}
