// Attention and its gradient, head by head, against double.
#include "kernel_checks.h"

static const size_t head_sizes[] = {1, 2, 3, 5, 6, 8, 12, 16, 24, 32, 48, 64, 80};
static const size_t position_counts[] = {1, 2, 5, 16, 17, 31, 48, 49, 64, 65, 82, 97, 130};

typedef struct {
    hrm_precision precision;
    size_t sequences, positions, heads, head_size;
    size_t first, last;  // of the numbers sequence · heads + head
    double range;        // of q and k
} extents;

/// The memory for one head of one sequence: rows of `head_size` values, tables [positions,
/// positions].
typedef struct {
    double *q, *k, *v;
    double *score, *score_slack;
} head;

static size_t width(extents e) { return e.heads * e.head_size; }

static extents random_extents(hrm_precision precision, size_t positions, size_t head_size) {
    const size_t size = positions * head_size, most = size < 700 ? 3 : size < 2500 ? 2 : 1;
    extents e = {.precision = precision, .positions = positions, .head_size = head_size};
    // Large cases have only two heads, of one sequence or of two.
    e.sequences = 1 + random_below(most);
    e.heads = most == 1 ? 2 : 1 + random_below(most);
    if (most == 1 && random_below(2)) e.sequences = 2, e.heads = 1;
    e.last = e.sequences * e.heads;
    if (random_below(2)) {
        e.first = random_below(e.last + 1);
        e.last = e.first + random_below(e.last + 1 - e.first);
    }
    e.range = random_below(4) ? 2 : 12;
    return e;
}

static hrm_rotary rotary_of(extents e, const buffer *cosines, const buffer *sines) {
    return (hrm_rotary){cosines ? address(cosines) : NULL, sines ? address(sines) : NULL,
                        e.positions, e.heads, e.head_size};
}

static buffer *random_qkv(extents e) {
    const size_t columns = 3 * width(e);
    buffer *qkv = operand("qkv", e.precision, e.sequences * e.positions, columns,
                          random_stride(columns));
    for (size_t r = 0; r < qkv->rows; r++)
        for (size_t c = 0; c < 2 * width(e); c++)
            put(qkv, r, c, random_between(-e.range, e.range));
    return qkv;
}

/// The row of position 0 of a sequence, and the first column of a head.
static size_t first_row(extents e, size_t number) { return number / e.heads * e.positions; }
static size_t first_column(extents e, size_t number) { return number % e.heads * e.head_size; }

static void gather(extents e, const buffer *source, size_t row, size_t column, double *out) {
    for (size_t r = 0; r < e.positions; r++)
        for (size_t j = 0; j < e.head_size; j++)
            out[r * e.head_size + j] = at(source, row + r, column + j);
}

static double dot(const double *a, const double *b, size_t count, double *size) {
    double sum = 0;
    *size = 0;
    for (size_t j = 0; j < count; j++) {
        sum += a[j] * b[j];
        *size += fabs(a[j] * b[j]);
    }
    return sum;
}

static head new_head(extents e) {
    const size_t values = e.positions * e.head_size, pairs = e.positions * e.positions;
    return (head){numbers(values), numbers(values), numbers(values), numbers(pairs),
                  numbers(pairs)};
}

static void load_head(extents e, const buffer *qkv, size_t number, head h) {
    const size_t t = e.positions, d = e.head_size, row = first_row(e, number);
    const size_t column = first_column(e, number);
    const double scale = 1 / sqrt((double)d);
    gather(e, qkv, row, column, h.q);
    gather(e, qkv, row, width(e) + column, h.k);
    gather(e, qkv, row, 2 * width(e) + column, h.v);
    for (size_t i = 0; i < t; i++)
        for (size_t j = 0; j < t; j++) {
            double size;
            h.score[i * t + j] = scale * dot(h.q + i * d, h.k + j * d, d, &size);
            h.score_slack[i * t + j] = scale * sum_error(e.precision, d) * size;
        }
}

/// The maximum relative error of the exponential of `score − shift`.
static double exponential_error(double score, double slack, double shift) {
    return slack + 2 * FLOAT_ULP * (fabs(score) + fabs(shift)) + FUNCTION_ERROR;
}

// MARK: Forward

