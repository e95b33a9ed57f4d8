// Shared by the kernel checks: random inputs, framed and guarded memory, comparison with bounds.
//
// The steps of a case: `begin_case`, create and fill buffers, `seal`, call the kernel, `expect` the
// outputs, `end_case`. All memory of a case is freed at its end.
#ifndef KERNEL_CHECKS_H
#define KERNEL_CHECKS_H

#include "hrm_kernels.h"

#include <math.h>
#include <stdbool.h>

/// One unit in the last place of float32, relative.
#define FLOAT_ULP 0x1p-23
/// The maximum relative error of rounding to bfloat16.
#define BFLOAT16_ROUNDING 0x1p-8
/// The maximum relative error of a path's exp, 1 / x, √x and log.
#define FUNCTION_ERROR 4e-7
/// The argument below which a path may treat exponentials, and products with them, as zero.
#define SMALLEST_EXPONENTIAL 2e-38

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define PICK(list) ((list)[random_below(COUNT(list))])

/// Rows in separate memory: the frames around them and the gaps between them must never change.
typedef struct {
    const char *name;
    hrm_precision precision;
    size_t rows, columns, stride;
    size_t element;           // bytes
    unsigned char *block;     // front frame, rows, back frame
    unsigned char *before;    // the block when it was sealed
    unsigned char *written;   // the cells that the kernel may write; null for all
    size_t front, bytes;      // of the front frame, of the block
    bool read_only;
} buffer;

/// Values in double, and the error bounds of float32 arithmetic, without the rounding of stored
/// values.
typedef struct {
    double *value, *slack;
} reference;

/// True for many cases (`--long`), false for few.
extern bool long_run;

/// Lengths around multiples of the vector length.
extern const size_t vector_sizes[];
extern const size_t vector_size_count;

void seed_random(uint64_t seed);
size_t random_below(size_t end);
double random_between(double low, double high);

void begin_case(const hrm_kernels *kernels, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/// Saves the content of all buffers, to detect later changes.
void seal(void);
/// Counts the case as passed unless an expectation failed.
void end_case(void);
void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// Numbers for references, initially zero.
double *numbers(size_t count);
/// A stride: the number of columns, or somewhat more.
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
/// Forbids writing to any cells except those passed to `allow` afterwards.
void protect_all(buffer *target);
void allow(buffer *target, size_t row, size_t first_column, size_t columns);

void *address(const buffer *target);
hrm_rows rows_of(const buffer *target);
/// Null rows, for omitted parameters.
hrm_rows no_rows(void);
double at(const buffer *source, size_t row, size_t column);
/// The value when the buffer was sealed.
double was(const buffer *source, size_t row, size_t column);
void put(buffer *target, size_t row, size_t column, double value);
/// The value rounded to nearest even, by arithmetic.
double rounded(hrm_precision precision, double value);
const char *precision_name(hrm_precision precision);

/// Compares the written cells of a buffer with `wanted`, row by row without gaps.
void expect(const buffer *target, reference wanted);
reference new_reference(size_t count);

/// Sums of rows of a random table, each of zero to four rows.
typedef struct {
    hrm_row_sums view;
    buffer *table;
} row_sums;
row_sums new_row_sums(hrm_precision precision, size_t count, size_t columns);
/// The value for omitted sums.
row_sums no_row_sums(void);
/// Adds column `column` of sum `sum`, and its error bound in float32, to value `i`.
void add_row_sum(reference wanted, size_t i, row_sums sums, size_t sum, size_t column);

/// The error bound of a float32 sum of `terms` per unit of Σ|term|: rounding errors add up like a
/// random walk; bfloat16 instructions round pairs of terms differently.
double sum_error(hrm_precision precision, size_t terms);
/// Rotates the halves of a head by the row `position` of the tables; `direction` -1 rotates back.
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
void check_channel_products(const hrm_kernels *kernels);
void check_normalise(const hrm_kernels *kernels);
void check_nonlinear(const hrm_kernels *kernels);
void check_axes(const hrm_kernels *kernels);
void check_softmax(const hrm_kernels *kernels);
void check_lines(const hrm_kernels *kernels);
void check_directions(const hrm_kernels *kernels);
void check_latents(const hrm_kernels *kernels);
void check_normal_numbers(const hrm_kernels *kernels);
void check_adam(const hrm_kernels *kernels);
void check_mean_linear(const hrm_kernels *kernels);
void check_gated_block(const hrm_kernels *kernels);
void check_gated_backward(const hrm_kernels *kernels);
void check_add_block(const hrm_kernels *kernels);
void check_few(const hrm_kernels *kernels);
void check_pack_stored(const hrm_kernels *kernels);
void check_stored_row(const hrm_kernels *kernels);
void check_context_attention(const hrm_kernels *kernels);
void check_row_operations(const hrm_kernels *kernels);
void check_convert(void);
void check_subnormals(void);
void check_available(void);

#endif
