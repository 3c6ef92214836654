import Linux
import Model

/// The environment of a container's process as Docker makes it.
enum ProcessEnvironment {
    static let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// PATH, HOSTNAME and TERM as defaults, then what was asked for, then HOME of the user unless it is set to something.
    static func make(
        requested: [String], hostname: String, terminal: Bool, home: String
    ) -> [String] {
        var variables = [path, "HOSTNAME=\(hostname)"]
        if terminal { variables.append("TERM=xterm") }
        variables = replacing(variables, with: requested)
        variables.removeAll { $0.isSame(bytes: "HOME=") }
        if !variables.contains(where: { $0.hasPrefix(bytes: "HOME=") }) { variables.append("HOME=\(home)") }
        return variables
    }

    /// Later values replace earlier ones of the same name in their place; a name without `=` removes it.
    static func replacing(_ base: [String], with overrides: [String]) -> [String] {
        var variables = base
        for variable in overrides {
            let name = String(variable.cut(at: "=").before) + "="
            guard variable.contains(byte: "=") else {
                variables.removeAll { $0.hasPrefix(bytes: name) }
                continue
            }
            if let at = variables.firstIndex(where: { $0.hasPrefix(bytes: name) }) {
                variables[at] = variable
            } else {
                variables.append(variable)
            }
        }
        return variables
    }
}