/// Computes one query row: writes its weights to `p`, and returns log Σ exp and its error bound.
static double softmax_row(size_t t, const double *score, const double *slack, double *p,
                          double *p_error, double *sum_slack) {
    double top = score[0], total = 0, average = 0;
    for (size_t j = 1; j < t; j++) top = fmax(top, score[j]);
    for (size_t j = 0; j < t; j++) {
        p[j] = exp(score[j] - top);
        p_error[j] = exponential_error(score[j], slack[j], top);
        total += p[j];
    }
    for (size_t j = 0; j < t; j++) {
        p[j] /= total;
        average += p[j] * p_error[j];
    }
    *sum_slack = average + sum_error(HRM_FLOAT32, t) + 2 * FUNCTION_ERROR
                 + 2 * FLOAT_ULP * (fabs(top) + fabs(log(total)));
    return top + log(total);
}

static void forward_head(extents e, size_t number, head h, reference output, reference lse) {
    const size_t t = e.positions, d = e.head_size;
    double *p = numbers(t), *p_error = numbers(t);
    // The weights may be rounded, before or after they are summed.
    const double rounding = e.precision == HRM_BFLOAT16 ? BFLOAT16_ROUNDING : 0;
    for (size_t i = 0; i < t; i++) {
        double sum_slack;
        lse.value[number * t + i] =
            softmax_row(t, h.score + i * t, h.score_slack + i * t, p, p_error, &sum_slack);
        lse.slack[number * t + i] = sum_slack;
        for (size_t c = 0; c < d; c++) {
            double sum = 0, slack = 0, size = 0;
            for (size_t j = 0; j < t; j++) {
                const double term = p[j] * h.v[j * d + c];
                sum += term;
                size += fabs(term);
                slack += fabs(term) * (p_error[j] + sum_slack)
                         + SMALLEST_EXPONENTIAL * fabs(h.v[j * d + c]);
            }
            slack += size * (sum_error(e.precision, t) + rounding) + fabs(sum) * rounding;
            const size_t row = first_row(e, number) + i;
            const size_t place = row * width(e) + first_column(e, number) + c;
            output.value[place] = sum;
            output.slack[place] = slack;
        }
    }
}

static void forward(extents e, const buffer *qkv, reference output, reference lse) {
    head h = new_head(e);
    for (size_t number = e.first; number < e.last; number++) {
        load_head(e, qkv, number, h);
        forward_head(e, number, h, output, lse);
    }
}

/// Allows a kernel to write the heads in range: for each, `parts` groups of columns, `width` apart.
static void allow_heads(extents e, buffer *target, size_t parts) {
    protect_all(target);
    for (size_t number = e.first; number < e.last; number++)
        for (size_t r = 0; r < e.positions; r++)
            for (size_t part = 0; part < parts; part++)
                allow(target, first_row(e, number) + r, part * width(e) + first_column(e, number),
                      e.head_size);
}

static void begin_attention(const hrm_kernels *kernels, extents e, const char *function,
                            const char *options) {
    begin_case(kernels,
               "%s %s, %zu sequences of %zu positions, %zu heads of %zu, numbers %zu ..< %zu, "
               "q and k up to %g%s",
               function, precision_name(e.precision), e.sequences, e.positions, e.heads,
               e.head_size, e.first, e.last, e.range, options);
}

static void check_forward_case(const hrm_kernels *kernels, extents e) {
    const bool wants_lse = random_below(2);
    begin_attention(kernels, e, "attention", wants_lse ? ", log_sum_exp" : "");
    buffer *qkv = random_qkv(e);
    const size_t rows = e.sequences * e.positions, pairs = e.sequences * e.heads;
    buffer *output = result("output", e.precision, rows, width(e), random_stride(width(e)));
    buffer *lse = result("log_sum_exp", HRM_FLOAT32, pairs, e.positions, e.positions);
    allow_heads(e, output, 1);
    protect_all(lse);
    for (size_t number = e.first; wants_lse && number < e.last; number++)
        allow(lse, number, 0, e.positions);
    const hrm_rotary rotary = rotary_of(e, NULL, NULL);
    void *scratch = scratch_of(kernels->attention_scratch(rotary, 0));
    seal();
    kernels->attention(e.precision, e.first, e.last, rotary, rows_of(qkv), rows_of(output),
                       wants_lse ? address(lse) : NULL, scratch);
    reference wanted = new_reference(rows * width(e));
    reference wanted_lse = new_reference(pairs * e.positions);
    if (e.first < e.last) forward(e, qkv, wanted, wanted_lse);
    expect(output, wanted);
    expect(lse, wanted_lse);
    end_case();
}

