import Supervision
import Testing

/// What fails in a directory of the supervisor's is told without its path.
@Suite("The supervisor's own places")
struct OwnPlacesTests {
    @Test(
        "are told in words, and what is in a container by its path there",
        arguments: [
            ("write /var/lib/s/containers/ab12/state.json: no space", "write the container's data: no space"),
            (
                "mkdir /var/lib/s/containers/ab12/rootfs/merged/data/x: not a directory",
                "mkdir /data/x: not a directory"
            ),
            ("mount /var/lib/s/containers/ab12/rootfs/merged: busy", "mount the container's root file system: busy"),
            ("open /var/lib/s/images/sha256/ab.json: gone", "open the image store: gone"),
            ("open \"/run/s/containers/ab12/netns\"", "open \"the container's network namespace\""),
            ("list /run/s: gone", "list the supervisor's run directory: gone"),
            ("cannot start /usr/libexec/s/sereno-archive", "cannot start sereno-archive"),
        ])
    func hidden(text: String, told: String) { #expect(places.hidden(in: text) == told) }

    @Test(
        "are not taken for others that begin like them",
        arguments: [
            "open /var/lib/smb: gone", "open /x/var/lib/s/y: gone", "open /run/secrets: gone", "no path at all",
        ])
    func others(text: String) { #expect(places.hidden(in: text) == text) }

    private var places: OwnPlaces {
        var configuration = EngineConfiguration()
        configuration.dataRoot = "/var/lib/s"
        configuration.execRoot = "/run/s"
        configuration.programs = "/usr/libexec/s"
        return OwnPlaces(configuration)
    }
}
