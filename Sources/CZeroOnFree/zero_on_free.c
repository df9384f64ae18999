#include "zero_on_free.h"

#include <malloc.h>
#include <string.h>

// glibc lets a program put its own functions in the place of these, and keeps its own under these names.
extern void __libc_free(void *);
extern void *__libc_malloc(size_t);
extern void *__libc_realloc(void *, size_t);

/// A block of its own mapping goes back to the system, and its pages with it. The second bit of the size
/// before a block says so.
static int has_own_mapping(const void *block) { return (((const size_t *)block)[-1] & 2) != 0; }

/// Writes zeros that the compiler may not leave out, though the block is not read any more.
static void zero(void *block, size_t size) {
    memset(block, 0, size);
    __asm__ volatile("" : : "r"(block) : "memory");
}

void free(void *block) {
    if (block == NULL) return;
    if (!has_own_mapping(block)) zero(block, malloc_usable_size(block));
    __libc_free(block);
}

void *realloc(void *block, size_t size) {
    if (block == NULL || size == 0 || has_own_mapping(block)) return __libc_realloc(block, size);
    size_t old_size = malloc_usable_size(block);
    if (size <= old_size && size >= old_size / 2) return block;
    void *moved = __libc_malloc(size);
    if (moved == NULL) return NULL;
    memcpy(moved, block, old_size < size ? old_size : size);
    free(block);
    return moved;
}
