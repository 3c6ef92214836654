// Which sockets a container may make and what it may do to its network.
#include "probe.h"
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

static void sockets(void) {
    static const struct { const char *name; int domain, type, protocol; } kinds[] = {
        {"unix", AF_UNIX, SOCK_STREAM, 0}, {"unix packet", AF_UNIX, SOCK_SEQPACKET, 0}, {"tcp", AF_INET, SOCK_STREAM, 0},
        {"udp", AF_INET, SOCK_DGRAM, 0}, {"icmp", AF_INET, SOCK_DGRAM, IPPROTO_ICMP}, {"raw icmp", AF_INET, SOCK_RAW, IPPROTO_ICMP},
        {"raw", AF_INET, SOCK_RAW, IPPROTO_RAW}, {"raw tcp", AF_INET, SOCK_RAW, IPPROTO_TCP}, {"sctp", AF_INET, SOCK_STREAM, 132},
        {"udplite", AF_INET, SOCK_DGRAM, 136}, {"mptcp", AF_INET, SOCK_STREAM, 262}, {"dccp", AF_INET, 6, 33},
        {"tcp6", AF_INET6, SOCK_STREAM, 0}, {"udp6", AF_INET6, SOCK_DGRAM, 0}, {"icmp6", AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6},
        {"raw6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6}, {"packet", AF_PACKET, SOCK_RAW, 0}, {"packet datagram", AF_PACKET, SOCK_DGRAM, 0},
        {"ax25", AF_AX25, SOCK_DGRAM, 0}, {"ipx", AF_IPX, SOCK_DGRAM, 0}, {"appletalk", AF_APPLETALK, SOCK_DGRAM, 0},
        {"x25", AF_X25, SOCK_SEQPACKET, 0}, {"key", AF_KEY, SOCK_RAW, 2}, {"rds", 21, SOCK_SEQPACKET, 0}, {"tipc", AF_TIPC, SOCK_STREAM, 0},
        {"bluetooth", AF_BLUETOOTH, SOCK_RAW, 1}, {"can", AF_CAN, SOCK_RAW, 1}, {"crypto", 38, SOCK_SEQPACKET, 0},
        {"nfc", AF_NFC, SOCK_RAW, 0}, {"vsock", AF_VSOCK, SOCK_STREAM, 0}, {"vsock datagram", AF_VSOCK, SOCK_DGRAM, 0},
        {"kcm", 41, SOCK_DGRAM, 0}, {"qipcrtr", 42, SOCK_DGRAM, 0}, {"smc", 43, SOCK_STREAM, 0}, {"xdp", 44, SOCK_RAW, 0},
        {"mctp", 45, SOCK_DGRAM, 0}, {"pppox", 24, SOCK_STREAM, 0}, {"netrom", 6, SOCK_SEQPACKET, 0}, {"rose", 11, SOCK_SEQPACKET, 0},
        {"phonet", 35, SOCK_DGRAM, 0}, {"ieee802154", 36, SOCK_DGRAM, 0}, {"caif", 37, SOCK_STREAM, 0}, {"llc", 26, SOCK_STREAM, 0},
    };
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char name[64];
        snprintf(name, sizeof name, "socket %s", kinds[i].name);
        int made = socket(kinds[i].domain, kinds[i].type | SOCK_CLOEXEC, kinds[i].protocol);
        say(name, "%s", outcome(made));
        if (made >= 0) close(made);
    }
    for (int protocol = 0; protocol < 23; protocol++) {
        char name[32];
        snprintf(name, sizeof name, "netlink %d", protocol);
        int made = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
        say(name, "%s", outcome(made));
        if (made >= 0) close(made);
    }
}

static long option(int level, int name, int value) {
    int made = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return setsockopt(made, level, name, &value, sizeof value);
}
static long mark(void) { return option(SOL_SOCKET, SO_MARK, 1); }
static long priority(void) { return option(SOL_SOCKET, SO_PRIORITY, 7); }
static long forcedBuffer(void) { return option(SOL_SOCKET, SO_RCVBUFFORCE, 4096); }
static long debug(void) { return option(SOL_SOCKET, SO_DEBUG, 1); }
static long transparent(void) { return option(IPPROTO_IP, 19, 1); }
static long device(void) {
    int made = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return setsockopt(made, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3);
}
// Flags that are set already: nothing changes where it is allowed, in the host's namespace too.
static long flags(void) {
    struct ifreq request = {.ifr_name = "lo"};
    int made = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return ioctl(made, SIOCGIFFLAGS, &request) ? -1 : ioctl(made, SIOCSIFFLAGS, &request);
}
static long transmitUnit(void) {
    struct ifreq request = {.ifr_name = "lo"};
    int made = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return ioctl(made, SIOCGIFMTU, &request) ? -1 : ioctl(made, SIOCSIFMTU, &request);
}
static long noAddress(void) {
    struct ifreq request = {.ifr_name = "nowhere"};
    return ioctl(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), SIOCSIFADDR, &request);
}
static long lowPort(void) {
    int made = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    for (int port = 1; port < 1024; port++) {
        struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = in6addr_loopback};
        if (!bind(made, (void *)&address, sizeof address)) return 0;
        if (errno != EADDRINUSE) return -1;
    }
    return -1;
}
static long abstractName(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0probe"};
    return bind(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), (void *)&address, sizeof address);
}
static long credentials(void) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair)) return -1;
    char byte = 0, space[CMSG_SPACE(sizeof(struct ucred))] = {0};
    struct iovec vector = {&byte, 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    *header = (struct cmsghdr){CMSG_LEN(sizeof(struct ucred)), SOL_SOCKET, SCM_CREDENTIALS};
    struct ucred forged = {getpid(), 1234, 1234};
    memcpy(CMSG_DATA(header), &forged, sizeof forged);
    return sendmsg(pair[0], &message, 0);
}
static long tables(void) {
    struct { char name[32]; char rest[256]; } information = {"filter"};
    socklen_t size = 84;
    int made = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
    return made < 0 ? -1 : getsockopt(made, IPPROTO_IP, 64, &information, &size);
}

int main(void) {
    sockets();
    alone("mark packets", mark);
    alone("priority 7", priority);
    alone("forced buffer", forcedBuffer);
    alone("socket debugging", debug);
    alone("transparent proxy", transparent);
    alone("bind to a device", device);
    alone("interface flags", flags);
    alone("interface MTU", transmitUnit);
    alone("address of no interface", noAddress);
    alone("port below 1024", lowPort);
    alone("abstract name", abstractName);
    alone("forged credentials", credentials);
    alone("packet filter", tables);
    return 0;
}
