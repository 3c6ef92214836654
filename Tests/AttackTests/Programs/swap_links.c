// swap_links PLACE LINK: exchanges a directory and a symbolic link for ever (renameat2(2), RENAME_EXCHANGE).
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>

int main(int count, char **words) {
    if (count != 3) return 2;
    for (;;)
        if (renameat2(AT_FDCWD, words[1], AT_FDCWD, words[2], RENAME_EXCHANGE) < 0) return perror("renameat2"), 1;
}
