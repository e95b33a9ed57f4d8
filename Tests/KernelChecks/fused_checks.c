// Products fused with the rest of a layer: rotation, residual and norm, SwiGLU.
#include "products.h"

// MARK: linear_rotary

static void check_rotary_case(const hrm_kernels *kernels, hrm_precision precision,
                              size_t head_size, size_t depth) {
    static const size_t positions_list[] = {1, 2, 5, 16, 17, 82, 97};
    const bool turned = head_size % 2 == 0 && random_below(8) != 0;
    const size_t heads = 1 + random_below(3), positions = PICK(positions_list);
    const size_t width = heads * head_size, others[] = {width, width, 0, 5};
    const size_t first_row = random_below(3) ? random_below(3 * positions) : 0;
    const shape shape = {precision, random_row_count(), 2 * width + PICK(others), depth};
    begin_case(kernels, "linear_rotary " SHAPE ", %zu heads of %zu, %zu positions from row %zu%s",
               SHAPE_VALUES(shape), heads, head_size, positions, first_row,
               turned ? "" : ", not turned");
    buffer *x = activations("x", precision, shape.rows, depth);
    weight w = new_weight(kernels, precision, shape.columns, depth, false);
    const size_t half = turned ? head_size / 2 : 1;
    buffer *cosines = operand("cosines", HRM_FLOAT32, positions, half, half);
    buffer *sines = operand("sines", HRM_FLOAT32, positions, half, half);
    buffer *y = new_result("y", precision, shape.rows, shape.columns);
    const hrm_rotary rotary = {turned ? address(cosines) : NULL, turned ? address(sines) : NULL,
                               positions, heads, head_size};
    void *scratch = linear_scratch(kernels, shape);
    seal();
    kernels->linear_rotary(precision, first_row, shape.rows, rows_of(x), w.packed, rotary,
                           rows_of(y), scratch);
    reference expected = product(shape, x, w);
    for (size_t r = 0; turned && r < shape.rows; r++)
        for (size_t h = 0; h < 2 * heads; h++) {
            const size_t i = r * shape.columns + h * head_size;
            // The sums are rounded before the rotation.
            for (size_t j = i; precision == HRM_BFLOAT16 && j < i + head_size; j++)
                expected.slack[j] +=
                    BFLOAT16_ROUNDING * (fabs(expected.value[j]) + expected.slack[j]);
            rotate(expected.value + i, expected.slack + i, cosines, sines,
                   (first_row + r) % positions, 1);
        }
    expect(y, expected);
    end_case();
}

void check_linear_rotary(const hrm_kernels *kernels) {
    static const size_t head_sizes[] = {1, 2, 3, 5, 6, 8, 12, 16, 24, 32, 48, 64, 80};
    for (int precision = HRM_FLOAT32; precision <= HRM_BFLOAT16; precision++)
        for (size_t i = 0; i < COUNT(head_sizes); i++)
            for (size_t d = 0; d < depth_count; d++)
                for (int repeat = 0; repeat < (long_run ? 20 : 2); repeat++)
                    check_rotary_case(kernels, (hrm_precision)precision, head_sizes[i], depths[d]);
}

// MARK: linear_residual_norm

double normalise(size_t columns, double epsilon, double *s, double *slack,
                        double *inverse_slack) {
    double squares = 0, squares_slack = 0;
    for (size_t j = 0; j < columns; j++) {
        squares += s[j] * s[j];
        squares_slack += (2 * fabs(s[j]) + slack[j]) * slack[j];
    }
    squares_slack += sum_error(HRM_FLOAT32, columns) * squares;
    const double mean = squares / (double)columns + epsilon;
    const double inverse = 1 / sqrt(mean);
    const double share = squares_slack / (double)columns / (2 * mean) + 2 * FUNCTION_ERROR;
    for (size_t j = 0; j < columns; j++) {
        slack[j] = (slack[j] + (fabs(s[j]) + slack[j]) * share) * inverse;
        s[j] *= inverse;
    }
    *inverse_slack = share * inverse;
    return inverse;
}

