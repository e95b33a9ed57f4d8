// The kernels for x86-64 processors with AVX2 and FMA: 256-bit vectors.
#if defined(__x86_64__)
#define NAME "avx2"
#define TABLE hrm_kernels_avx2
#define VL 8
#define NV 2

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "kernels.inc"
#pragma clang attribute pop
#include "table.inc"
#endif
