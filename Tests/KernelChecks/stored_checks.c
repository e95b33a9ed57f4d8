// Weights as a file stores them, attention to a context, and operations on rows of floats.
#include "kernel_checks.h"

#include <string.h>

static const size_t depths[] = {1, 3, 8, 16, 31, 32, 33, 64, 70, 100};
static const size_t output_counts[] = {1, 2, 3, 4, 5, 9, 17, 64, 65, 130};
static const size_t head_sizes[] = {1, 2, 7, 8, 16, 20, 33, 64, 70};

/// A stored weight in memory of its own, and its elements.
typedef struct {
    hrm_stored view;
    double *values;  // [outputs, depth]
} stored;

/// Creates a weight; 8-bit elements fill whole groups of 32.
static stored new_stored(hrm_storage storage, size_t outputs, size_t depth) {
    const size_t groups = (depth + 31) / 32;
    stored w = {.values = numbers(outputs * depth)};
    if (storage == HRM_STORED_INT8) {
        buffer *bytes = aligned_bytes("weight", outputs * groups * 32);
        buffer *scales = operand("scales", HRM_BFLOAT16, outputs, groups, groups);
        int8_t *cells = address(bytes);
        for (size_t i = 0; i < outputs * groups * 32; i++)
            cells[i] = (int8_t)((int)random_below(255) - 127);
        for (size_t i = 0; i < outputs; i++)
            for (size_t k = 0; k < depth; k++)
                w.values[i * depth + k] = cells[i * groups * 32 + k] * at(scales, i, k / 32);
        w.view = (hrm_stored){storage, cells, groups * 32, depth, address(scales), groups};
        protect_all(bytes);
        return w;
    }
    const hrm_precision precision = storage == HRM_STORED_BFLOAT16 ? HRM_BFLOAT16 : HRM_FLOAT32;
    buffer *rows = operand("weight", precision, outputs, depth, random_stride(depth));
    for (size_t i = 0; i < outputs; i++)
        for (size_t k = 0; k < depth; k++) w.values[i * depth + k] = at(rows, i, k);
    w.view = (hrm_stored){storage, address(rows), rows_of(rows).stride, depth, NULL, 0};
    return w;
}

static const char *storage_name(hrm_storage storage) {
    return storage == HRM_STORED_INT8 ? "int8" : storage == HRM_STORED_BFLOAT16 ? "bf16" : "f32";
}

/// Sets value `i` to the product of an output with a row of x.
static void add_product(reference wanted, size_t i, stored w, size_t output, const buffer *x,
                        size_t row, hrm_precision rounding) {
    const size_t depth = w.view.depth;
    double size = 0;
    for (size_t k = 0; k < depth; k++) {
        const double term = rounded(rounding, w.values[output * depth + k]) * at(x, row, k);
        wanted.value[i] += term;
        size += fabs(term);
    }
    // Bounds of pairs hold for other orders of the sum, too.
    wanted.slack[i] += 2 * sum_error(HRM_BFLOAT16, depth) * size;
}

static void check_few_case(const hrm_kernels *kernels, hrm_storage storage,
                           hrm_precision precision) {
    const size_t depth = PICK(depths), outputs = PICK(output_counts), rows = 1 + random_below(8);
    const int add = (int)random_below(2);
    begin_case(kernels, "few %s %s, %zu rows, %zu by %zu, add %d", storage_name(storage),
               precision_name(precision), rows, outputs, depth, add);
    const stored w = new_stored(storage, outputs, depth);
    buffer *x = operand("x", precision, rows, depth, random_stride(depth));
    buffer *y = add ? operand("y", HRM_FLOAT32, rows, outputs, random_stride(outputs))
                    : result("y", HRM_FLOAT32, rows, outputs, random_stride(outputs));
    y->read_only = false;
    const size_t first = random_below(outputs + 1);
    const size_t last = first + random_below(outputs - first + 1);
    protect_all(y);
    for (size_t r = 0; r < rows; r++) allow(y, r, first, last - first);
    void *operand_memory = scratch_of(kernels->few_operand_bytes(precision, w.view, rows));
    seal();
    kernels->few_operand(precision, w.view, rows, rows_of(x), operand_memory);
    kernels->few(precision, w.view, first, last, rows, operand_memory, rows_of(y), add);
    reference expected = new_reference(rows * outputs);
    for (size_t r = 0; r < rows; r++)
        for (size_t j = first; j < last; j++) {
            const size_t i = r * outputs + j;
            add_product(expected, i, w, j, x, r, HRM_FLOAT32);
            if (add) {
                expected.value[i] += was(y, r, j);
                expected.slack[i] += FLOAT_ULP * (fabs(was(y, r, j)) + fabs(expected.value[i]));
            }
        }
    expect(y, expected);
    end_case();
}

