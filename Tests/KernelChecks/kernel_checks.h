// Shared by the kernel checks: random inputs, framed and guarded memory, comparison with bounds.
//
// A case goes: `begin_case`, make and fill buffers, `seal`, call the kernel, `expect` the outputs,
// `end_case`. Everything made in a case is freed at its end.
#ifndef KERNEL_CHECKS_H
#define KERNEL_CHECKS_H

#include "hrm_kernels.h"

#include <math.h>
#include <stdbool.h>

/// One unit in the last place of float32, relative.
#define FLOAT_ULP 0x1p-23
/// What rounding to bfloat16 may change, relative.
#define BFLOAT16_ROUNDING 0x1p-8
/// How far from the exact value exp, 1 / x, √x and log of a path may be, relative.
#define FUNCTION_ERROR 4e-7
/// Where a path stops telling exponentials, and what they are multiplied with, from zero.
#define SMALLEST_EXPONENTIAL 2e-38

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define PICK(list) ((list)[random_below(COUNT(list))])

/// Rows in memory of their own: frames around them and gaps between them must never change.
typedef struct {
    const char *name;
    hrm_precision precision;
    size_t rows, columns, stride;
    size_t element;           // bytes
    unsigned char *block;     // front frame, rows, back frame
    unsigned char *before;    // the block when it was sealed
    unsigned char *written;   // which cells the kernel may write; null for all of them
    size_t front, bytes;      // of the front frame, of the block
    bool read_only;
} buffer;

/// Values in double, and how far from them float32 arithmetic may end, the rounding of what is
/// stored not counted.
typedef struct {
    double *value, *slack;
} reference;

/// Whether the cases are many (`--long`) or few.
extern bool long_run;

/// Lengths around those of vectors and of a few of them.
extern const size_t vector_sizes[];
extern const size_t vector_size_count;

void seed_random(uint64_t seed);
size_t random_below(size_t end);
double random_between(double low, double high);

void begin_case(const hrm_kernels *kernels, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/// Keeps what all buffers hold now, to see later what has changed.
void seal(void);
/// Counts the case as passed unless something failed.
void end_case(void);
void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// Numbers for references, zero at first.
double *numbers(size_t count);
/// Columns, or somewhat more.
size_t random_stride(size_t columns);
/// An input: random values between -2 and 2 that the kernel must not change.
buffer *operand(const char *name, hrm_precision precision, size_t rows, size_t columns,
                size_t stride);
/// An output, full of NaN.
buffer *result(const char *name, hrm_precision precision, size_t rows, size_t columns,
               size_t stride);
/// An input of one row.
buffer *vector(const char *name, hrm_precision precision, size_t count);
/// Exactly `bytes` of 64-byte aligned memory, full of NaN.
buffer *aligned_bytes(const char *name, size_t bytes);
/// The same as scratch memory.
void *scratch_of(size_t bytes);
void fill(buffer *target, double low, double high);
/// Only cells that `allow` names may be written from now on.
void protect_all(buffer *target);
void allow(buffer *target, size_t row, size_t first_column, size_t columns);

void *address(const buffer *target);
hrm_rows rows_of(const buffer *target);
/// Null rows, for what is left out.
hrm_rows no_rows(void);
double at(const buffer *source, size_t row, size_t column);
/// The value when the buffer was sealed.
double was(const buffer *source, size_t row, size_t column);
void put(buffer *target, size_t row, size_t column, double value);
/// The value rounded to nearest even, by arithmetic.
double rounded(hrm_precision precision, double value);
const char *precision_name(hrm_precision precision);

/// The written cells of a buffer against `wanted`, row after row without gaps.
void expect(const buffer *target, reference wanted);
reference new_reference(size_t count);

/// Sums of rows of a random table, none to four rows in each.
typedef struct {
    hrm_row_sums view;
    buffer *table;
} row_sums;
row_sums new_row_sums(hrm_precision precision, size_t count, size_t columns);
/// No sums at all.
row_sums no_row_sums(void);
/// Adds column `column` of sum `sum`, and what float32 may make of it, to value `i`.
void add_row_sum(reference wanted, size_t i, row_sums sums, size_t sum, size_t column);

/// How far a float32 sum of `terms` may be off per unit of Σ|term|: rounding errors add up like a
/// random walk; the instructions for bfloat16 round pairs of terms in ways of their own.
double sum_error(hrm_precision precision, size_t terms);
/// Turns the halves of a head by the row `position` of the tables; `direction` -1 turns back.
void rotate(double *value, double *slack, const buffer *cosines, const buffer *sines,
            size_t position, double direction);

// The checks, one for each function of the table.
void check_pack(const hrm_kernels *kernels);
void check_linear(const hrm_kernels *kernels);
void check_linear_special(const hrm_kernels *kernels);
void check_linear_add(const hrm_kernels *kernels);
void check_linear_rotary(const hrm_kernels *kernels);
void check_linear_residual_norm(const hrm_kernels *kernels);
void check_linear_swiglu(const hrm_kernels *kernels);
void check_linear_swiglu_backward(const hrm_kernels *kernels);
void check_weight_gradient(const hrm_kernels *kernels);
void check_attention(const hrm_kernels *kernels);
void check_attention_nan(const hrm_kernels *kernels);
void check_attention_backward(const hrm_kernels *kernels);
void check_norm_backward(const hrm_kernels *kernels);
void check_add(const hrm_kernels *kernels);
void check_transpose(const hrm_kernels *kernels);
void check_sum_rows(const hrm_kernels *kernels);
void check_embed_row(const hrm_kernels *kernels);
void check_accumulate_row(const hrm_kernels *kernels);
void check_adam_atan2(const hrm_kernels *kernels);
void check_adam_atan2_nan(const hrm_kernels *kernels);
void check_average(const hrm_kernels *kernels);
void check_all_finite(const hrm_kernels *kernels);
void check_peak(const hrm_kernels *kernels);
void check_convert(void);
void check_subnormals(void);
void check_available(void);

#endif
