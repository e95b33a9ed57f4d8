// The numbers of passed and failed cases.
#ifndef COUNTS_H
#define COUNTS_H

#include <stddef.h>

typedef struct {
    size_t passed_here, failed_here;  // of the current check
    double worst_here;                // largest error of a passed case, as a share of its tolerance
} counts;

extern counts totals;

/// Names the running case if the process crashes.
void watch_for_crashes(void);

#endif
