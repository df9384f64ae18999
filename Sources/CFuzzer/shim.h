#pragma once
#include <stddef.h>
#include <stdint.h>
/// libFuzzer's driver, which is there in a build with -sanitize=fuzzer alone.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *, size_t));
