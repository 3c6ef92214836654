import Glibc
public import Model

extension Cgroup {
    /// Writes the limits, those of v1 where a v1 hierarchy has the controller and of v2 elsewhere. Limits that
    /// were not asked for are left as they are. Returns Docker's warnings for those that the host cannot keep; throws for
    /// a value that the kernel refuses.
    public func apply(_ resources: ResourceSpec) throws(LinuxError) -> [String] {
        var warnings: [String] = []
        var pending: [(CgroupSetting, String)] = []
        for setting in resources.legacySettings {
            guard let hierarchy = layout.legacy(setting.controller) else { continue }
            pending.append((setting, hierarchy.directory(of: group)))
        }
        for setting in resources.unifiedSettings where layout.legacy(Self.legacyName(setting.controller)) == nil {
            guard let unified = layout.unified, unified.controllers.contains(setting.controller) else {
                warnings.append(Self.warning(for: setting))
                continue
            }
            pending.append((setting, unified.directory(of: group)))
        }
        if layout.kind == .legacy {
            for setting in resources.legacySettings where layout.legacy(setting.controller) == nil {
                warnings.append(Self.warning(for: setting))
            }
        }
        try write(pending, &warnings)
        return warnings
    }

    /// The memory limit of v1 must not exceed that of memory and swap, nor the other way round: which of the two has
    /// to be first depends on what is set now, so a refused one is tried again after the other.
    private func write(
        _ pending: [(setting: CgroupSetting, directory: String)], _ warnings: inout [String]
    ) throws(LinuxError) {
        var refused: [(setting: CgroupSetting, directory: String)] = []
        for item in pending {
            let path = item.directory + "/" + item.setting.file
            guard let path = Self.present(path) else {
                warnings.append(Self.warning(for: item.setting))
                continue
            }
            do {
                try HostFile.write(item.setting.value, to: path)
            } catch {
                guard error.code == EINVAL, item.setting.controller == "memory" else { throw error }
                refused.append(item)
            }
        }
        for item in refused { try HostFile.write(item.setting.value, to: item.directory + "/" + item.setting.file) }
    }

    /// The file itself or the one that this kernel has in its place.
    private static func present(_ path: String) -> String? {
        if HostFile.exists(path) { return path }
        let other: String
        if path.hasSuffix("/blkio.bfq.weight") {
            other = path.dropLast("bfq.weight".count) + "weight"
        } else if path.hasSuffix("/io.weight") {
            other = path.dropLast("weight".count) + "bfq.weight"
        } else {
            return nil
        }
        return HostFile.exists(other) ? other : nil
    }

    private static func legacyName(_ controller: String) -> String { controller == "io" ? "blkio" : controller }

    private static func warning(for setting: CgroupSetting) -> String {
        "Your kernel does not support \(setting.limit) capabilities or the cgroup is not mounted. Limitation discarded."
    }
}
