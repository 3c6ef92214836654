extension SystemdUnderTest {
    /// What process 1 of the namespaces does before it becomes systemd. $0 is the directory. Nothing that the host shares may stay
    /// writable: a systemd that still sees the host's control groups moves the host's processes about and remounts its file systems.
    static let inside = #"""
        set -eu
        directory=$0
        mount --make-rprivate /
        # What other tests have mounted is no business of this machine: it would wait for all of it when it goes down.
        sed -n 's|^[^ ]* \(/tmp/[^ ]*\) .*|\1|p' /proc/mounts | tac | xargs -r umount -l 2>/dev/null || true
        mount -t overlay -o "lowerdir=/etc,upperdir=$directory/disk/etc,workdir=$directory/disk/work" overlay /etc
        mount --bind "$directory/disk/units" /etc/systemd/system
        mount --bind "$directory/disk/var" /var

        # Of the host's units only these; the test brings its own.
        cd /usr/lib/systemd/system
        for wanted in *.target.wants ../system-generators ../system-environment-generators; do
            mount -t tmpfs -o mode=755 tmpfs "$wanted"
        done
        ln -s ../systemd-journald.service sysinit.target.wants/
        for socket in systemd-journald.socket systemd-journald-dev-log.socket dbus.socket; do
            [ ! -e $socket ] || ln -s ../$socket sockets.target.wants/
        done
        cd /

        mount -t proc -o nosuid,nodev,noexec proc /proc
        hostname sereno-test
        for path in irq bus sysrq-trigger sys; do
            [ -e /proc/$path ] || continue
            mount --bind /proc/$path /proc/$path
            # The network's settings are this namespace's own.
            [ $path != sys ] || mount --bind /proc/sys/net /proc/sys/net
            mount -o remount,bind,ro /proc/$path
        done
        mount -t sysfs -o ro,nosuid,nodev,noexec sysfs /sys
        mount -t cgroup2 -o nsdelegate cgroup2 /sys/fs/cgroup

        device=$directory/mount
        mount -t tmpfs -o mode=755 tmpfs "$device"
        for node in 'null 1 3' 'zero 1 5' 'full 1 7' 'random 1 8' 'urandom 1 9' 'tty 5 0' 'fuse 10 229'; do
            set -- $node
            mknod -m 666 "$device/$1" c $2 $3
        done
        mkdir "$device/pts" "$device/shm" "$device/mqueue"
        mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$device/pts"
        mount -t tmpfs -o mode=1777 tmpfs "$device/shm"
        ln -s pts/ptmx "$device/ptmx"
        ln -s /proc/self/fd "$device/fd"
        ln -s /proc/self/fd/0 "$device/stdin"
        ln -s /proc/self/fd/1 "$device/stdout"
        ln -s /proc/self/fd/2 "$device/stderr"
        : >"$device/console"
        mount --bind "$directory/console" "$device/console"
        mount --move "$device" /dev

        mount -t tmpfs -o mode=755 tmpfs /run
        mkdir -p /run/lock /run/systemd/journal /run/dbus
        # The journal goes to /var from the start.
        : >/run/systemd/journal/flushed
        # A boot of its own: the kernel's name for it would stay the same over a reboot.
        cat /proc/sys/kernel/random/uuid >/run/boot-id
        mount --bind /run/boot-id /proc/sys/kernel/random/boot_id

        mount -t tmpfs -o mode=1777 tmpfs "$directory/mount"
        shared=$directory/mount/${directory#/tmp/}/shared
        mkdir -p "$shared"
        mount --bind "$directory/shared" "$shared"
        # Programs that were built below /tmp are to be seen where they are.
        programs=$(readlink "$directory/programs" || true)
        case $programs in
        /tmp/*)
            mkdir -p "$directory/mount/${programs#/tmp/}"
            mount --bind "$programs" "$directory/mount/${programs#/tmp/}"
            ;;
        esac
        mount --move "$directory/mount" /tmp
        mount -o remount,bind,ro /
        ip link set lo up
        exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin container=sereno-test \
            /lib/systemd/systemd --show-status=0 --unit=multi-user.target
        """#

    /// Enters the machine: $0 its control group, $1 its first process. A group beside systemd's own, so that visitors are
    /// no part of any unit.
    static let visit = #"""
        leader=$1
        shift
        mkdir -p "$0/visitors" && echo $$ >"$0/visitors/cgroup.procs" &&
            exec nsenter --target "$leader" --mount --uts --ipc --net --pid --cgroup --wd=/ -- "$@"
        """#
}
