#ifndef PARLEY_CLINUX_SHIM_H
#define PARLEY_CLINUX_SHIM_H
// What Glibc's module has already is taken from there, so that no declaration has two homes.
#pragma clang module import SwiftGlibc
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

// What glibc declares for GNU programs only, or as enumerations and macros that Swift takes for
// something else.
int accept4(int, struct sockaddr *, socklen_t *, int);
int pipe2(int[2], int);
void *memmem(const void *, size_t, const void *, size_t);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

int renameat2(int, const char *, int, const char *, unsigned int);

static const int shim_O_TMPFILE = 020000000 | O_DIRECTORY;
static const uint32_t shim_EPOLLIN = EPOLLIN;
static const uint32_t shim_EPOLLOUT = EPOLLOUT;
static const uint32_t shim_EPOLLERR = EPOLLERR;
static const uint32_t shim_EPOLLHUP = EPOLLHUP;
static const uint32_t shim_EPOLLRDHUP = EPOLLRDHUP;
static const int shim_STREAM = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
static const int shim_BLOCKING_STREAM = SOCK_STREAM | SOCK_CLOEXEC;
static const int shim_ACCEPT = SOCK_NONBLOCK | SOCK_CLOEXEC;
static const int shim_MSG_NOSIGNAL = MSG_NOSIGNAL;
static const int shim_SHUT_WR = SHUT_WR;

/// `environ`, which Swift refuses as shared mutable state.
static inline char *const *shim_environ(void) {
    extern char **environ;
    return environ;
}

static inline int shim_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }
static inline int shim_epoll_ctl(int ep, int op, int fd, uint32_t events, uint64_t data) {
    struct epoll_event e;
    e.events = events;
    e.data.u64 = data;
    return epoll_ctl(ep, op, fd, &e);
}
static inline int shim_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
static inline int shim_signalfd(const sigset_t *set) {
    return signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/// Gives the calling thread a name of at most 15 bytes, which ps and debuggers show.
static inline void shim_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

/// Lets other threads go before the calling one; on Linux niceness belongs to a thread.
static inline void shim_set_niceness(int niceness) { setpriority(PRIO_PROCESS, 0, niceness); }

/// Forbids core dumps of this process, and other processes of the user to trace it.
static inline int shim_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

/// rename(2) that fails with EEXIST rather than write over what is there.
static inline int shim_rename_without_replacing(const char *from, const char *to) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, 1 /* RENAME_NOREPLACE */);
}

/// Locks (F_WRLCK) or unlocks (F_UNLCK) bytes of an open file for this open file alone, without
/// waiting; `count` 0 means all from `start` on. fcntl(2) names this F_OFD_SETLK.
static inline int shim_lock_bytes(int descriptor, short type, int64_t start, int64_t count) {
    struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = count};
    return fcntl(descriptor, 37 /* F_OFD_SETLK */, &range);
}

/// The user whose process is at the other end of a local socket; -1 where that is not known.
static inline int64_t shim_peer_user(int descriptor) {
    struct { pid_t pid; uid_t uid; gid_t gid; } peer;
    socklen_t size = sizeof peer;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return -1;
    return size == sizeof peer ? (int64_t)peer.uid : -1;
}

/// The columns of the terminal behind a descriptor; 0 where there is none.
static inline int shim_terminal_columns(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
#endif