static void check_residual_norm_shape(const hrm_kernels *kernels, shape shape) {
    const float epsilon = random_below(2) ? 1e-5f : 1e-2f;
    const bool zero_row = random_below(4) == 0;
    begin_case(kernels, "linear_residual_norm " SHAPE ", epsilon %g%s", SHAPE_VALUES(shape),
               (double)epsilon, zero_row ? ", first row zero" : "");
    buffer *x = activations("x", shape.precision, shape.rows, shape.depth);
    buffer *residual = activations("residual", shape.precision, shape.rows, shape.columns);
    for (size_t k = 0; zero_row && k < shape.depth; k++) put(x, 0, k, 0);
    for (size_t j = 0; zero_row && j < shape.columns; j++) put(residual, 0, j, 0);
    weight w = new_weight(kernels, shape.precision, shape.columns, shape.depth, false);
    buffer *y = new_result("y", shape.precision, shape.rows, shape.columns);
    buffer *inverse_rms = new_result("inverse_rms", HRM_FLOAT32, 1, shape.rows);
    void *scratch = linear_scratch(kernels, shape);
    seal();
    kernels->linear_residual_norm(shape.precision, shape.rows, rows_of(x), w.packed,
                                  rows_of(residual), epsilon, rows_of(y), address(inverse_rms),
                                  scratch);
    reference expected = product(shape, x, w), inverse = new_reference(shape.rows);
    for (size_t i = 0; i < shape.rows * shape.columns; i++)
        add_exactly(expected, i, at(residual, i / shape.columns, i % shape.columns));
    for (size_t r = 0; r < shape.rows; r++)
        inverse.value[r] = normalise(shape.columns, (double)epsilon,
                                     expected.value + r * shape.columns,
                                     expected.slack + r * shape.columns, inverse.slack + r);
    expect(y, expected);
    expect(inverse_rms, inverse);
    end_case();
}

void check_linear_residual_norm(const hrm_kernels *kernels) {
    for_each_shape(kernels, check_residual_norm_shape);
}

// MARK: SwiGLU

double sigmoid(double x) { return 1 / (1 + exp(-x)); }

double sigmoid_error(double x) { return 2 * FUNCTION_ERROR + FLOAT_ULP * fabs(x); }

double swiglu_error(double gate, double up) {
    return fabs(gate * sigmoid(gate) * up) * (sigmoid_error(gate) + 4 * FLOAT_ULP)
           + fabs(gate * up) * SMALLEST_EXPONENTIAL;
}

void swiglu(double gate, double gate_slack, double up, double up_slack, double *value,
                   double *slack) {
    const double silu = gate * sigmoid(gate);
    *value = silu * up;
    *slack = 1.1 * gate_slack * (fabs(up) + up_slack) + fabs(silu) * up_slack
             + swiglu_error(gate, up);
}

