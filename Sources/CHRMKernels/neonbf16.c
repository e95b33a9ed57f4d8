// The kernels for ARM64 processors with bfloat16 instructions (FEAT_BF16).
#if defined(__aarch64__)
#include <arm_neon.h>

#define NAME "neonbf16"
#define TABLE hrm_kernels_neonbf16
#define VL 4
#define NV 4
#define DOT(sums, a, b)                                                                           \
    ((vf)vbfdotq_f32((float32x4_t)(sums), (bfloat16x8_t)(a), (bfloat16x8_t)(b)))
#define NARROW(x) ((vh)vcvt_bf16_f32((float32x4_t)(x)))

#pragma clang attribute push(__attribute__((target("bf16"))), apply_to = function)
#include "kernels.inc"
#pragma clang attribute pop
#include "table.inc"
#endif
