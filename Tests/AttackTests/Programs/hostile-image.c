// Run inside a container of a hostile image, with the directory of the host's canaries and the places to try: reads, writes and
// changes whatever can be reached there, and says all it read. `done` at the end: nothing made it wait or die.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void reach(const char *path) {
    char text[4096];
    int file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text);
    if (length > 0) fwrite(text, 1, length, stdout);
    if (file >= 0) fchmod(file, 0666);
    if (file >= 0) close(file);
    for (int way = 0; way < 2; way++) {
        file = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (way ? O_TRUNC : O_APPEND));
        if (file >= 0 && write(file, "evil\n", 5) != 5) puts("not written");
        if (file >= 0) close(file);
    }
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) puts(entry->d_name);
    if (directory) closedir(directory);
    snprintf(text, sizeof text, "%s/evil", path);
    file = open(text, O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0666);
    if (file >= 0) close(file);
    snprintf(text, sizeof text, "%s/secret", path);
    if (access(text, F_OK) == 0) reach(text);
}

int main(int count, char **arguments) {
    if (count < 2) return 1;
    char path[4096];
    for (int i = 2; i < count; i++) {
        snprintf(path, sizeof path, "/%s", arguments[i]);
        reach(path);
    }
    // From the working directory up, as far as a root may be.
    char up[64] = "";
    for (int depth = 0; depth < 16; depth++) {
        snprintf(path, sizeof path, "%s.%s/secret", up, arguments[1]);
        reach(path);
        strcat(up, "../");
    }
    puts("done");
    return 0;
}
