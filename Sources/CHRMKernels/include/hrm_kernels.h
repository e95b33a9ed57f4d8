// The vector kernels of the engine: one table of functions per instruction set.
//
// Conventions
//  * "Activations" are row-major matrices of float32 or bfloat16 (`hrm_precision`), with `stride`
//    elements from row to row. All sums are float32. `T` is the number of positions of a sequence.
//  * Weights are used in packed form, see `hrm_packed`.
//  * Scratch memory belongs to the caller: at least as many bytes as the `_scratch` function of the
//    same name returns, 64-byte aligned, not shared between threads.
//  * All sizes are supported: no dimension must be a multiple of a number, and addresses need only
//    the alignment of the element.
#ifndef HRM_KERNELS_H
#define HRM_KERNELS_H

#include "hrm_multitensor.h"

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef enum { HRM_FLOAT32 = 0, HRM_BFLOAT16 = 1 } hrm_precision;

/// A view of rows: `data` points to the first element, and the next row begins `stride` elements
/// later. For an omitted parameter, `data` is null.
typedef struct {
    void *_Nullable data;
    size_t stride;
} hrm_rows;

/// A weight of `columns` outputs and `depth` inputs, split into panels of some columns each; within
/// a panel the columns are adjacent, input after input. The width and the content of a panel are
/// private to this target: `panel_count` and `panel_bytes` return the memory that it takes.
typedef struct {
    void *panels;
    size_t columns;
    size_t depth;
    /// The columns are [gate | up], and a panel contains both halves of its columns.
    int paired;
} hrm_packed;

/// Tables of `cos` and `sin`, `[positions, head_size / 2]`; `cosines` is null without rotation.
typedef struct {
    const float *_Nullable cosines;
    const float *_Nullable sines;
    size_t positions;
    size_t heads;
    size_t head_size;
} hrm_rotary;

/// Sums of rows of a table: the row numbers of sum `r` are the elements `first[r] ..< first[r + 1]`
/// of `numbers`. If nothing is to be added, `first` is null.
typedef struct {
    hrm_rows table;
    const uint32_t *_Nullable first;
    const uint32_t *_Nullable numbers;
} hrm_row_sums;

/// A block whose rows share their weights: `[gate | up] = x · Wᵀ + sums`, `s = x + (silu(gate) ∘ up)
/// · Vᵀ`, `y = s / √(mean(s²) + ε)`.
typedef struct {
    hrm_rows x;
    hrm_packed gate_up;       // W, packed in pairs
    hrm_row_sums sums;        // of a table of float32, whatever the precision
    hrm_packed down;          // V
    float epsilon;
    hrm_rows kept;            // receives gate and up, unless its data is null
    hrm_rows y;               // not x
    float *inverse_rms;       // 1 / √(…) of each row
} hrm_gated_block;

/// The gradients of a gated block up to `[gate | up]`.
typedef struct {
    hrm_rows y_gradient;      // dy
    hrm_rows y;
    const float *inverse_rms;
    hrm_packed down;          // V, transposed
    hrm_rows kept;            // gate and up
    hrm_rows sum_gradient;    // receives ds
    hrm_rows gate_up_gradient;  // receives the gradient of gate and up
    hrm_rows active;          // receives silu(gate) ∘ up
} hrm_gated_gradient;

/// The update of one parameter by AdamATan2; every factor is already rounded to float32.
typedef struct {
    float decay;            // 1 − lr · weight decay
    float one_minus_beta1;
    float one_minus_beta2;
    float step;             // lr / (1 − β1^t)
    float second_scale;     // √(1 − β2^t)
} hrm_adam_atan2;

/// The number format of weights in a file.
typedef enum { HRM_STORED_FLOAT32 = 0, HRM_STORED_BFLOAT16 = 1, HRM_STORED_INT8 = 2 } hrm_storage;

/// A weight in the order of a file: row `n` has the `depth` inputs of output `n`, and the next row
/// begins `stride` elements later. 8-bit weights have one bfloat16 factor for 32 neighbours, and
/// rows of whole groups.
typedef struct {
    hrm_storage storage;
    const void *rows;
    size_t stride;
    size_t depth;
    const uint16_t *_Nullable scales;
    size_t scale_stride;
} hrm_stored;

