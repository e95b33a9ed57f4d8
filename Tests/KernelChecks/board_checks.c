// The blocks of boards whose cells share their weights, against plain arithmetic.
#include "products.h"

/// The relative error of a number that a product reads, rounded to the precision.
static double rounding(hrm_precision precision) {
    return precision == HRM_BFLOAT16 ? BFLOAT16_ROUNDING : FLOAT_ULP;
}

/// The product of inexact rows with a weight: [rows, columns] of [rows, depth].
static reference inexact_product(shape shape, reference x, weight weight) {
    reference y = new_reference(shape.rows * shape.columns);
    for (size_t r = 0; r < shape.rows; r++)
        for (size_t j = 0; j < shape.columns; j++) {
            double sum = 0, slack = 0;
            for (size_t k = 0; k < shape.depth; k++) {
                const size_t i = r * shape.depth + k;
                const double w = weight.values[j * shape.depth + k];
                sum += x.value[i] * w;
                slack += x.slack[i] * fabs(w)
                         + sum_error(shape.precision, shape.depth) * fabs(x.value[i] * w);
            }
            y.value[r * shape.columns + j] = sum;
            y.slack[r * shape.columns + j] = slack;
        }
    return y;
}

/// Adds the error of storing every value in a precision.
static void store_all(hrm_precision precision, reference x, size_t count) {
    for (size_t i = 0; i < count; i++)
        x.slack[i] += rounding(precision) * (fabs(x.value[i]) + x.slack[i]);
}

// MARK: mean_linear

static void check_mean_linear_shape(const hrm_kernels *kernels, shape shape) {
    const size_t from = random_below(shape.rows), means = shape.rows;
    const size_t to = from + 1 + random_below(means - from);
    const bool keeps = random_below(2);
    begin_case(kernels, "mean_linear " SHAPE ", means %zu ..< %zu%s", SHAPE_VALUES(shape), from, to,
               keeps ? ", kept" : "");
    const row_sums members = new_row_sums(shape.precision, means, shape.depth);
    buffer *scale = vector("scale", HRM_FLOAT32, means);
    weight w = new_weight(kernels, shape.precision, shape.columns, shape.depth, false);
    buffer *kept = new_result("kept", shape.precision, to - from, shape.depth);
    buffer *table = new_result("table", HRM_FLOAT32, means, shape.columns);
    protect_all(table);
    for (size_t r = from; r < to; r++) allow(table, r, 0, shape.columns);
    void *scratch = scratch_of(kernels->mean_linear_scratch(shape.columns, shape.depth));
    seal();
    kernels->mean_linear(shape.precision, from, to, members.view, address(scale), w.packed,
                         keeps ? rows_of(kept) : no_rows(), rows_of(table), scratch);
    reference x = new_reference(means * shape.depth);
    for (size_t i = 0; i < means * shape.depth; i++) {
        add_row_sum(x, i, members, i / shape.depth, i % shape.depth);
        const double factor = at(scale, 0, i / shape.depth);
        x.value[i] *= factor;
        x.slack[i] = x.slack[i] * fabs(factor) + FLOAT_ULP * fabs(x.value[i]);
    }
    if (keeps)
        expect(kept, (reference){x.value + from * shape.depth, x.slack + from * shape.depth});
    store_all(shape.precision, x, means * shape.depth);
    reference expected = inexact_product(shape, x, w);
    store_all(shape.precision, expected, means * shape.columns);
    expect(table, expected);
    end_case();
}

void check_mean_linear(const hrm_kernels *kernels) {
    for_each_shape(kernels, check_mean_linear_shape);
}

// MARK: gated_block

