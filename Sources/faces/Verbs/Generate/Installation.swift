import APIClient
import Flags
import Generator
import Linux
import Model
import Streaming

/// The installation of generated files where an init system looks, with the handover of the containers to it.
struct Installation {
    let place: InitPlace
    let client: EngineClient
    /// Whether the engine is sereno, which records the owner of the restarts.
    let isSereno: Bool

    /// Installs a set: first the files, then the owners of the restarts, then the commands to the init system. With
    /// `starts` the installed units are started.
    func install(_ set: GeneratedSet, owner: RestartOwner, whole: Bool, force: Bool, starts: Bool) throws {
        try place.demand()
        let directory = GeneratedDirectory(place.directory)
        let found = try directory.read(names: set.files.map(\.name))
        let plan: ManifestPlan
        do {
            plan = try Manifest.plan(found, replacing: set, whole: whole, force: force)
        } catch {
            throw ExitFailure("\(directory.path): \(error.sentence)")
        }
        try place.forget(plan.removes)
        do throws(LinuxError) {
            // A user has no ~/.config/systemd/user at first.
            if !plan.isEmpty { try HostFile.makeDirectories(place.directory) }
        } catch {
            throw ExitFailure("cannot \(error.sentence)")
        }
        try directory.carryOut(plan)
        try takeBack(plan.removes)
        for file in set.files {
            guard let container = file.container, isSereno else { continue }
            let unit = owner == .initSystem ? InitUnit(system: file.system, name: place.unit(of: file.name)) : nil
            try RestartOwnerOption(unit: unit).perform(container, client)
        }
        let installed = Set(set.files.map(\.name))
        let atBoot = set.files.filter(\.startsAtBoot).map(\.name)
        try place.read(installed.sorted(), atBoot: atBoot)
        for name in plan.writes.map(\.name) { Output.standard.line("\(directory.path)/\(name)") }
        for name in plan.removes { Output.error.line("removed \(directory.path)/\(name)") }
        if starts { try place.start(set.files.map(\.name)) }
    }

    /// Removes files: all of sereno's there, or those of the named containers. The engine makes the restarts from then
    /// on; what runs goes on.
    func uninstall(_ names: [String]?, prefix: String, force: Bool) throws {
        try place.demand()
        let directory = GeneratedDirectory(place.directory)
        let found = try directory.read(names: [])
        var plan: ManifestPlan
        do {
            plan = try Manifest.removal(found, of: place.system, force: force)
        } catch {
            throw ExitFailure("\(directory.path): \(error.sentence)")
        }
        if let names {
            let wanted = names.map { prefix + $0 + place.suffix }
            for (name, file) in zip(names, wanted) where !plan.removes.contains(file) {
                throw ExitFailure("\(directory.path): there is no file of sereno's for \(name)")
            }
            plan.removes = wanted.sorted()
            plan.after = Manifest(found.manifest.entries.filter { !plan.removes.contains($0.name) })
        }
        guard !plan.removes.isEmpty else { throw ExitFailure("\(directory.path): nothing of sereno's is there") }
        try takeBack(plan.removes)
        try place.forget(plan.removes)
        try directory.carryOut(plan)
        try place.read([], atBoot: [])
        for name in plan.removes { Output.standard.line("removed \(directory.path)/\(name)") }
    }

    /// Gives the restarts of containers back to the engine, where their units are removed.
    private func takeBack(_ files: [String]) throws {
        guard isSereno, !files.isEmpty else { return }
        let gone = Set(files.map { place.unit(of: $0) })
        for container in try client.json(Request(.get, "/containers/json", query: [("all", "1")])).elements {
            guard let id = container["Id"]?.string else { continue }
            let owner = try client.json(Request(.get, "/containers/\(id)/json"))["Sereno"]?["RestartOwner"]
            guard owner?["System"]?.string == place.system.rawValue, let unit = owner?["Unit"]?.string,
                gone.contains(unit)
            else { continue }
            try RestartOwnerOption(unit: nil).perform(id, client)
        }
    }
}
