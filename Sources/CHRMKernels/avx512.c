// The kernels for x86-64 processors with AVX-512: 512-bit vectors.
#if defined(__x86_64__)
#include <immintrin.h>

#define NAME "avx512"
#define TABLE hrm_kernels_avx512
#define VL 16
#define NV 4
#define ESTIMATE(x) ((vf)_mm512_rcp14_ps((__m512)(x)))

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))),   \
                             apply_to = function)
#include "kernels.inc"
#pragma clang attribute pop
#include "table.inc"
#endif