static void for_each_storage(const hrm_kernels *kernels,
                             void (*check)(const hrm_kernels *, hrm_storage, hrm_precision)) {
    for (int storage = HRM_STORED_FLOAT32; storage <= HRM_STORED_INT8; storage++)
        for (int precision = HRM_FLOAT32; precision <= HRM_BFLOAT16; precision++)
            for (int repeat = 0; repeat < (long_run ? 2000 : 100); repeat++)
                check(kernels, (hrm_storage)storage, (hrm_precision)precision);
}

void check_few(const hrm_kernels *kernels) { for_each_storage(kernels, check_few_case); }

static void check_pack_stored_case(const hrm_kernels *kernels, hrm_storage storage,
                                   hrm_precision precision) {
    const size_t depth = PICK(depths), outputs = PICK(output_counts), rows = 1 + random_below(14);
    begin_case(kernels, "pack_stored %s %s, %zu rows, %zu by %zu", storage_name(storage),
               precision_name(precision), rows, outputs, depth);
    const stored w = new_stored(storage, outputs, depth);
    const size_t first = random_below(outputs), columns = 1 + random_below(outputs - first);
    buffer *x = operand("x", precision, rows, depth, random_stride(depth));
    buffer *y = operand("y", HRM_FLOAT32, rows, columns, random_stride(columns));
    y->read_only = false;
    void *panels = scratch_of(kernels->panel_count(columns, 0)
                              * kernels->panel_bytes(precision, depth));
    const size_t copy = kernels->pack_stored_scratch(w.view);
    void *packing = scratch_of(copy > 0 ? copy : 1);
    void *scratch = scratch_of(kernels->linear_scratch(columns, depth));
    seal();
    kernels->pack_stored(w.view, precision, first, columns, 0, panels, packing);
    kernels->linear_accumulate(precision, rows, rows_of(x),
                               (hrm_packed){panels, columns, depth, 0}, rows_of(y), scratch);
    reference expected = new_reference(rows * columns);
    for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < columns; j++) {
            const size_t i = r * columns + j;
            add_product(expected, i, w, first + j, x, r, precision);
            expected.value[i] += was(y, r, j);
            expected.slack[i] += FLOAT_ULP * (fabs(was(y, r, j)) + fabs(expected.value[i]));
        }
    expect(y, expected);
    end_case();
}

void check_pack_stored(const hrm_kernels *kernels) {
    for_each_storage(kernels, check_pack_stored_case);
}

static void check_stored_row_case(const hrm_kernels *kernels, hrm_storage storage,
                                  hrm_precision precision) {
    (void)precision;
    const size_t depth = PICK(depths), outputs = PICK(output_counts);
    const size_t row = random_below(outputs);
    const float scale = (float)random_between(-3, 3);
    begin_case(kernels, "stored_row %s, row %zu of %zu by %zu", storage_name(storage), row,
               outputs, depth);
    const stored w = new_stored(storage, outputs, depth);
    buffer *out = result("out", HRM_FLOAT32, 1, depth, depth);
    seal();
    kernels->stored_row(w.view, row, scale, address(out));
    reference expected = new_reference(depth);
    for (size_t k = 0; k < depth; k++) {
        expected.value[k] = w.values[row * depth + k] * scale;
        expected.slack[k] = 2 * FLOAT_ULP * fabs(expected.value[k]);
    }
    expect(out, expected);
    end_case();
}

void check_stored_row(const hrm_kernels *kernels) {
    for_each_storage(kernels, check_stored_row_case);
}

// MARK: context_attention

static void check_context_attention_case(const hrm_kernels *kernels, hrm_precision precision) {
    const size_t size = PICK(head_sizes), keys = 1 + random_below(140);
    const size_t queries = 1 + random_below(keys < 20 ? keys : 20);
    const bool masked = random_below(2);
    begin_case(kernels, "context_attention %s, %zu queries, %zu keys, size %zu%s",
               precision_name(precision), queries, keys, size, masked ? ", masked" : "");
    buffer *q = operand("q", precision, queries, size, random_stride(size));
    buffer *k = operand("k", precision, keys, size, random_stride(size));
    buffer *v = operand("v", precision, keys, size, random_stride(size));
    buffer *out = result("out", precision, queries, size, random_stride(size));
    buffer *ranges = aligned_bytes("ranges", 3 * queries * sizeof(uint32_t));
    buffer *past = vector("past", HRM_FLOAT32, keys), *future = vector("future", HRM_FLOAT32, keys);
    uint32_t *first = address(ranges), *self = first + queries, *end = self + queries;
    for (size_t i = 0; i < queries; i++) {
        self[i] = (uint32_t)(keys - queries + i);
        first[i] = (uint32_t)random_below(self[i] + 1);
        end[i] = self[i] + 1 + (uint32_t)random_below(keys - self[i]);
    }
    for (size_t j = 0; j < keys; j++) {
        put(past, 0, j, random_below(3) ? 0 : -INFINITY);
        put(future, 0, j, random_below(3) ? 0 : -INFINITY);
    }
    protect_all(ranges);
    void *scratch = scratch_of(kernels->context_scratch(queries, keys, size));
    const hrm_visible visible = {first, self, end, masked ? address(past) : NULL,
                                 masked ? address(future) : NULL};
    seal();
    kernels->context_attention(precision, queries, keys, size, rows_of(q), rows_of(k), rows_of(v),
                               visible, rows_of(out), scratch);
    reference expected = new_reference(queries * size);
    for (size_t i = 0; i < queries; i++) {
        double *weights = numbers(keys), total = 0, top = -INFINITY;
        for (size_t j = 0; j < keys; j++) {
            const bool hidden = j < first[i] || j >= end[i]
                                || (masked && at(j <= self[i] ? past : future, 0, j) != 0);
            weights[j] = hidden ? -INFINITY : 0;
            if (hidden) continue;
            for (size_t c = 0; c < size; c++) weights[j] += at(q, i, c) * at(k, j, c);
            weights[j] /= sqrt((double)size);
            top = fmax(top, weights[j]);
        }
        if (top == -INFINITY) continue;
        for (size_t j = 0; j < keys; j++) total += weights[j] = exp(weights[j] - top);
        for (size_t j = 0; j < keys; j++)
            for (size_t c = 0; c < size; c++) {
                const double term = weights[j] / total * at(v, j, c);
                expected.value[i * size + c] += term;
                // Scores up to 4 · √size are rounded; bfloat16 weights are rounded once more.
                expected.slack[i * size + c] +=
                    fabs(term) * (precision == HRM_BFLOAT16 ? 2 * BFLOAT16_ROUNDING : 0)
                    + fabs(term) * (64 * FLOAT_ULP * (sqrt((double)size) + 4));
            }
    }
    expect(out, expected);
    end_case();
}

