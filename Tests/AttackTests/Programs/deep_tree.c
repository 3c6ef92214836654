// deep_tree DIRECTORY DEPTH: nests so many directories, deeper than a path can be long.
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char **words) {
    if (count != 3 || chdir(words[1]) < 0) return 2;
    for (int depth = atoi(words[2]); depth > 0; depth--) {
        if (mkdir("d", 0755) < 0 || chdir("d") < 0) return perror("d"), 1;
    }
    FILE *last = fopen("last", "w");
    return last == NULL || fputs("0123456789", last) < 0 || fclose(last) != 0;
}
