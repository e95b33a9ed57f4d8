// Random numbers, memory and comparison for the kernel checks.
#include "kernel_checks.h"

#include "counts.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if __has_feature(address_sanitizer)
#include <sanitizer/common_interface_defs.h>
#define ADDRESS_SANITIZER 1
#else
#define ADDRESS_SANITIZER 0
#endif

enum { most_buffers = 32, most_allocations = 256, most_reports = 5 };
static const size_t alignment = 64;

typedef struct {
    void *start;
    size_t mapped;  // bytes from mmap; 0 for memory from malloc
} allocation;

bool long_run = false;
const size_t vector_sizes[] = {1,  2,  3,  7,  8,  9,   11,  15,  16,  17, 31,
                               33, 63, 64, 65, 96, 127, 130, 192, 257, 515};
const size_t vector_size_count = COUNT(vector_sizes);
counts totals;

static struct {
    char text[320];
    bool failed;
    buffer buffers[most_buffers];
    size_t buffer_count;
    allocation allocations[most_allocations];
    size_t allocation_count;
} current;

// MARK: Random numbers (SplitMix64)

static uint64_t random_state;

void seed_random(uint64_t seed) { random_state = seed; }

static uint64_t random_bits(void) {
    uint64_t z = (random_state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

size_t random_below(size_t end) { return (size_t)((random_bits() >> 32) * end >> 32); }

double random_between(double low, double high) {
    return low + (high - low) * (double)(random_bits() >> 11) * 0x1p-53;
}

// MARK: Cases

void begin_case(const hrm_kernels *kernels, const char *format, ...) {
    int length = snprintf(current.text, sizeof current.text, "%s: ",
                          kernels ? kernels->name : "every path");
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(current.text + length, sizeof current.text - (size_t)length, format, arguments);
    va_end(arguments);
    current.failed = false;
    current.buffer_count = 0;
    current.allocation_count = 0;
}

void fail(const char *format, ...) {
    current.failed = true;
    if (totals.failed_here >= most_reports) return;
    printf("FAILED %s\n       ", current.text);
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    fflush(stdout);
}

/// Prints the running case when the process crashes; its sizes would otherwise be lost.
static void tell_case(void) {
    fflush(stdout);
    (void)!write(STDERR_FILENO, "in the case ", 12);
    (void)!write(STDERR_FILENO, current.text, strlen(current.text));
    (void)!write(STDERR_FILENO, "\n", 1);
}

static void on_signal(int signal_number) {
    tell_case();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

void watch_for_crashes(void) {
#if ADDRESS_SANITIZER
    __sanitizer_set_death_callback(tell_case);
    (void)on_signal;
#else
    const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE};
    for (size_t i = 0; i < COUNT(signals); i++) signal(signals[i], on_signal);
#endif
}

// MARK: Memory

static void *keep(void *start, size_t mapped) {
    if (!start || start == MAP_FAILED || current.allocation_count == most_allocations) {
        fprintf(stderr, "out of memory for the checks, in the case %s\n", current.text);
        exit(1);
    }
    current.allocations[current.allocation_count++] = (allocation){start, mapped};
    return start;
}

static void free_all(void) {
    for (size_t i = 0; i < current.allocation_count; i++) {
        allocation each = current.allocations[i];
        if (each.mapped) munmap(each.start, each.mapped);
        else free(each.start);
    }
}

static void *zeroed(size_t bytes) { return keep(calloc(bytes ? bytes : 1, 1), 0); }

double *numbers(size_t count) { return zeroed(count * sizeof(double)); }

reference new_reference(size_t count) { return (reference){numbers(count), numbers(count)}; }

/// Memory with nothing behind it: what reads or writes past its end is stopped, by
/// AddressSanitizer or, without it, by a page that must not be touched.
static unsigned char *exact_memory(size_t bytes, bool aligned) {
#if ADDRESS_SANITIZER
    void *start = NULL;
    if (posix_memalign(&start, aligned ? alignment : sizeof(void *), bytes) != 0) start = NULL;
    return keep(start, 0);
#else
    (void)aligned;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), open = (bytes + page - 1) / page * page;
    unsigned char *start = keep(mmap(NULL, open + page, PROT_READ | PROT_WRITE,
                                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                                open + page);
    mprotect(start + open, page, PROT_NONE);
    return start + open - bytes;
#endif
}

/// A pattern that reads as NaN in both precisions, and not the one that arithmetic produces.
static void fill_with_nan(unsigned char *start, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) start[i] = i % 2 ? 0xff : 0xa5;
}

static buffer *add_buffer(buffer made, bool aligned) {
    if (current.buffer_count == most_buffers) {
        fprintf(stderr, "too many buffers in the case %s\n", current.text);
        exit(1);
    }
    made.block = exact_memory(made.bytes, aligned);
    fill_with_nan(made.block, made.bytes);
    current.buffers[current.buffer_count] = made;
    return &current.buffers[current.buffer_count++];
}

buffer *result(const char *name, hrm_precision precision, size_t rows, size_t columns,
               size_t stride) {
    buffer made = {.name = name, .precision = precision, .rows = rows, .columns = columns,
                   .stride = stride, .element = precision == HRM_BFLOAT16 ? 2 : 4};
    made.front = (8 + random_below(32)) * made.element;
    // Half of the buffers end with their last element, half with a frame.
    const size_t back = random_below(2) * 40 * made.element;
    made.bytes = made.front + ((rows - 1) * stride + columns) * made.element + back;
    return add_buffer(made, false);
}

buffer *operand(const char *name, hrm_precision precision, size_t rows, size_t columns,
                size_t stride) {
    buffer *made = result(name, precision, rows, columns, stride);
    fill(made, -2, 2);
    made->read_only = true;
    return made;
}

buffer *vector(const char *name, hrm_precision precision, size_t count) {
    return operand(name, precision, 1, count, count);
}

buffer *aligned_bytes(const char *name, size_t bytes) {
    buffer made = {.name = name, .rows = 1, .columns = bytes, .stride = bytes, .element = 1,
                   .bytes = bytes};
    // Aligned memory that ends with a page may need a frame, which is checked afterwards.
    if (!ADDRESS_SANITIZER) made.bytes = (bytes + alignment - 1) / alignment * alignment;
    return add_buffer(made, true);
}

void *scratch_of(size_t bytes) { return aligned_bytes("scratch", bytes)->block; }

size_t random_stride(size_t columns) {
    switch (random_below(4)) {
    case 0: return columns + 1 + 2 * random_below(4);
    case 1: return (columns + 63) / 64 * 64;
    case 2: return columns + random_below(100);
    default: return columns;
    }
}

void fill(buffer *target, double low, double high) {
    for (size_t r = 0; r < target->rows; r++)
        for (size_t c = 0; c < target->columns; c++) put(target, r, c, random_between(low, high));
}

void protect_all(buffer *target) { target->written = zeroed(target->rows * target->columns); }

void allow(buffer *target, size_t row, size_t first_column, size_t columns) {
    memset(target->written + row * target->columns + first_column, 1, columns);
}

void *address(const buffer *target) { return target->block + target->front; }

hrm_rows rows_of(const buffer *target) { return (hrm_rows){address(target), target->stride}; }

hrm_rows no_rows(void) { return (hrm_rows){NULL, 0}; }

// MARK: Sums of rows

row_sums new_row_sums(hrm_precision precision, size_t count, size_t columns) {
    enum { most = 4 };
    const size_t rows = 1 + random_below(7);
    uint32_t *first = zeroed((count + 1) * sizeof *first);
    uint32_t *chosen = zeroed(count * most * sizeof *chosen);
    for (size_t s = 0; s < count; s++) {
        first[s + 1] = first[s] + (uint32_t)random_below(most + 1);
        for (uint32_t i = first[s]; i < first[s + 1]; i++) chosen[i] = (uint32_t)random_below(rows);
    }
    buffer *table = operand("table", precision, rows, columns, random_stride(columns));
    return (row_sums){{rows_of(table), first, chosen}, table};
}

row_sums no_row_sums(void) { return (row_sums){{no_rows(), NULL, NULL}, NULL}; }

void add_row_sum(reference wanted, size_t i, row_sums sums, size_t sum, size_t column) {
    if (!sums.table) return;
    const uint32_t first = sums.view.first[sum], last = sums.view.first[sum + 1];
    double size = fabs(wanted.value[i]);
    for (uint32_t m = first; m < last; m++) {
        const double part = at(sums.table, sums.view.numbers[m], column);
        wanted.value[i] += part;
        size += fabs(part);
    }
    wanted.slack[i] += (last - first) * FLOAT_ULP * size;
}

// MARK: Values

double rounded(hrm_precision precision, double value) {
    if (precision == HRM_FLOAT32) return (double)(float)value;
    if (value == 0 || !isfinite(value)) return value;
    int exponent;
    frexp(value, &exponent);
    // Eight significant bits; subnormal numbers lie 2^-133 apart.
    const double unit = ldexp(1, exponent - 8 < -133 ? -133 : exponent - 8);
    const double result = nearbyint(value / unit) * unit;
    return fabs(result) >= 0x1p128 ? copysign(INFINITY, value) : result;
}

static size_t offset_of(const buffer *source, size_t row, size_t column) {
    return source->front + (row * source->stride + column) * source->element;
}

static double value_at(const buffer *source, const unsigned char *block, size_t row,
                       size_t column) {
    const unsigned char *start = block + offset_of(source, row, column);
    uint32_t bits = 0;
    if (source->precision == HRM_BFLOAT16) {
        uint16_t half;
        memcpy(&half, start, sizeof half);
        bits = (uint32_t)half << 16;
    } else {
        memcpy(&bits, start, sizeof bits);
    }
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

double at(const buffer *source, size_t row, size_t column) {
    return value_at(source, source->block, row, column);
}

double was(const buffer *source, size_t row, size_t column) {
    return value_at(source, source->before, row, column);
}

void put(buffer *target, size_t row, size_t column, double value) {
    const float single = (float)rounded(target->precision, value);
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    unsigned char *start = target->block + offset_of(target, row, column);
    if (target->precision == HRM_BFLOAT16) {
        const uint16_t half = (uint16_t)(bits >> 16);
        memcpy(start, &half, sizeof half);
    } else {
        memcpy(start, &bits, sizeof bits);
    }
}

const char *precision_name(hrm_precision precision) {
    return precision == HRM_BFLOAT16 ? "bfloat16" : "float32";
}

// MARK: Comparison

void seal(void) {
    for (size_t i = 0; i < current.buffer_count; i++) {
        buffer *each = &current.buffers[i];
        each->before = zeroed(each->bytes);
        memcpy(each->before, each->block, each->bytes);
    }
}

static void expect_same(const buffer *target, size_t first, size_t last, const char *what) {
    if (first >= last || !memcmp(target->block + first, target->before + first, last - first))
        return;
    while (target->block[first] == target->before[first]) first++;
    fail("%s: %s changed, %td bytes from its first element (%zu by %zu, a row every %zu)",
         target->name, what, (ptrdiff_t)first - (ptrdiff_t)target->front, target->rows,
         target->columns, target->stride);
}

/// The frames, the gaps and the cells that are not to be written.
static void expect_rest_untouched(const buffer *target) {
    size_t cursor = 0;
    for (size_t r = 0; r < target->rows; r++) {
        const size_t start = offset_of(target, r, 0), end = offset_of(target, r, target->columns);
        expect_same(target, cursor, start, r ? "the gap between rows" : "what stands before it");
        if (target->read_only) expect_same(target, start, end, "an input");
        for (size_t c = 0; target->written && c < target->columns; c++)
            if (!target->written[r * target->columns + c])
                expect_same(target, offset_of(target, r, c), offset_of(target, r, c + 1),
                            "a value out of the range");
        cursor = end;
    }
    expect_same(target, cursor, target->bytes, "what stands after it");
}

void end_case(void) {
    for (size_t i = 0; i < current.buffer_count; i++)
        if (current.buffers[i].before) expect_rest_untouched(&current.buffers[i]);
    free_all();
    if (current.failed) totals.failed_here++;
    else totals.passed_here++;
}

/// The difference in units of the tolerance; NaN and infinity must be reproduced exactly.
static double excess(double got, double want, double tolerance) {
    if (isnan(want)) return isnan(got) ? 0 : INFINITY;
    if (isinf(want)) return got == want ? 0 : INFINITY;
    const double ratio = fabs(got - want) / tolerance;
    return isnan(ratio) ? INFINITY : ratio;
}

void expect(const buffer *target, reference wanted) {
    const double rounding = target->precision == HRM_BFLOAT16 ? BFLOAT16_ROUNDING : FLOAT_ULP / 2;
    double worst = 0, worst_tolerance = 0;
    size_t row = 0, column = 0, wrong = 0;
    for (size_t r = 0; r < target->rows; r++)
        for (size_t c = 0; c < target->columns; c++) {
            const size_t i = r * target->columns + c;
            if (target->written && !target->written[i]) continue;
            const double want = wanted.value[i], slack = wanted.slack[i];
            // Results below the normal numbers may be flushed to zero.
            const double tolerance = slack + rounding * (fabs(want) + slack) + 0x1p-126;
            const double ratio = excess(at(target, r, c), want, tolerance);
            wrong += ratio > 1;
            if (ratio <= worst) continue;
            worst = ratio, worst_tolerance = tolerance, row = r, column = c;
        }
    if (worst > totals.worst_here && worst <= 1) totals.worst_here = worst;
    if (wrong == 0) return;
    fail("%s (%s): %zu wrong of %zu; [%zu, %zu] is %.9g, wanted %.9g ± %.3g (%.3g times that)",
         target->name, precision_name(target->precision), wrong, target->rows * target->columns,
         row, column, at(target, row, column), wanted.value[row * target->columns + column],
         worst_tolerance, worst);
}

// MARK: Bounds

double sum_error(hrm_precision precision, size_t terms) {
    const double error = (4 + sqrt((double)terms)) * FLOAT_ULP;
    return precision == HRM_BFLOAT16 ? 2 * error : error;
}

void rotate(double *value, double *slack, const buffer *cosines, const buffer *sines,
            size_t position, double direction) {
    const size_t half = cosines->columns;
    for (size_t j = 0; j < half; j++) {
        const double c = at(cosines, position, j), s = direction * at(sines, position, j);
        const double x = value[j], y = value[j + half];
        const double x_slack = slack[j] + 2 * FLOAT_ULP * fabs(x);
        const double y_slack = slack[j + half] + 2 * FLOAT_ULP * fabs(y);
        value[j] = x * c - y * s;
        value[j + half] = y * c + x * s;
        slack[j] = x_slack * fabs(c) + y_slack * fabs(s);
        slack[j + half] = y_slack * fabs(c) + x_slack * fabs(s);
    }
}
