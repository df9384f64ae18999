#include "libcrypt.h"

#include <crypt.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static __typeof__(crypt_r) *p_crypt_r;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libcrypt.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) library = dlopen("libcrypt.so.2", RTLD_NOW | RTLD_LOCAL);
    if (library != NULL) p_crypt_r = (__typeof__(crypt_r) *)dlsym(library, "crypt_r");
}

_Bool libcrypt_load(void) {
    pthread_once(&once, load);
    return p_crypt_r != NULL;
}

static _Bool equal(const char *a, const char *b, size_t n) {
    unsigned char different = 0;
    for (size_t i = 0; i < n; i++) different |= (unsigned char)(a[i] ^ b[i]);
    return different == 0;
}

enum libcrypt_answer libcrypt_check(const char *password, const char *hash) {
    if (!libcrypt_load()) return LIBCRYPT_MISSING;
    struct crypt_data *data = calloc(1, sizeof *data);
    if (data == NULL) return LIBCRYPT_MISSING;
    const char *found = p_crypt_r(password, hash, data);
    enum libcrypt_answer answer = LIBCRYPT_UNKNOWN;
    // A failure token begins with '*'.
    if (found != NULL && found[0] != '*') {
        size_t n = strlen(hash);
        answer = strlen(found) == n && equal(found, hash, n) ? LIBCRYPT_RIGHT : LIBCRYPT_WRONG;
    }
    explicit_bzero(data, sizeof *data);
    free(data);
    return answer;
}
