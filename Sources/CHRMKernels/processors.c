// The processors that the system lets this process use.
#define _GNU_SOURCE
#include "hrm_kernels.h"

#ifdef __linux__
#include <sched.h>

int32_t hrm_allowed_processors(void) {
    // The system call fails for a set shorter than the system's own; this one has 65,536 members.
    unsigned long words[65536 / (8 * sizeof(unsigned long))] = {0};
    cpu_set_t *set = (cpu_set_t *)words;
    if (sched_getaffinity(0, sizeof words, set) != 0) return 0;
    return CPU_COUNT_S(sizeof words, set);
}
#else
int32_t hrm_allowed_processors(void) { return 0; }
#endif
