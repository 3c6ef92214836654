// Makes calls of other architectures and of numbers that nobody has yet; prints the errno of each, or its result's sign.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long native(long number) {
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(0), "S"(0), "d"(0) : "rcx", "r11", "memory");
    return result;
}

static long i386(long number) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(0), "c"(0), "d"(0) : "r8", "r9", "r10", "r11", "memory");
    return (int)result;
}

static void tell(const char *name, long result) {
    printf("%s=%s\n", name, result == -ENOSYS ? "ENOSYS" : result == -EPERM ? "EPERM" : result < 0 ? strerror(-result) : "done");
    fflush(stdout);
}

int main(int count, char **words) {
    for (int index = 1; index < count; index++) {
        const char *word = words[index];
        long number = strtol(strchr(word, ':') + 1, 0, 0);
        if (word[0] == 'n') tell(word, native(number));
        if (word[0] == 'x') tell(word, native(0x40000000 | number));
        if (word[0] == 'i') tell(word, i386(number));
    }
    return 0;
}