/// The keys that each query sees: those in `first ..< end` for which the addend is 0 and not −∞,
/// which is in `past` for keys up to the query's own, `self`, and in `future` for later ones.
/// Without these tables all addends are 0.
typedef struct {
    const uint32_t *first;
    const uint32_t *self;
    const uint32_t *end;
    const float *_Nullable past;
    const float *_Nullable future;
} hrm_visible;

typedef struct {
    const char *name;

    size_t (*panel_count)(size_t columns, int paired);
    size_t (*panel_bytes)(hrm_precision precision, size_t depth);
    /// Fills panels `first ..< last` from a row-major float32 `weight`. If not transposed, column
    /// `j` of the product is row `j` of `weight` (`y = x · Wᵀ`); if transposed, it is column `j`
    /// (`dx = dy · W`), and the weight cannot be paired. In bfloat16, values are rounded.
    void (*pack)(const float *weight, size_t stride, int transposed, hrm_precision precision,
                 size_t first, size_t last, hrm_packed packed);

    /// The size of the scratch memory for every `linear…` function below, in bytes.
    size_t (*linear_scratch)(size_t columns, size_t depth);

    /// y = x · Wᵀ + bias (bias may be null). The result may be float32.
    void (*linear)(hrm_precision precision, size_t rows, hrm_rows x, hrm_packed weight,
                   const float *_Nullable bias, hrm_precision y_precision, hrm_rows y,
                   void *scratch);
    /// y = x · Wᵀ + addend + sums; y may be the addend itself.
    void (*linear_add)(hrm_precision precision, size_t rows, hrm_rows x, hrm_packed weight,
                       hrm_rows addend, hrm_row_sums sums, hrm_rows y, void *scratch);
    /// y = x · Wᵀ, then the rotary embedding of the first 2 · heads · head_size columns; row r has
    /// the position (first_row + r) mod positions. Values are rounded to the precision before the
    /// rotation, as in the reference.
    void (*linear_rotary)(hrm_precision precision, size_t first_row, size_t rows, hrm_rows x,
                          hrm_packed weight, hrm_rotary rotary, hrm_rows y, void *scratch);
    /// s = residual + x · Wᵀ; y = s / √(mean(s²) + ε); inverse_rms[r] = 1 / √(…).
    void (*linear_residual_norm)(hrm_precision precision, size_t rows, hrm_rows x,
                                 hrm_packed weight, hrm_rows residual, float epsilon, hrm_rows y,
                                 float *inverse_rms, void *scratch);
    /// [gate | up] = x · Wᵀ + sums; y = silu(gate) ∘ up. `gate_up` keeps both unless its data is
    /// null. The weight is packed in pairs; all other functions require an unpaired weight.
    void (*linear_swiglu)(hrm_precision precision, size_t rows, hrm_rows x, hrm_packed weight,
                          hrm_row_sums sums, hrm_rows y, hrm_rows gate_up, void *scratch);
    /// d = x · W is the gradient of silu(gate) ∘ up: writes the gradient of [gate | up], and the
    /// recomputed forward value.
    void (*linear_swiglu_backward)(hrm_precision precision, size_t rows, hrm_rows x,
                                   hrm_packed weight, hrm_rows gate_up, hrm_rows gate_up_gradient,
                                   hrm_rows activation, void *scratch);

    /// dW[n, k] += Σ_r dy[r, n] · x[r, k], float32, `n` by `k`.
    void (*weight_gradient)(hrm_precision precision, size_t rows, hrm_rows dy, size_t n,
                            hrm_rows x, size_t k, float *gradient, size_t stride, void *scratch);
    size_t (*weight_gradient_scratch)(size_t rows, size_t n, size_t k);

    /// softmax(q · kᵀ / √d) · v for the sequences and heads with numbers `sequence · heads + head`
    /// in `first ..< last`; qkv rows contain all q, then k, then v heads. `log_sum_exp` [sequences,
    /// heads, positions] may be null. Only the extents of `rotary` are used.
    void (*attention)(hrm_precision precision, size_t first, size_t last, hrm_rotary rotary,
                      hrm_rows qkv, hrm_rows output, float *_Nullable log_sum_exp, void *scratch);
    /// The gradient of qkv *before* the rotary embedding, from that of `output`.
    void (*attention_backward)(hrm_precision precision, size_t first, size_t last,
                               hrm_rotary rotary, hrm_rows qkv, hrm_rows output,
                               hrm_rows output_gradient, const float *log_sum_exp,
                               hrm_rows qkv_gradient, void *scratch);
    size_t (*attention_scratch)(hrm_rotary rotary, int backward);

    /// ds = inverse_rms · (dy − y · mean(dy ∘ y)).
    void (*norm_backward)(hrm_precision precision, size_t rows, size_t columns, hrm_rows dy,
                          hrm_rows y, const float *inverse_rms, hrm_rows ds);
    /// out = a + b (+ c, unless its data is null).
    void (*add)(hrm_precision precision, size_t rows, size_t columns, hrm_rows a, hrm_rows b,
                hrm_rows c, hrm_rows out);
    /// y[j, i] = x[i, j]; x is `rows` by `columns`.
    void (*transpose)(hrm_precision precision, size_t rows, size_t columns, hrm_rows x,
                      hrm_rows y);
    /// y[r] = scale[r] · sum r, for the sums `from ..< to`; if `scale` is null, it is 1 everywhere.
    void (*sum_rows)(hrm_precision precision, size_t from, size_t to, hrm_row_sums sums,
                     const float *_Nullable scale, size_t columns, hrm_rows y);
    /// out[j] = scale · (a[j] + b[j]); a null addend counts as zero.
    void (*embed_row)(hrm_precision precision, size_t columns, const float *_Nullable a,
                      const float *_Nullable b, float scale, void *out);
    /// sum[j] += scale · row[j].
    void (*accumulate_row)(hrm_precision precision, size_t columns, const void *row, float scale,
                           float *sum);

    /// One AdamATan2 step of `count` values; the gradient is the sum of `parts` arrays, added in
    /// order and then set to zero.
    void (*adam_atan2)(size_t count, hrm_adam_atan2 rule, float *parameter, float *first_moment,
                       float *second_moment, float *_Nonnull const *_Nonnull gradients,
                       size_t parts);
    /// mean[j] = share · values[j] + (1 − share) · mean[j].
    void (*average)(size_t count, float share, const float *values, float *mean);
    /// Returns 1 if no value is infinite or NaN, otherwise 0.
    int (*all_finite)(size_t count, const float *values);

    /// The fastest multiply-add loop of the path, on registers only: the baseline for the speed of
    /// its products. Returns the number of floating-point operations.
    double (*peak)(hrm_precision precision, size_t rounds);

    /// Copies `count` rows of x, 1 to 8, to the operand of `few`.
    void (*few_operand)(hrm_precision precision, hrm_stored weight, size_t count, hrm_rows x,
                        void *operand);
    size_t (*few_operand_bytes)(hrm_precision precision, hrm_stored weight, size_t count);
    /// y = x · Wᵀ, or y += x · Wᵀ, for the outputs `first ..< last`; y is float32.
    void (*few)(hrm_precision precision, hrm_stored weight, size_t first, size_t last,
                size_t count, const void *operand, hrm_rows y, int add);
    /// Widens a row to float32 and multiplies it by `scale`.
    void (*stored_row)(hrm_stored weight, size_t row, float scale, float *out);
    /// Fills panels with the outputs `first ..< first + columns`, and with those `side` rows later
    /// if it is not 0: as `pack`, paired in the latter case.
    void (*pack_stored)(hrm_stored weight, hrm_precision precision, size_t first, size_t columns,
                        size_t side, void *panels, void *scratch);
    size_t (*pack_stored_scratch)(hrm_stored weight);
    /// y += x · Wᵀ; y is float32.
    void (*linear_accumulate)(hrm_precision precision, size_t rows, hrm_rows x, hrm_packed weight,
                              hrm_rows y, void *scratch);

    /// softmax(q · kᵀ / √size) · v over the visible keys of one head; 0 where there are none.
    void (*context_attention)(hrm_precision precision, size_t queries, size_t keys, size_t size,
                              hrm_rows q, hrm_rows k, hrm_rows v, hrm_visible visible,
                              hrm_rows output, void *scratch);
    size_t (*context_scratch)(size_t queries, size_t keys, size_t size);
    /// y = x / √(mean(x²) + ε); x is float32. `inverse_rms` keeps 1 / √(…) unless it is null.
    void (*rms_norm)(size_t rows, size_t columns, hrm_rows x, float epsilon,
                     hrm_precision precision, hrm_rows y, float *_Nullable inverse_rms);
    /// y ← sigmoid(gate) ∘ y; the gate is float32.
    void (*sigmoid_gate)(size_t rows, size_t columns, hrm_rows gate, hrm_precision precision,
                         hrm_rows y);
    /// y = silu(gate) ∘ up; gate and up are float32.
    void (*swiglu)(size_t rows, size_t columns, hrm_rows gate, hrm_rows up,
                   hrm_precision precision, hrm_rows y);
    /// The rotary embedding of one head at one position; `direction` −1 rotates back.
    void (*rotate_row)(size_t size, const float *x, const float *cosines, const float *sines,
                       float direction, hrm_precision precision, void *y);
    /// The gradients of `context_attention` and `sigmoid_gate`, all float32. The former overwrites
    /// those of queries, keys and values; the latter replaces that of y by that of its input.
    void (*context_attention_backward)(size_t queries, size_t keys, size_t size, hrm_rows q,
                                       hrm_rows k, hrm_rows v, hrm_visible visible,
                                       hrm_rows output, hrm_rows output_gradient, hrm_rows dq,
                                       hrm_rows dk, hrm_rows dv, void *scratch);
    void (*sigmoid_gate_backward)(size_t rows, size_t columns, hrm_rows gate, hrm_rows x,
                                  hrm_rows dy, hrm_rows gate_gradient);
    /// Reads memory and returns a number that depends on it.
    float (*read_memory)(const void *memory, size_t count);
    /// Rounds groups of 32 floats to multiples of their largest magnitude / 127: the 8-bit
    /// multiples, and the bfloat16 factors.
    void (*quantize_groups)(const float *values, size_t groups, int8_t *out, uint16_t *scales);
    /// The kernels of the network that learns one task.
    const hrm_multitensor_kernels *multitensor;

    /// table[r] = (scale[r] · sum r of `members`) · Wᵀ for the means `from ..< to`; means and
    /// products are rounded to the precision, and the table is float32. The rows of `kept` receive
    /// the means, the first one that of `from`, unless its data is null.
    void (*mean_linear)(hrm_precision precision, size_t from, size_t to, hrm_row_sums members,
                        const float *scale, hrm_packed weight, hrm_rows kept, hrm_rows table,
                        void *scratch);
    size_t (*mean_linear_scratch)(size_t columns, size_t depth);
    /// All operations of a block on `rows` rows, see `hrm_gated_block`.
    void (*gated_block)(hrm_precision precision, size_t rows, hrm_gated_block block,
                        void *scratch);
    size_t (*gated_block_scratch)(size_t depth, size_t inner);
    /// The backward pass of `rows` rows up to gate and up, see `hrm_gated_gradient`.
    void (*gated_backward)(hrm_precision precision, size_t rows, hrm_gated_gradient block,
                           void *scratch);
    size_t (*gated_backward_scratch)(size_t depth, size_t inner);
    /// y = x · Wᵀ + addend + sums of a table of float32; y is not the addend.
    void (*add_block)(hrm_precision precision, size_t rows, hrm_rows x, hrm_packed weight,
                      hrm_rows addend, hrm_row_sums sums, hrm_rows y, void *scratch);
    size_t (*add_block_scratch)(size_t columns, size_t depth);
} hrm_kernels;

/// The kernels for this machine, best first; null after the last one.
const hrm_kernels *_Nullable hrm_kernels_available(size_t index);

/// Converts between the two precisions, rounding to nearest, ties to even.
void hrm_convert(hrm_precision from, const void *source, hrm_precision to, void *target,
                 size_t count);

/// Makes the calling thread treat subnormal numbers as zero; returns the previous state.
unsigned hrm_flush_subnormals(void);
/// Restores the state returned by `hrm_flush_subnormals`.
void hrm_restore_subnormals(unsigned state);

/// Tells the processor that a loop waits for another thread.
void hrm_pause(void);

/// The number of processors that this process may use; 0 if unknown.
int32_t hrm_allowed_processors(void);

#pragma clang assume_nonnull end
#endif
