// The available paths, the speed of their arithmetic, conversions, and subnormal numbers.
#include "kernel_checks.h"

#include <float.h>
#include <string.h>

void check_peak(const hrm_kernels *kernels) {
    for (int precision = HRM_FLOAT32; precision <= HRM_BFLOAT16; precision++)
        for (size_t rounds = 1; rounds <= 1000; rounds *= 10) {
            begin_case(kernels, "peak %s, %zu rounds", precision_name((hrm_precision)precision),
                       rounds);
            const double operations = kernels->peak((hrm_precision)precision, rounds);
            if (!(operations > 0) || isinf(operations)) fail("%g operations", operations);
            end_case();
        }
}

static void check_widening(void) {
    begin_case(NULL, "hrm_convert of every bfloat16 to float32");
    buffer *source = result("source", HRM_BFLOAT16, 1, 65536, 65536);
    buffer *target = result("target", HRM_FLOAT32, 1, 65536, 65536);
    uint16_t *halves = address(source);
    for (size_t i = 0; i < 65536; i++) halves[i] = (uint16_t)i;
    source->read_only = true;
    seal();
    hrm_convert(HRM_BFLOAT16, address(source), HRM_FLOAT32, address(target), 65536);
    const uint32_t *words = address(target);
    for (uint32_t i = 0; i < 65536; i++) {
        const bool nan = (i & 0x7fff) > 0x7f80;
        const bool good = nan ? at(target, 0, i) != at(target, 0, i) : words[i] == i << 16;
        if (!good) fail("%#x became %#x", i, words[i]);
    }
    end_case();
}

/// Numbers halfway between two bfloat16 and next to that, over all exponents and both signs.
static void check_narrowing(void) {
    static const uint32_t tails[] = {0, 1, 0x7fff, 0x8000, 0x8001, 0xffff};
    const size_t count = 65536 * COUNT(tails);
    begin_case(NULL, "hrm_convert of float32 to bfloat16, to nearest even");
    buffer *source = result("source", HRM_FLOAT32, 1, count, count);
    buffer *target = result("target", HRM_BFLOAT16, 1, count, count);
    uint32_t *words = address(source);
    for (uint32_t i = 0; i < count; i++) words[i] = (i % 65536) << 16 | tails[i / 65536];
    source->read_only = true;
    seal();
    hrm_convert(HRM_FLOAT32, address(source), HRM_BFLOAT16, address(target), count);
    for (size_t i = 0; i < count; i++) {
        const double value = at(source, 0, i), want = rounded(HRM_BFLOAT16, value);
        const double got = at(target, 0, i);
        const bool good = isnan(value) ? isnan(got)
                                       : got == want && signbit(got) == signbit(want);
        if (!good) fail("%a became %a, not %a", value, got, want);
    }
    end_case();
}

static void check_copying(hrm_precision precision, size_t count) {
    begin_case(NULL, "hrm_convert of %zu %s to itself", count, precision_name(precision));
    buffer *source = vector("source", precision, count);
    buffer *target = result("target", precision, 1, count, count);
    seal();
    hrm_convert(precision, address(source), precision, address(target), count);
    if (memcmp(address(source), address(target), count * source->element) != 0) fail("not equal");
    end_case();
}

static void check_converting(hrm_precision from, hrm_precision to, size_t count) {
    begin_case(NULL, "hrm_convert of %zu %s to %s", count, precision_name(from),
               precision_name(to));
    buffer *source = vector("source", from, count);
    buffer *target = result("target", to, 1, count, count);
    seal();
    hrm_convert(from, address(source), to, address(target), count);
    for (size_t i = 0; i < count; i++)
        if (at(target, 0, i) != rounded(to, at(source, 0, i)))
            fail("%zu: %a became %a", i, at(source, 0, i), at(target, 0, i));
    end_case();
}

void check_convert(void) {
    check_widening();
    check_narrowing();
    for (size_t i = 0; i < vector_size_count; i++) {
        check_copying(HRM_FLOAT32, vector_sizes[i]);
        check_copying(HRM_BFLOAT16, vector_sizes[i]);
        check_converting(HRM_FLOAT32, HRM_BFLOAT16, vector_sizes[i]);
        check_converting(HRM_BFLOAT16, HRM_FLOAT32, vector_sizes[i]);
    }
}

static bool subnormals_survive(void) {
    volatile float smallest = FLT_MIN, half = 0.5f;
    volatile float product = smallest * half;
    return product != 0;
}

void check_subnormals(void) {
    begin_case(NULL, "hrm_flush_subnormals and back");
    const bool before = subnormals_survive();
    const unsigned state = hrm_flush_subnormals();
    const bool during = subnormals_survive();
    hrm_restore_subnormals(state);
    if (!before || !subnormals_survive()) fail("subnormal numbers are flushed by default");
    if (during) fail("subnormal numbers are not flushed");
    end_case();
}

void check_available(void) {
    begin_case(NULL, "hrm_kernels_available");
    size_t count = 0;
    while (hrm_kernels_available(count)) count++;
    if (count == 0) fail("no path at all");
    if (count && strcmp(hrm_kernels_available(count - 1)->name, "portable") != 0)
        fail("the last path is %s, not portable", hrm_kernels_available(count - 1)->name);
    for (size_t past = count; past < count + 3; past++)
        if (hrm_kernels_available(past)) fail("a path past the end");
    if (hrm_kernels_available(99)) fail("a path far past the end");
    if (hrm_kernels_available(SIZE_MAX)) fail("a path infinitely far past the end");
    end_case();
}
