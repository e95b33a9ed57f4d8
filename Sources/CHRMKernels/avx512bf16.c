// The kernels for x86-64 processors with AVX-512 and its bfloat16 instructions.
#if defined(__x86_64__)
#include <immintrin.h>

#define NAME "avx512bf16"
#define TABLE hrm_kernels_avx512bf16
#define VL 16
#define NV 4
#define DOT(sums, a, b) ((vf)_mm512_dpbf16_ps((__m512)(sums), (__m512bh)(a), (__m512bh)(b)))
#define NARROW(x) ((vh)_mm512_cvtneps_pbh((__m512)(x)))
#define ESTIMATE(x) ((vf)_mm512_rcp14_ps((__m512)(x)))

#pragma clang attribute push(                                                                     \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma"))),                 \
    apply_to = function)
#include "kernels.inc"
#pragma clang attribute pop
#include "table.inc"
#endif
