#define _GNU_SOURCE
#include "clinux_process.h"

#include <errno.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

static int let_go(struct dl_phdr_info *object, size_t size, void *failure) {
    (void)size;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        // Code that cannot be written is what the file says: nothing is lost with its pages.
        if (segment->p_type != PT_LOAD || (segment->p_flags & (PF_X | PF_W)) != PF_X) continue;
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        uintptr_t end = object->dlpi_addr + segment->p_vaddr + segment->p_memsz;
        if (madvise((void *)start, end - start, MADV_DONTNEED) < 0) *(int *)failure = -errno;
    }
    return 0;
}

int clinux_let_go_of_code(void) {
    int failure = 0;
    dl_iterate_phdr(let_go, &failure);
    return failure;
}
