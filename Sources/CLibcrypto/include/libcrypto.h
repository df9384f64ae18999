// The few calls of OpenSSL's libcrypto that the key tools want, loaded with dlopen(3) at the first
// use: linking it costs every start 0.7 ms, and most runs of these tools never need it.
#ifndef PARLEY_LIBCRYPTO_H
#define PARLEY_LIBCRYPTO_H
#include <stddef.h>
#include <stdint.h>

// Loads libcrypto.so.3 once; true when it and every function below are there. Thread-safe.
_Bool libcrypto_load(void);

typedef struct evp_cipher_ctx_st libcrypto_context;

enum libcrypto_cipher {
    LIBCRYPTO_CHACHA20_POLY1305,
    LIBCRYPTO_AES_256_GCM,
    LIBCRYPTO_AES_256_CBC,
};

// A cipher context with its key set, for many messages with a nonce each; NULL when out of memory.
// For the AEADs the nonce is 12 bytes; for CBC it is the IV of 16.
libcrypto_context *libcrypto_context_new(enum libcrypto_cipher cipher, const uint8_t *key, int seals);
void libcrypto_context_free(libcrypto_context *context);

// Writes n bytes and then a tag of 16; 1 on success.
int libcrypto_seal(libcrypto_context *context, const uint8_t *nonce, const uint8_t *header,
                   size_t header_n, const uint8_t *in, size_t n, uint8_t *out);
// n counts the tag; writes n - 16 bytes; 1 on success, and on any other answer `out` is to be wiped.
int libcrypto_open(libcrypto_context *context, const uint8_t *nonce, const uint8_t *header,
                   size_t header_n, const uint8_t *in, size_t n, uint8_t *out);
// AES-256-CBC with PKCS#7 padding, whole message; the number of bytes written, or -1.
// `out` has room for n + 16 bytes.
long libcrypto_cbc(libcrypto_context *context, const uint8_t *iv, const uint8_t *in, size_t n,
                   uint8_t *out);
// MD5 of two pieces after one another (for EVP_BytesToKey); 1 on success.
int libcrypto_md5(const uint8_t *a, size_t a_n, const uint8_t *b, size_t b_n, uint8_t out[16]);
// SHA-256 by the processor's own instructions where it has them; 1 on success.
int libcrypto_sha256(const uint8_t *in, size_t n, uint8_t out[32]);
// HMAC with SHA-1, which one-time codes are made of; 1 on success.
int libcrypto_hmac_sha1(const uint8_t *key, size_t key_n, const uint8_t *in, size_t n, uint8_t out[20]);
#endif
