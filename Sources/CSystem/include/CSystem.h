// What Swift cannot import from the C library: variadic functions and composed macros.
// System headers stay out of here, or their declarations would count as this module's.
#pragma once

/// O_TMPFILE of open(2): a file without a name in the directory that is opened.
extern const int parley_O_TMPFILE;

/// Forbids core dumps of this process, and other processes of the user to trace it (prctl(2)).
int parley_forbid_dumps(void);

/// rename(2) that fails with EEXIST rather than write over what is there.
int parley_rename_without_replacing(const char *from, const char *to);

/// The columns of the terminal behind a descriptor; 0 where there is none.
int parley_terminal_columns(int descriptor);
