// What has passed and failed so far.
#ifndef COUNTS_H
#define COUNTS_H

#include <stddef.h>

typedef struct {
    size_t passed_here, failed_here;  // of the check that runs now
    double worst_here;                // largest error of a passed case, as a share of its tolerance
} counts;

extern counts totals;

/// Names the case that was running when the process is brought down.
void watch_for_crashes(void);

#endif
