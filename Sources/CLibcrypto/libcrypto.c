#include "libcrypto.h"

#include <dlfcn.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>

// Each function under its own name and the type that OpenSSL's header gives it.
#define FUNCTIONS(X) \
    X(EVP_CIPHER_CTX_new) X(EVP_CIPHER_CTX_free) X(EVP_CIPHER_CTX_ctrl) \
    X(EVP_CipherInit_ex) X(EVP_CipherUpdate) X(EVP_CipherFinal_ex) \
    X(EVP_chacha20_poly1305) X(EVP_aes_256_gcm) X(EVP_aes_256_cbc) \
    X(EVP_MD_CTX_new) X(EVP_MD_CTX_free) X(EVP_DigestInit_ex) X(EVP_DigestUpdate) \
    X(EVP_DigestFinal_ex) X(EVP_md5) X(EVP_sha256) X(EVP_sha1) \
    X(HMAC)

#define DECLARE(name) static __typeof__(name) *p_##name;
FUNCTIONS(DECLARE)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Bool loaded;

static void load(void) {
    void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return;
#define RESOLVE(name) \
    if ((p_##name = (__typeof__(name) *)dlsym(library, #name)) == NULL) return;
    FUNCTIONS(RESOLVE)
    loaded = 1;
}

_Bool libcrypto_load(void) {
    pthread_once(&once, load);
    return loaded;
}

libcrypto_context *libcrypto_context_new(enum libcrypto_cipher cipher, const uint8_t *key, int seals) {
    EVP_CIPHER_CTX *context = p_EVP_CIPHER_CTX_new();
    if (context == NULL) return NULL;
    const EVP_CIPHER *which = cipher == LIBCRYPTO_CHACHA20_POLY1305 ? p_EVP_chacha20_poly1305()
                              : cipher == LIBCRYPTO_AES_256_GCM     ? p_EVP_aes_256_gcm()
                                                                    : p_EVP_aes_256_cbc();
    if (p_EVP_CipherInit_ex(context, which, NULL, key, NULL, seals) != 1) {
        p_EVP_CIPHER_CTX_free(context);
        return NULL;
    }
    return context;
}

void libcrypto_context_free(libcrypto_context *context) { p_EVP_CIPHER_CTX_free(context); }

static int begin(EVP_CIPHER_CTX *context, const uint8_t *nonce, const uint8_t *header, size_t header_n) {
    int n;
    if (header_n > INT_MAX) return 0;
    if (p_EVP_CipherInit_ex(context, NULL, NULL, NULL, nonce, -1) != 1) return 0;
    return header_n == 0 || p_EVP_CipherUpdate(context, NULL, &n, header, (int)header_n) == 1;
}

int libcrypto_seal(libcrypto_context *context, const uint8_t *nonce, const uint8_t *header,
                   size_t header_n, const uint8_t *in, size_t n, uint8_t *out) {
    int done = 0, last = 0;
    if (n > INT_MAX || begin(context, nonce, header, header_n) != 1) return 0;
    if (n > 0 && p_EVP_CipherUpdate(context, out, &done, in, (int)n) != 1) return 0;
    if (p_EVP_CipherFinal_ex(context, out + done, &last) != 1) return 0;
    return p_EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, out + n) == 1;
}

int libcrypto_open(libcrypto_context *context, const uint8_t *nonce, const uint8_t *header,
                   size_t header_n, const uint8_t *in, size_t n, uint8_t *out) {
    int done = 0, last = 0;
    if (n < 16 || n > INT_MAX || begin(context, nonce, header, header_n) != 1) return 0;
    if (p_EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, (void *)(in + n - 16)) != 1) return 0;
    if (n > 16 && p_EVP_CipherUpdate(context, out, &done, in, (int)n - 16) != 1) return 0;
    return p_EVP_CipherFinal_ex(context, out + done, &last) == 1;
}

long libcrypto_cbc(libcrypto_context *context, const uint8_t *iv, const uint8_t *in, size_t n,
                   uint8_t *out) {
    int done = 0, last = 0;
    if (n > INT_MAX - 32 || p_EVP_CipherInit_ex(context, NULL, NULL, NULL, iv, -1) != 1) return -1;
    if (n > 0 && p_EVP_CipherUpdate(context, out, &done, in, (int)n) != 1) return -1;
    if (p_EVP_CipherFinal_ex(context, out + done, &last) != 1) return -1;
    return (long)done + last;
}

static int digest(const EVP_MD *which, const uint8_t *a, size_t a_n, const uint8_t *b, size_t b_n,
                  uint8_t *out) {
    EVP_MD_CTX *context = p_EVP_MD_CTX_new();
    if (context == NULL) return 0;
    int ok = p_EVP_DigestInit_ex(context, which, NULL) == 1 && p_EVP_DigestUpdate(context, a, a_n) == 1
             && p_EVP_DigestUpdate(context, b, b_n) == 1
             && p_EVP_DigestFinal_ex(context, out, NULL) == 1;
    p_EVP_MD_CTX_free(context);
    return ok;
}

int libcrypto_md5(const uint8_t *a, size_t a_n, const uint8_t *b, size_t b_n, uint8_t out[16]) {
    return digest(p_EVP_md5(), a, a_n, b, b_n, out);
}

int libcrypto_sha256(const uint8_t *in, size_t n, uint8_t out[32]) {
    return digest(p_EVP_sha256(), in, n, NULL, 0, out);
}

int libcrypto_hmac_sha1(const uint8_t *key, size_t key_n, const uint8_t *in, size_t n, uint8_t out[20]) {
    unsigned int done = 0;
    if (key_n > INT_MAX) return 0;
    return p_HMAC(p_EVP_sha1(), key, (int)key_n, in, n, out, &done) != NULL && done == 20;
}