static void for_each_extents(const hrm_kernels *kernels,
                             void (*check)(const hrm_kernels *kernels, extents e)) {
    for (int precision = HRM_FLOAT32; precision <= HRM_BFLOAT16; precision++)
        for (size_t t = 0; t < COUNT(position_counts); t++)
            for (size_t d = 0; d < COUNT(head_sizes); d++)
                for (int repeat = 0; repeat < (long_run ? 8 : 1); repeat++)
                    check(kernels, random_extents((hrm_precision)precision, position_counts[t],
                                                  head_sizes[d]));
}

void check_attention(const hrm_kernels *kernels) { for_each_extents(kernels, check_forward_case); }

/// A NaN in a query affects the row of the query only.
static void check_nan_case(const hrm_kernels *kernels, extents e) {
    e.first = 0, e.last = e.sequences * e.heads;
    begin_attention(kernels, e, "attention", ", one query NaN");
    buffer *qkv = random_qkv(e);
    const size_t rows = e.sequences * e.positions;
    put(qkv, random_below(rows), random_below(width(e)), NAN);
    buffer *output = result("output", e.precision, rows, width(e), random_stride(width(e)));
    const hrm_rotary rotary = rotary_of(e, NULL, NULL);
    void *scratch = scratch_of(kernels->attention_scratch(rotary, 0));
    seal();
    kernels->attention(e.precision, e.first, e.last, rotary, rows_of(qkv), rows_of(output), NULL,
                       scratch);
    reference wanted = new_reference(rows * width(e));
    forward(e, qkv, wanted, new_reference(e.last * e.positions));
    expect(output, wanted);
    end_case();
}

void check_attention_nan(const hrm_kernels *kernels) {
    static const size_t few_positions[] = {1, 5, 17, 82};
    for (int precision = HRM_FLOAT32; precision <= HRM_BFLOAT16; precision++)
        for (size_t t = 0; t < COUNT(few_positions); t++)
            for (size_t d = 0; d < COUNT(head_sizes); d++)
                check_nan_case(kernels, random_extents((hrm_precision)precision, few_positions[t],
                                                       head_sizes[d]));
}

// MARK: Backward

/// The weights P and dS = P ∘ (dO · Vᵀ − δ) / √d of one head, with their bounds.
typedef struct {
    double *p, *p_slack, *ds, *ds_slack;
} weights;

static weights weights_of(extents e, size_t number, head h, const double *output,
                          const double *gradient, const buffer *lse) {
    const size_t t = e.positions, d = e.head_size;
    const double scale = 1 / sqrt((double)d);
    const double rounding = e.precision == HRM_BFLOAT16 ? BFLOAT16_ROUNDING : 0;
    weights w = {numbers(t * t), numbers(t * t), numbers(t * t), numbers(t * t)};
    for (size_t i = 0; i < t; i++) {
        const double shift = at(lse, number, i);
        double delta_size;
        const double delta = dot(output + i * d, gradient + i * d, d, &delta_size);
        for (size_t j = 0; j < t; j++) {
            const size_t place = i * t + j;
            double size;
            const double dp = dot(gradient + i * d, h.v + j * d, d, &size);
            const double p = exp(h.score[place] - shift);
            const double error = exponential_error(h.score[place], h.score_slack[place], shift);
            const double difference = sum_error(e.precision, d) * (size + delta_size)
                                      + 2 * FLOAT_ULP * (fabs(dp) + fabs(delta));
            w.p[place] = p;
            w.p_slack[place] = p * (error + rounding) + SMALLEST_EXPONENTIAL;
            w.ds[place] = p * (dp - delta) * scale;
            w.ds_slack[place] = scale * (p + SMALLEST_EXPONENTIAL) * difference
                                + fabs(w.ds[place]) * (error + rounding + 4 * FLOAT_ULP)
                                + (1 + fabs(dp - delta) * scale) * SMALLEST_EXPONENTIAL;
        }
    }
    return w;
}

/// out = a · b, or aᵀ · b, for an inexact `a` [positions, positions] and an exact `b`.
static void mix(extents e, const double *a, const double *a_slack, bool transposed,
                const double *b, double *restrict out, double *restrict out_slack) {
    const size_t t = e.positions, d = e.head_size;
    const double error = sum_error(e.precision, t);
    for (size_t i = 0; i < t * d; i++) out[i] = out_slack[i] = 0;
    for (size_t i = 0; i < t; i++)
        for (size_t j = 0; j < t; j++) {
            const double factor = a[i * t + j];
            const double slack = a_slack[i * t + j] + error * fabs(factor);
            const double *row = b + (transposed ? i : j) * d;
            const size_t place = (transposed ? j : i) * d;
            for (size_t c = 0; c < d; c++) {
                out[place + c] += factor * row[c];
                out_slack[place + c] += slack * fabs(row[c]);
            }
        }
}

