// The kernels for any processor: 128-bit vectors, which SSE2 and NEON both have.
#define NAME "portable"
#define TABLE hrm_kernels_portable
#define VL 4
#if defined(__aarch64__)
#define NV 4  // 32 vector registers: 24 sums
#else
#define NV 2
#endif

#include "kernels.inc"
#include "table.inc"
