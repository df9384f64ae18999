// The system's crypt(3), loaded with dlopen(3) at the first use: only a relay with imported password
// hashes needs it.
#ifndef PARLEY_LIBCRYPT_H
#define PARLEY_LIBCRYPT_H

enum libcrypt_answer {
    LIBCRYPT_WRONG,
    LIBCRYPT_RIGHT,
    // The library does not know this kind of hash.
    LIBCRYPT_UNKNOWN,
    // libcrypt.so.1 is not there, or there is no memory.
    LIBCRYPT_MISSING,
};

// True when the library is there. Thread-safe.
_Bool libcrypt_load(void);

// Whether a hash is that of a password; takes as long as the hash says, and compares in constant
// time. Thread-safe.
enum libcrypt_answer libcrypt_check(const char *password, const char *hash);
#endif