typedef struct {
    buffer *qkv, *output, *output_gradient, *lse, *cosines, *sines;
} backward_inputs;

static void backward_head(extents e, backward_inputs in, size_t number, head h,
                          reference expected) {
    const size_t t = e.positions, d = e.head_size, row = first_row(e, number);
    double *output = numbers(t * d), *gradient = numbers(t * d);
    double *out = numbers(t * d), *slack = numbers(t * d);
    gather(e, in.output, row, first_column(e, number), output);
    gather(e, in.output_gradient, row, first_column(e, number), gradient);
    const weights w = weights_of(e, number, h, output, gradient, in.lse);
    for (size_t part = 0; part < 3; part++) {
        if (part == 0) mix(e, w.ds, w.ds_slack, false, h.k, out, slack);
        if (part == 1) mix(e, w.ds, w.ds_slack, true, h.q, out, slack);
        if (part == 2) mix(e, w.p, w.p_slack, true, gradient, out, slack);
        for (size_t r = 0; r < t; r++) {
            if (part < 2 && in.cosines)
                rotate(out + r * d, slack + r * d, in.cosines, in.sines, r, -1);
            const size_t place = (row + r) * 3 * width(e) + part * width(e)
                                 + first_column(e, number);
            for (size_t c = 0; c < d; c++) {
                expected.value[place + c] = out[r * d + c];
                expected.slack[place + c] = slack[r * d + c];
            }
        }
    }
}

/// The output and log_sum_exp of qkv, rounded as a kernel stores them.
static void fill_from_forward(extents e, backward_inputs in) {
    extents all = e;
    all.first = 0, all.last = e.sequences * e.heads;
    reference output = new_reference(in.output->rows * width(e));
    reference lse = new_reference(all.last * e.positions);
    forward(all, in.qkv, output, lse);
    for (size_t i = 0; i < in.output->rows * width(e); i++)
        put(in.output, i / width(e), i % width(e), output.value[i]);
    for (size_t i = 0; i < all.last * e.positions; i++)
        put(in.lse, i / e.positions, i % e.positions, lse.value[i]);
}

static void check_backward_case(const hrm_kernels *kernels, extents e) {
    const bool turned = e.head_size % 2 == 0 && random_below(4) != 0;
    begin_attention(kernels, e, "attention_backward", turned ? ", turned" : "");
    const size_t rows = e.sequences * e.positions, columns = width(e);
    const size_t half = turned ? e.head_size / 2 : 1;
    backward_inputs in = {
        random_qkv(e),
        operand("output", e.precision, rows, columns, random_stride(columns)),
        operand("output_gradient", e.precision, rows, columns, random_stride(columns)),
        operand("log_sum_exp", HRM_FLOAT32, e.sequences * e.heads, e.positions, e.positions),
        turned ? operand("cosines", HRM_FLOAT32, e.positions, half, half) : NULL,
        turned ? operand("sines", HRM_FLOAT32, e.positions, half, half) : NULL,
    };
    fill_from_forward(e, in);
    buffer *gradient = result("qkv_gradient", e.precision, rows, 3 * columns,
                              random_stride(3 * columns));
    allow_heads(e, gradient, 3);
    const hrm_rotary rotary = rotary_of(e, in.cosines, in.sines);
    void *scratch = scratch_of(kernels->attention_scratch(rotary, 1));
    seal();
    kernels->attention_backward(e.precision, e.first, e.last, rotary, rows_of(in.qkv),
                                rows_of(in.output), rows_of(in.output_gradient), address(in.lse),
                                rows_of(gradient), scratch);
    reference expected = new_reference(rows * 3 * columns);
    head h = new_head(e);
    for (size_t number = e.first; number < e.last; number++) {
        load_head(e, in.qkv, number, h);
        backward_head(e, in, number, h, expected);
    }
    expect(gradient, expected);
    end_case();
}

void check_attention_backward(const hrm_kernels *kernels) {
    for_each_extents(kernels, check_backward_case);
}