static void check_swiglu_shape(const hrm_kernels *kernels, shape shape) {
    const bool kept = random_below(2), with_sums = random_below(2);
    const double range = random_below(4) ? 1 : 40;  // 40 makes exponentials overflow
    const size_t n = shape.columns;
    shape.columns = 2 * n;
    begin_case(kernels, "linear_swiglu " SHAPE ", inputs up to %g%s%s", SHAPE_VALUES(shape), range,
               kept ? ", gate and up kept" : "", with_sums ? ", with sums" : "");
    buffer *x = activations("x", shape.precision, shape.rows, shape.depth);
    fill(x, -range, range);
    weight w = new_weight(kernels, shape.precision, 2 * n, shape.depth, true);
    buffer *y = new_result("y", shape.precision, shape.rows, n);
    buffer *gate_up = new_result("gate_up", shape.precision, shape.rows, 2 * n);
    const row_sums table = with_sums ? new_row_sums(shape.precision, shape.rows, 2 * n)
                                     : no_row_sums();
    void *scratch = linear_scratch(kernels, shape);
    seal();
    kernels->linear_swiglu(shape.precision, shape.rows, rows_of(x), w.packed, table.view,
                           rows_of(y), kept ? rows_of(gate_up) : no_rows(), scratch);
    reference sums = product(shape, x, w), expected = new_reference(shape.rows * n);
    for (size_t i = 0; i < shape.rows * 2 * n; i++)
        add_row_sum(sums, i, table, i / (2 * n), i % (2 * n));
    // Gate and up may be rounded before the activation.
    const double rounding = shape.precision == HRM_BFLOAT16 ? BFLOAT16_ROUNDING : 0;
    for (size_t r = 0; r < shape.rows; r++)
        for (size_t j = 0; j < n; j++) {
            const size_t g = r * 2 * n + j, u = g + n, i = r * n + j;
            swiglu(sums.value[g], sums.slack[g] + rounding * fabs(sums.value[g]), sums.value[u],
                   sums.slack[u] + rounding * fabs(sums.value[u]), expected.value + i,
                   expected.slack + i);
        }
    if (kept) expect(gate_up, sums);
    expect(y, expected);
    end_case();
}

void check_linear_swiglu(const hrm_kernels *kernels) {
    for_each_shape(kernels, check_swiglu_shape);
}

static void check_swiglu_backward_shape(const hrm_kernels *kernels, shape shape) {
    const double range = random_below(4) ? 4 : 120;
    const size_t n = shape.columns;
    begin_case(kernels, "linear_swiglu_backward " SHAPE ", gates up to %g", SHAPE_VALUES(shape),
               range);
    buffer *x = activations("x", shape.precision, shape.rows, shape.depth);
    weight w = new_weight(kernels, shape.precision, n, shape.depth, false);
    buffer *gate_up = activations("gate_up", shape.precision, shape.rows, 2 * n);
    fill(gate_up, -range, range);
    buffer *gradient = new_result("gate_up_gradient", shape.precision, shape.rows, 2 * n);
    buffer *activation = new_result("activation", shape.precision, shape.rows, n);
    void *scratch = linear_scratch(kernels, shape);
    seal();
    kernels->linear_swiglu_backward(shape.precision, shape.rows, rows_of(x), w.packed,
                                    rows_of(gate_up), rows_of(gradient), rows_of(activation),
                                    scratch);
    const reference sums = product(shape, x, w);
    reference expected = new_reference(shape.rows * 2 * n), forward = new_reference(shape.rows * n);
    for (size_t r = 0; r < shape.rows; r++)
        for (size_t j = 0; j < n; j++) {
            const size_t i = r * n + j, g = r * 2 * n + j, u = g + n;
            const double gate = at(gate_up, r, j), up = at(gate_up, r, n + j);
            const double d = sums.value[i], slack = sums.slack[i] + 4 * FLOAT_ULP * fabs(d);
            const double sigma = sigmoid(gate), silu = gate * sigma;
            const double slope = sigma + silu * (1 - sigma);
            // 1 − σ carries the absolute error of σ.
            const double slope_slack = sigmoid_error(gate) * (sigma + fabs(silu))
                                       + (1 + fabs(gate)) * SMALLEST_EXPONENTIAL;
            forward.value[i] = silu * up;
            forward.slack[i] = swiglu_error(gate, up);
            expected.value[u] = d * silu;
            expected.slack[u] = slack * fabs(silu) + swiglu_error(gate, d);
            expected.value[g] = d * up * slope;
            expected.slack[g] = slack * fabs(up * slope)
                                + (fabs(d) + slack) * fabs(up) * slope_slack;
        }
    expect(gradient, expected);
    expect(activation, forward);
    end_case();
}

void check_linear_swiglu_backward(const hrm_kernels *kernels) {
    for_each_shape(kernels, check_swiglu_backward_shape);
}
