// Packing, and products with few or no fused operations.
#include "products.h"

#include <string.h>

// MARK: Packing

/// Packing in ranges must leave the same bytes as packing all at once.
static void check_pack_shape(const hrm_kernels *kernels, shape shape) {
    const bool paired = shape.columns % 2 == 0 && random_below(2);
    const bool transposed = !paired && random_below(2);
    begin_case(kernels, "pack %s, %zu columns, depth %zu%s%s", precision_name(shape.precision),
               shape.columns, shape.depth, transposed ? ", transposed" : "",
               paired ? ", paired" : "");
    buffer *source = random_weight(shape.columns, shape.depth, transposed);
    buffer *whole = new_panels(kernels, shape.precision, shape.columns, shape.depth, paired);
    buffer *parts = new_panels(kernels, shape.precision, shape.columns, shape.depth, paired);
    seal();
    const hrm_packed all = {whole->block, shape.columns, shape.depth, paired};
    const hrm_packed ranges = {parts->block, shape.columns, shape.depth, paired};
    kernels->pack(address(source), source->stride, transposed, shape.precision, 0,
                  kernels->panel_count(shape.columns, paired), all);
    pack_in_ranges(kernels, source, transposed, shape.precision, ranges);
    if (memcmp(whole->block, parts->block, whole->columns) != 0)
        fail("packed in ranges, the panels differ from those packed at once");
    end_case();
}

void check_pack(const hrm_kernels *kernels) { for_each_shape(kernels, check_pack_shape); }

// MARK: linear

static void check_linear_shape(const hrm_kernels *kernels, shape shape) {
    const bool biased = random_below(2);
    const hrm_precision wanted = random_below(2) ? HRM_FLOAT32 : shape.precision;
    begin_case(kernels, "linear " SHAPE ", result %s%s", SHAPE_VALUES(shape),
               precision_name(wanted), biased ? ", bias" : "");
    buffer *x = activations("x", shape.precision, shape.rows, shape.depth);
    weight w = new_weight(kernels, shape.precision, shape.columns, shape.depth, false);
    buffer *bias = vector("bias", HRM_FLOAT32, shape.columns);
    buffer *y = new_result("y", wanted, shape.rows, shape.columns);
    void *scratch = linear_scratch(kernels, shape);
    seal();
    kernels->linear(shape.precision, shape.rows, rows_of(x), w.packed,
                    biased ? address(bias) : NULL, wanted, rows_of(y), scratch);
    reference expected = product(shape, x, w);
    for (size_t i = 0; biased && i < shape.rows * shape.columns; i++)
        add_exactly(expected, i, at(bias, 0, i % shape.columns));
    expect(y, expected);
    end_case();
}

void check_linear(const hrm_kernels *kernels) { for_each_shape(kernels, check_linear_shape); }

/// A NaN, infinite or subnormal value affects its own row only.
static void check_linear_with(const hrm_kernels *kernels, shape shape, double special) {
    begin_case(kernels, "linear " SHAPE ", one input %g", SHAPE_VALUES(shape), special);
    buffer *x = activations("x", shape.precision, shape.rows, shape.depth);
    put(x, random_below(shape.rows), random_below(shape.depth), special);
    weight w = new_weight(kernels, shape.precision, shape.columns, shape.depth, false);
    buffer *y = new_result("y", shape.precision, shape.rows, shape.columns);
    void *scratch = linear_scratch(kernels, shape);
    seal();
    kernels->linear(shape.precision, shape.rows, rows_of(x), w.packed, NULL, shape.precision,
                    rows_of(y), scratch);
    expect(y, product(shape, x, w));
    end_case();
}

static void check_linear_special_shape(const hrm_kernels *kernels, shape shape) {
    const double specials[] = {NAN, INFINITY, -INFINITY, 0x1p-130, 0x1p100, 0};
    check_linear_with(kernels, shape, PICK(specials));
}

void check_linear_special(const hrm_kernels *kernels) {
    for_each_shape(kernels, check_linear_special_shape);
}

static void check_linear_add_shape(const hrm_kernels *kernels, shape shape) {
    const bool in_place = random_below(2), with_sums = random_below(2);
    begin_case(kernels, "linear_add " SHAPE "%s%s", SHAPE_VALUES(shape),
               in_place ? ", in place" : "", with_sums ? ", with sums" : "");
    buffer *x = activations("x", shape.precision, shape.rows, shape.depth);
    weight w = new_weight(kernels, shape.precision, shape.columns, shape.depth, false);
    buffer *addend = activations("addend", shape.precision, shape.rows, shape.columns);
    addend->read_only = !in_place;
    const row_sums sums = with_sums
                              ? new_row_sums(shape.precision, shape.rows, shape.columns)
                              : no_row_sums();
    buffer *y = in_place ? addend
                         : new_result("y", shape.precision, shape.rows, shape.columns);
    void *scratch = linear_scratch(kernels, shape);
    seal();
    kernels->linear_add(shape.precision, shape.rows, rows_of(x), w.packed, rows_of(addend),
                        sums.view, rows_of(y), scratch);
    reference expected = product(shape, x, w);
    for (size_t i = 0; i < shape.rows * shape.columns; i++) {
        add_exactly(expected, i, was(addend, i / shape.columns, i % shape.columns));
        add_row_sum(expected, i, sums, i / shape.columns, i % shape.columns);
    }
    expect(y, expected);
    end_case();
}

void check_linear_add(const hrm_kernels *kernels) {
    for_each_shape(kernels, check_linear_add_shape);
}

// MARK: weight_gradient

static void check_weight_gradient_shape(const hrm_kernels *kernels, shape shape) {
    const size_t n = shape.columns, k = shape.depth;
    begin_case(kernels, "weight_gradient %s, %zu rows, %zu by %zu",
               precision_name(shape.precision), shape.rows, n, k);
    buffer *dy = activations("dy", shape.precision, shape.rows, n);
    buffer *x = activations("x", shape.precision, shape.rows, k);
    buffer *gradient = new_result("gradient", HRM_FLOAT32, n, k);
    fill(gradient, -8, 8);
    void *scratch = scratch_of(kernels->weight_gradient_scratch(shape.rows, n, k));
    seal();
    kernels->weight_gradient(shape.precision, shape.rows, rows_of(dy), n, rows_of(x), k,
                             address(gradient), gradient->stride, scratch);
    reference expected = new_reference(n * k);
    double *size = numbers(n * k), *row = numbers(k);
    for (size_t r = 0; r < shape.rows; r++) {
        for (size_t j = 0; j < k; j++) row[j] = at(x, r, j);
        for (size_t i = 0; i < n; i++) {
            const double factor = at(dy, r, i);
            for (size_t j = 0; j < k; j++) {
                expected.value[i * k + j] += factor * row[j];
                size[i * k + j] += fabs(factor * row[j]);
            }
        }
    }
    for (size_t i = 0; i < n * k; i++) {
        expected.slack[i] = sum_error(shape.precision, shape.rows) * size[i];
        add_exactly(expected, i, was(gradient, i / k, i % k));
        // A path may add to the old value in several blocks of rows.
        expected.slack[i] += 4 * FLOAT_ULP * fabs(was(gradient, i / k, i % k));
    }
    expect(gradient, expected);
    end_case();
}

void check_weight_gradient(const hrm_kernels *kernels) {
    for_each_shape(kernels, check_weight_gradient_shape);
}