/// The shape's columns are those of a gate, its depth the features of a row.
static void check_gated_block_shape(const hrm_kernels *kernels, shape shape) {
    const bool keeps = random_below(2), with_sums = random_below(4);
    const float epsilon = random_below(2) ? 1e-5f : 1e-2f;
    const size_t n = shape.columns, d = shape.depth, rows = shape.rows;
    begin_case(kernels, "gated_block %s, %zu rows of %zu, inner %zu, epsilon %g%s%s",
               precision_name(shape.precision), rows, d, n, (double)epsilon,
               with_sums ? ", sums" : "", keeps ? ", kept" : "");
    buffer *x = activations("x", shape.precision, rows, d);
    weight own = new_weight(kernels, shape.precision, 2 * n, d, true);
    weight down = new_weight(kernels, shape.precision, d, n, false);
    const row_sums sums = with_sums ? new_row_sums(HRM_FLOAT32, rows, 2 * n) : no_row_sums();
    buffer *kept = new_result("kept", shape.precision, rows, 2 * n);
    buffer *y = new_result("y", shape.precision, rows, d);
    buffer *inverse_rms = new_result("inverse_rms", HRM_FLOAT32, 1, rows);
    void *scratch = scratch_of(kernels->gated_block_scratch(d, n));
    seal();
    kernels->gated_block(
        shape.precision, rows,
        (hrm_gated_block){.x = rows_of(x), .gate_up = own.packed, .sums = sums.view,
                          .down = down.packed, .epsilon = epsilon,
                          .kept = keeps ? rows_of(kept) : no_rows(), .y = rows_of(y),
                          .inverse_rms = address(inverse_rms)}, scratch);
    shape.columns = 2 * n;
    reference pre = product(shape, x, own), active = new_reference(rows * n);
    for (size_t i = 0; i < rows * 2 * n; i++) add_row_sum(pre, i, sums, i / (2 * n), i % (2 * n));
    for (size_t i = 0; i < rows * n; i++) {
        const size_t g = i / n * 2 * n + i % n;
        swiglu(pre.value[g], pre.slack[g], pre.value[g + n], pre.slack[g + n], active.value + i,
               active.slack + i);
    }
    if (keeps) expect(kept, pre);
    store_all(shape.precision, active, rows * n);
    shape.columns = d, shape.depth = n;
    reference expected = inexact_product(shape, active, down), inverse = new_reference(rows);
    for (size_t i = 0; i < rows * d; i++) add_exactly(expected, i, at(x, i / d, i % d));
    for (size_t r = 0; r < rows; r++)
        inverse.value[r] = normalise(d, (double)epsilon, expected.value + r * d,
                                     expected.slack + r * d, inverse.slack + r);
    expect(y, expected);
    expect(inverse_rms, inverse);
    end_case();
}

void check_gated_block(const hrm_kernels *kernels) {
    for_each_shape(kernels, check_gated_block_shape);
}

// MARK: gated_backward

/// The gradient of the norm's input.
static reference norm_gradient(shape shape, const buffer *dy, const buffer *y,
                               const buffer *inverse_rms) {
    const size_t d = shape.depth;
    reference ds = new_reference(shape.rows * d);
    for (size_t r = 0; r < shape.rows; r++) {
        double dot = 0, size = 0;
        for (size_t j = 0; j < d; j++) {
            dot += at(dy, r, j) * at(y, r, j);
            size += fabs(at(dy, r, j) * at(y, r, j));
        }
        const double mean = dot / (double)d, inverse = at(inverse_rms, 0, r);
        const double slack = (sum_error(HRM_FLOAT32, d) + FLOAT_ULP) * size / (double)d;
        for (size_t j = 0; j < d; j++) {
            const double value = at(y, r, j);
            ds.value[r * d + j] = inverse * (at(dy, r, j) - mean * value);
            ds.slack[r * d + j] =
                fabs(inverse)
                * (slack * fabs(value)
                   + 3 * FLOAT_ULP * (fabs(at(dy, r, j)) + fabs(mean * value)));
        }
    }
    return ds;
}

