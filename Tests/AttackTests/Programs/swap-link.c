// Makes `swap` a directory and a link to the host's directory given, in turn, as fast as the kernel can; in the directory that a
// second argument names, or in the root.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count < 2 || chdir(count > 2 ? arguments[2] : "/") || mkdir("swap", 0755) || symlink(arguments[1], "link")) return 1;
    int file = open("swap/secret", O_WRONLY | O_CREAT, 0644);
    if (file < 0 || write(file, "inside\n", 7) != 7 || close(file)) return 1;
    puts("swapping");
    fflush(stdout);
    for (;;)
        if (syscall(SYS_renameat2, AT_FDCWD, "swap", AT_FDCWD, "link", 2)) return 1;
}
