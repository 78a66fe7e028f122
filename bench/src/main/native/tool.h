// What the bench's C programs have in common: options, the end of a run, CPU time, errors. Results go to standard
// output as one JSON object, everything else to standard error. Exit codes are the ones of ./ringtail.
#pragma once

#define _GNU_SOURCE

#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { FAILED = 1, USAGE = 2, MISSING_CAPABILITY = 77 };

enum { MAX_SECONDS = 86400 };

// Set once the run is over.
static volatile sig_atomic_t stopped;

// Ends the process after a failed system call.
__attribute__((noreturn)) static inline void fail(const char *call, const char *remedy) {
    int error = errno;
    fprintf(stderr, "%s: %s (%s); %s\n", call, strerrorname_np(error), strerror(error), remedy);
    exit(error == EPERM ? MISSING_CAPABILITY : FAILED);
}

// The value of a numeric option; ends the process if it is no number from min to max.
static inline int64_t number(const char *option, const char *text, int64_t min, int64_t max) {
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != 0 || value < min || value > max) {
        fprintf(stderr, "--%s %s: allowed are %lld to %lld\n", option, text, (long long) min, (long long) max);
        exit(USAGE);
    }
    return value;
}

// The index of a network interface of this network namespace.
static inline int interface_index(const char *name) {
    int index = if_nametoindex(name);
    if (index == 0) {
        fprintf(stderr, "--interface %s: no such interface here; see: ip link\n", name);
        exit(USAGE);
    }
    return index;
}

// Ends the process if an option wasn't given.
static inline void require(bool given, const char *option) {
    if (!given) {
        fprintf(stderr, "%s is missing\n", option);
        exit(USAGE);
    }
}

// Runs this thread on one processor only; -1 means any.
static inline void pin(int cpu) {
    if (cpu < 0) {
        return;
    }
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set) < 0) {
        fail("sched_setaffinity", "--cpu must be a processor that this process may use; see: taskset -p $$");
    }
}

static inline void on_signal(int signal) {
    (void) signal;
    stopped = 1;
}

// Sets `stopped` after so many seconds, or at SIGINT or SIGTERM. A call that waits is interrupted by it, but not one that
// begins just after: so none may wait for long.
static inline void stop_after(int64_t seconds) {
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    alarm(seconds);
}

// Says that from now on nothing is missed: whoever makes load waits for it.
static inline void listening(void) {
    fputs("listening\n", stderr);
}

// Nanoseconds of the monotonic clock.
static inline int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

// User and system CPU time of all threads of this process, in nanoseconds.
static inline int64_t cpu_ns(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000000)
            + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * INT64_C(1000);
}