static void check_gated_backward_shape(const hrm_kernels *kernels, shape shape) {
    const double range = random_below(4) ? 4 : 120;
    const size_t n = shape.columns, d = shape.depth, rows = shape.rows;
    begin_case(kernels, "gated_backward %s, %zu rows of %zu, inner %zu, gates up to %g",
               precision_name(shape.precision), rows, d, n, range);
    buffer *dy = activations("dy", shape.precision, rows, d);
    buffer *y = activations("y", shape.precision, rows, d);
    buffer *inverse_rms = vector("inverse_rms", HRM_FLOAT32, rows);
    weight down = new_weight(kernels, shape.precision, n, d, false);
    buffer *kept = activations("kept", shape.precision, rows, 2 * n);
    fill(kept, -range, range);
    buffer *ds = new_result("sum_gradient", shape.precision, rows, d);
    buffer *gradient = new_result("gate_up_gradient", shape.precision, rows, 2 * n);
    buffer *active = new_result("active", shape.precision, rows, n);
    void *scratch = scratch_of(kernels->gated_backward_scratch(d, n));
    seal();
    kernels->gated_backward(
        shape.precision, rows,
        (hrm_gated_gradient){rows_of(dy), rows_of(y), address(inverse_rms), down.packed,
                             rows_of(kept), rows_of(ds), rows_of(gradient), rows_of(active)},
        scratch);
    const reference sum = norm_gradient(shape, dy, y, inverse_rms);
    expect(ds, sum);
    store_all(shape.precision, sum, rows * d);
    const reference inner = inexact_product(shape, sum, down);
    reference expected = new_reference(rows * 2 * n), forward = new_reference(rows * n);
    for (size_t i = 0; i < rows * n; i++) {
        const size_t r = i / n, j = i % n, g = r * 2 * n + j, u = g + n;
        const double gate = at(kept, r, j), up = at(kept, r, n + j);
        const double slack = inner.slack[i] + 4 * FLOAT_ULP * fabs(inner.value[i]);
        const double sigma = sigmoid(gate), silu = gate * sigma;
        const double slope = sigma + silu * (1 - sigma);
        const double slope_slack = sigmoid_error(gate) * (sigma + fabs(silu))
                                   + (1 + fabs(gate)) * SMALLEST_EXPONENTIAL;
        forward.value[i] = silu * up;
        forward.slack[i] = swiglu_error(gate, up);
        expected.value[u] = inner.value[i] * silu;
        expected.slack[u] = slack * fabs(silu) + swiglu_error(gate, inner.value[i]);
        expected.value[g] = inner.value[i] * up * slope;
        expected.slack[g] = slack * fabs(up * slope)
                            + (fabs(inner.value[i]) + slack) * fabs(up) * slope_slack;
    }
    expect(gradient, expected);
    expect(active, forward);
    end_case();
}

void check_gated_backward(const hrm_kernels *kernels) {
    for_each_shape(kernels, check_gated_backward_shape);
}

// MARK: add_block

static void check_add_block_shape(const hrm_kernels *kernels, shape shape) {
    const bool with_sums = random_below(4);
    begin_case(kernels, "add_block " SHAPE "%s", SHAPE_VALUES(shape), with_sums ? ", sums" : "");
    buffer *x = activations("x", shape.precision, shape.rows, shape.depth);
    weight w = new_weight(kernels, shape.precision, shape.columns, shape.depth, false);
    buffer *addend = activations("addend", shape.precision, shape.rows, shape.columns);
    const row_sums sums =
        with_sums ? new_row_sums(HRM_FLOAT32, shape.rows, shape.columns) : no_row_sums();
    buffer *y = new_result("y", shape.precision, shape.rows, shape.columns);
    void *scratch = scratch_of(kernels->add_block_scratch(shape.columns, shape.depth));
    seal();
    kernels->add_block(shape.precision, shape.rows, rows_of(x), w.packed, rows_of(addend),
                       sums.view, rows_of(y), scratch);
    reference expected = product(shape, x, w);
    for (size_t i = 0; i < shape.rows * shape.columns; i++) {
        add_row_sum(expected, i, sums, i / shape.columns, i % shape.columns);
        add_exactly(expected, i, at(addend, i / shape.columns, i % shape.columns));
    }
    expect(y, expected);
    end_case();
}

void check_add_block(const hrm_kernels *kernels) {
    for_each_shape(kernels, check_add_block_shape);
}
