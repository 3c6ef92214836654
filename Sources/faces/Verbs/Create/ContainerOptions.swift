import ArgumentParser
import Flags

/// The options of `create` and `run`, except the resources: see ``ResourceOptions``.
struct ContainerOptions: ParsableArguments {
    @Option(help: "Add a custom host-to-IP mapping (host:ip).") var addHost: [String] = []
    @Option(help: "Add an annotation to the container (passed through to the OCI runtime).") var annotation: [String] =
        []
    @Option(name: .shortAndLong, help: "Attach to STDIN, STDOUT or STDERR.") var attach: [String] = []
    @Option(help: "Add Linux capabilities.") var capAdd: [String] = []
    @Option(help: "Drop Linux capabilities.") var capDrop: [String] = []
    @Option(help: "Optional parent cgroup for the container.") var cgroupParent: String?
    @Option(help: "Cgroup namespace to use (host|private).") var cgroupns: String?
    @Option(help: "Write the container ID to the file.") var cidfile: String?
    @Flag(inversion: .prefixedNo, help: "Skip image verification.") var disableContentTrust = true
    @Option(help: "Set custom DNS servers.") var dns: [String] = []
    @Option(name: [.long, .customLong("dns-opt")], help: "Set DNS options.") var dnsOption: [String] = []
    @Option(help: "Set custom DNS search domains.") var dnsSearch: [String] = []
    @Option(help: "Container NIS domain name.") var domainname: String?
    @Option(help: "Overwrite the default ENTRYPOINT of the image.") var entrypoint: String?
    @Option(name: .shortAndLong, help: "Set environment variables.") var env: [String] = []
    @Option(help: "Read in a file of environment variables.") var envFile: [String] = []
    @Option(help: "Expose a port or a range of ports.") var expose: [String] = []
    @Option(help: "Add additional groups to join.") var groupAdd: [String] = []
    @Option(help: "Command to run to check health.") var healthCmd: String?
    @Option(help: "Time between running the check (ms|s|m|h).") var healthInterval: String?
    @Option(help: "Consecutive failures needed to report unhealthy.") var healthRetries: Int?
    @Option(help: "Time between the checks of the start period (ms|s|m|h).") var healthStartInterval: String?
    @Option(help: "Start period before failures are counted (ms|s|m|h).") var healthStartPeriod: String?
    @Option(help: "Maximum time to allow one check to run (ms|s|m|h).") var healthTimeout: String?
    @Option(name: [.customShort("h"), .long], help: "Container host name.") var hostname: String?
    @Flag(help: "Run an init inside the container that forwards signals and reaps processes.") var `init` = false
    @Flag(name: .shortAndLong, help: "Keep STDIN open even if not attached.") var interactive = false
    @Option(help: "IPv4 address (e.g., 172.30.100.104).") var ip: String?
    @Option(help: "IPv6 address (e.g., 2001:db8::33).") var ip6: String?
    @Option(help: "IPC mode to use.") var ipc: String?
    @Option(help: "Container isolation technology.") var isolation: String?
    @Option(name: .shortAndLong, help: "Set meta data on a container.") var label: [String] = []
    @Option(help: "Read in a line delimited file of labels.") var labelFile: [String] = []
    @Option(help: "Add link to another container.") var link: [String] = []
    @Option(help: "Container IPv4/IPv6 link-local addresses.") var linkLocalIp: [String] = []
    @Option(help: "Logging driver for the container.") var logDriver: String?
    @Option(help: "Log driver options.") var logOpt: [String] = []
    @Option(help: "Container MAC address (e.g., 92:d0:c6:0a:29:33).") var macAddress: String?
    @Option(help: "Attach a filesystem mount to the container.") var mount: [String] = []
    @Option(help: "Assign a name to the container.") var name: String?
    @Option(name: [.long, .customLong("net")], help: "Connect a container to a network.") var network: [String] = []
    @Option(name: [.long, .customLong("net-alias")], help: "Add network-scoped alias for the container.")
    var networkAlias: [String] = []
    @Flag(inversion: .prefixedNo, help: "Disable any container-specified HEALTHCHECK.") var healthcheck = true
    @Option(help: "PID namespace to use.") var pid: String?
    @Option(help: "Set platform if server is multi-platform capable.") var platform: String?
    @Flag(help: "Give extended privileges to this container.") var privileged = false
    @Option(name: .shortAndLong, help: "Publish a container's port(s) to the host.") var publish: [String] = []
    @Flag(name: [.customShort("P"), .long], help: "Publish all exposed ports to random ports.") var publishAll = false
    @Option(help: "Pull image before running (\"always\", \"missing\", \"never\").") var pull: String = "missing"
    @Flag(name: .shortAndLong, help: "Suppress the pull output.") var quiet = false
    @Flag(help: "Mount the container's root filesystem as read only.") var readOnly = false
    @Option(help: "Restart policy to apply when a container exits.") var restart: String?
    @Flag(help: "Automatically remove the container and its anonymous volumes when it exits.") var rm = false
    @Option(help: "Runtime to use for this container.") var runtime: String?
    @Option(help: "Security Options.") var securityOpt: [String] = []
    @Option(help: "Signal to stop the container.") var stopSignal: String?
    @Option(help: "Timeout (in seconds) to stop a container.") var stopTimeout: Int?
    @Option(help: "Storage driver options for the container.") var storageOpt: [String] = []
    @Option(help: "Sysctl options.") var sysctl: [String] = []
    @Option(help: "Mount a tmpfs directory.") var tmpfs: [String] = []
    @Flag(name: .shortAndLong, help: "Allocate a pseudo-TTY.") var tty = false
    @Option(name: .shortAndLong, help: "Username or UID (format: <name|uid>[:<group|gid>]).") var user: String?
    @Option(help: "User namespace to use.") var userns: String?
    @Option(help: "UTS namespace to use.") var uts: String?
    @Option(name: .shortAndLong, help: "Bind mount a volume.") var volume: [String] = []
    @Option(help: "Optional volume driver for the container.") var volumeDriver: String?
    @Option(help: "Mount volumes from the specified container(s).") var volumesFrom: [String] = []
    @Option(name: .shortAndLong, help: "Working directory inside the container.") var workdir: String?
}

extension ContainerOptions {
    static let switches = """
        disable-content-trust init i/interactive no-healthcheck privileged P/publish-all q/quiet read-only rm t/tty
        """
    static let values = """
        add-host annotation a/attach cap-add cap-drop cgroup-parent cgroupns cidfile dns dns-option dns-opt
        dns-search domainname entrypoint e/env env-file expose group-add health-cmd health-interval health-start-interval
        health-start-period health-timeout h/hostname ip ip6 ipc isolation l/label label-file link link-local-ip
        log-driver log-opt mac-address mount name network net network-alias net-alias pid platform p/publish pull restart
        runtime security-opt stop-signal storage-opt sysctl tmpfs u/user userns uts v/volume volume-driver volumes-from
        w/workdir
        """
    static let integers = "health-retries stop-timeout"
    static let onByDefault: Set<String> = ["disable-content-trust"]
    static let kinds: [String: FlagValue] = [
        "add-host": .host, "attach": .stream, "env": .environment, "health-interval": .duration,
        "health-start-interval": .duration, "health-start-period": .duration, "health-timeout": .duration,
        "label": .label, "mount": .mount, "sysctl": .sysctl,
    ]
}
