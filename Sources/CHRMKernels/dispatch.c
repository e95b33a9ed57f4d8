// Selection of the kernels that this machine can run, and other properties of the processor.
#include "include/hrm_kernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#elif defined(__aarch64__) && defined(__APPLE__)
#include <sys/sysctl.h>
#endif

extern const hrm_kernels hrm_kernels_portable;
#if defined(__x86_64__)
extern const hrm_kernels hrm_kernels_avx512bf16, hrm_kernels_avx512, hrm_kernels_avx2;
#elif defined(__aarch64__)
extern const hrm_kernels hrm_kernels_neonbf16;

static int has_bfloat16(void) {
#if defined(__linux__)
    return (getauxval(AT_HWCAP2) >> 14 & 1) != 0;  // HWCAP2_BF16, which old headers lack
#elif defined(__APPLE__)
    int value = 0;
    size_t size = sizeof value;
    return sysctlbyname("hw.optional.arm.FEAT_BF16", &value, &size, NULL, 0) == 0 && value == 1;
#else
    return 0;
#endif
}
#endif

const hrm_kernels *hrm_kernels_available(size_t index) {
    const hrm_kernels *found[4];
    size_t count = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    const int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
                       && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (avx512 && __builtin_cpu_supports("avx512bf16")) found[count++] = &hrm_kernels_avx512bf16;
    if (avx512) found[count++] = &hrm_kernels_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        found[count++] = &hrm_kernels_avx2;
#elif defined(__aarch64__)
    if (has_bfloat16()) found[count++] = &hrm_kernels_neonbf16;
#endif
    found[count++] = &hrm_kernels_portable;
    return index < count ? found[index] : NULL;
}

static float widened(uint16_t half) {
    uint32_t bits = (uint32_t)half << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint16_t narrowed(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (value != value) return (uint16_t)(bits >> 16) | 0x40;
    return (uint16_t)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

void hrm_convert(hrm_precision from, const void *source, hrm_precision to, void *target,
                 size_t count) {
    if (from == to) {
        memcpy(target, source, count * (from == HRM_BFLOAT16 ? 2 : 4));
    } else if (to == HRM_BFLOAT16) {
        for (size_t i = 0; i < count; i++) ((uint16_t *)target)[i] = narrowed(((const float *)source)[i]);
    } else {
        for (size_t i = 0; i < count; i++) ((float *)target)[i] = widened(((const uint16_t *)source)[i]);
    }
}

#if defined(__x86_64__)
unsigned hrm_flush_subnormals(void) {
    unsigned state = _mm_getcsr();
    _mm_setcsr(state | 0x8040);  // flush to zero, and read subnormals as zero
    return state;
}
void hrm_restore_subnormals(unsigned state) { _mm_setcsr(state); }
#elif defined(__aarch64__)
unsigned hrm_flush_subnormals(void) {
    uint64_t state;
    __asm__ volatile("mrs %0, fpcr" : "=r"(state));
    uint64_t flushing = state | (1u << 24);
    __asm__ volatile("msr fpcr, %0" : : "r"(flushing));
    return (unsigned)state;
}
void hrm_restore_subnormals(unsigned state) {
    uint64_t wide = state;
    __asm__ volatile("msr fpcr, %0" : : "r"(wide));
}
#else
unsigned hrm_flush_subnormals(void) { return 0; }
void hrm_restore_subnormals(unsigned state) { (void)state; }
#endif

void hrm_pause(void) {
#if defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