void check_context_attention(const hrm_kernels *kernels) {
    for (int precision = HRM_FLOAT32; precision <= HRM_BFLOAT16; precision++)
        for (int repeat = 0; repeat < (long_run ? 4000 : 200); repeat++)
            check_context_attention_case(kernels, (hrm_precision)precision);
}

// MARK: rows of floats

static void check_row_operations_case(const hrm_kernels *kernels, hrm_precision precision,
                                      size_t columns) {
    const size_t rows = 1 + random_below(5);
    begin_case(kernels, "rms_norm, sigmoid_gate, swiglu %s, %zu rows, %zu columns",
               precision_name(precision), rows, columns);
    buffer *x = operand("x", HRM_FLOAT32, rows, columns, random_stride(columns));
    buffer *gate = operand("gate", HRM_FLOAT32, rows, columns, random_stride(columns));
    buffer *normed = result("normed", precision, rows, columns, random_stride(columns));
    buffer *inverse = result("inverse_rms", HRM_FLOAT32, 1, rows, rows);
    buffer *gated = operand("gated", precision, rows, columns, random_stride(columns));
    buffer *glu = result("glu", precision, rows, columns, random_stride(columns));
    gated->read_only = false;
    seal();
    kernels->rms_norm(rows, columns, rows_of(x), 0.01f, precision, rows_of(normed),
                      address(inverse));
    kernels->sigmoid_gate(rows, columns, rows_of(gate), precision, rows_of(gated));
    kernels->swiglu(rows, columns, rows_of(gate), rows_of(x), precision, rows_of(glu));
    reference norms = new_reference(rows * columns), inverses = new_reference(rows);
    reference gates = new_reference(rows * columns), glus = new_reference(rows * columns);
    for (size_t r = 0; r < rows; r++) {
        double squares = 0;
        for (size_t j = 0; j < columns; j++) squares += at(x, r, j) * at(x, r, j);
        const double scale = 1 / sqrt(squares / (double)columns + (double)0.01f);
        const double error = sum_error(HRM_FLOAT32, columns) + 2 * FUNCTION_ERROR;
        inverses.value[r] = scale;
        inverses.slack[r] = scale * error;
        for (size_t j = 0; j < columns; j++) {
            const size_t i = r * columns + j;
            const double sigma = 1 / (1 + exp(-at(gate, r, j)));
            norms.value[i] = at(x, r, j) * scale;
            gates.value[i] = sigma * was(gated, r, j);
            glus.value[i] = at(gate, r, j) * sigma * at(x, r, j);
            norms.slack[i] = fabs(norms.value[i]) * error;
            gates.slack[i] = fabs(gates.value[i]) * 4 * FUNCTION_ERROR;
            glus.slack[i] = fabs(glus.value[i]) * 4 * FUNCTION_ERROR;
        }
    }
    expect(normed, norms);
    expect(inverse, inverses);
    expect(gated, gates);
    expect(glu, glus);
    end_case();
}

void check_row_operations(const hrm_kernels *kernels) {
    for (int precision = HRM_FLOAT32; precision <= HRM_BFLOAT16; precision++)
        for (size_t i = 0; i < vector_size_count; i++)
            for (int repeat = 0; repeat < (long_run ? 100 : 10); repeat++)
                check_row_operations_case(kernels, (hrm_precision)precision, vector_sizes[i]);
}
