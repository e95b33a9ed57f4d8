// Elementwise operations: the norm's gradient, sums, embeddings.
#include "kernel_checks.h"

static const size_t row_counts[] = {1, 2, 5, 7, 13};

static void for_each_count(const hrm_kernels *kernels,
                           void (*check)(const hrm_kernels *kernels, hrm_precision precision,
                                         size_t columns)) {
    for (int precision = HRM_FLOAT32; precision <= HRM_BFLOAT16; precision++)
        for (size_t i = 0; i < vector_size_count; i++)
            for (int repeat = 0; repeat < (long_run ? 100 : 10); repeat++)
                check(kernels, (hrm_precision)precision, vector_sizes[i]);
}

// MARK: norm_backward

static void check_norm_backward_case(const hrm_kernels *kernels, hrm_precision precision,
                                     size_t columns) {
    const size_t rows = PICK(row_counts);
    const bool in_place = random_below(2);
    begin_case(kernels, "norm_backward %s, %zu rows, %zu columns%s", precision_name(precision),
               rows, columns, in_place ? ", in place" : "");
    buffer *dy = operand("dy", precision, rows, columns, random_stride(columns));
    buffer *y = operand("y", precision, rows, columns, random_stride(columns));
    buffer *inverse_rms = vector("inverse_rms", HRM_FLOAT32, rows);
    dy->read_only = !in_place;
    buffer *ds = in_place ? dy : result("ds", precision, rows, columns, random_stride(columns));
    seal();
    kernels->norm_backward(precision, rows, columns, rows_of(dy), rows_of(y),
                           address(inverse_rms), rows_of(ds));
    reference expected = new_reference(rows * columns);
    for (size_t r = 0; r < rows; r++) {
        double mean = 0, size = 0;
        for (size_t j = 0; j < columns; j++) {
            mean += was(dy, r, j) * at(y, r, j) / (double)columns;
            size += fabs(was(dy, r, j) * at(y, r, j)) / (double)columns;
        }
        const double inverse = at(inverse_rms, 0, r), error = sum_error(precision, columns) * size;
        for (size_t j = 0; j < columns; j++) {
            const double g = was(dy, r, j), value = at(y, r, j);
            expected.value[r * columns + j] = inverse * (g - value * mean);
            expected.slack[r * columns + j] =
                fabs(inverse) * (fabs(value) * error
                                 + 3 * FLOAT_ULP * (fabs(g) + fabs(value * mean)));
        }
    }
    expect(ds, expected);
    end_case();
}

void check_norm_backward(const hrm_kernels *kernels) {
    for_each_count(kernels, check_norm_backward_case);
}

// MARK: add

static void check_add_case(const hrm_kernels *kernels, hrm_precision precision, size_t columns) {
    const size_t rows = PICK(row_counts), terms = 2 + random_below(2);
    const size_t target = random_below(4);  // the number of the addend that is overwritten
    const char *names[] = {"a", "b", "c"};
    begin_case(kernels, "add %s, %zu terms, %zu rows, %zu columns, result in %s",
               precision_name(precision), terms, rows, columns,
               target < terms ? names[target] : "rows of its own");
    buffer *term[3];
    for (size_t i = 0; i < 3; i++)
        term[i] = operand(names[i], precision, rows, columns, random_stride(columns));
    buffer *out = target < terms
                      ? term[target]
                      : result("out", precision, rows, columns, random_stride(columns));
    out->read_only = false;
    seal();
    kernels->add(precision, rows, columns, rows_of(term[0]), rows_of(term[1]),
                 terms == 3 ? rows_of(term[2]) : no_rows(), rows_of(out));
    reference expected = new_reference(rows * columns);
    for (size_t i = 0; i < rows * columns; i++)
        for (size_t t = 0; t < terms; t++) {
            const double value = was(term[t], i / columns, i % columns);
            expected.value[i] += value;
            expected.slack[i] += FLOAT_ULP * fabs(value);
        }
    expect(out, expected);
    end_case();
}

void check_add(const hrm_kernels *kernels) { for_each_count(kernels, check_add_case); }

// MARK: transpose

static void check_transpose_case(const hrm_kernels *kernels, hrm_precision precision,
                                 size_t columns) {
    const size_t rows = 1 + random_below(70);
    begin_case(kernels, "transpose %s, %zu rows, %zu columns", precision_name(precision), rows,
               columns);
    buffer *x = operand("x", precision, rows, columns, random_stride(columns));
    buffer *y = result("y", precision, columns, rows, random_stride(rows));
    seal();
    kernels->transpose(precision, rows, columns, rows_of(x), rows_of(y));
    reference expected = new_reference(rows * columns);
    for (size_t j = 0; j < columns; j++)
        for (size_t i = 0; i < rows; i++) expected.value[j * rows + i] = at(x, i, j);
    expect(y, expected);
    end_case();
}

void check_transpose(const hrm_kernels *kernels) { for_each_count(kernels, check_transpose_case); }

// MARK: Sums of rows

static void check_sum_rows_case(const hrm_kernels *kernels, hrm_precision precision,
                                size_t columns) {
    const size_t count = 1 + random_below(9);
    const bool scaled = random_below(2);
    begin_case(kernels, "sum_rows %s, %zu sums of %zu columns%s", precision_name(precision), count,
               columns, scaled ? ", scaled" : "");
    row_sums sums = new_row_sums(precision, count, columns);
    buffer *scale = vector("scale", HRM_FLOAT32, count);
    buffer *y = result("y", precision, count, columns, random_stride(columns));
    seal();
    const size_t half = count / 2;
    const float *factors = scaled ? address(scale) : NULL;
    kernels->sum_rows(precision, half, count, sums.view, factors, columns, rows_of(y));
    kernels->sum_rows(precision, 0, half, sums.view, factors, columns, rows_of(y));
    reference expected = new_reference(count * columns);
    for (size_t i = 0; i < count * columns; i++) {
        const double factor = scaled ? at(scale, 0, i / columns) : 1;
        add_row_sum(expected, i, sums, i / columns, i % columns);
        expected.value[i] *= factor;
        expected.slack[i] = fabs(factor) * expected.slack[i] + FLOAT_ULP * fabs(expected.value[i]);
    }
    expect(y, expected);
    end_case();
}

void check_sum_rows(const hrm_kernels *kernels) { for_each_count(kernels, check_sum_rows_case); }

// MARK: Rows of embeddings

static void check_embed_row_case(const hrm_kernels *kernels, hrm_precision precision,
                                 size_t columns) {
    const bool with_a = random_below(4), with_b = random_below(4);
    const float scale = (float)random_between(-8, 8);
    begin_case(kernels, "embed_row %s, %zu columns%s%s", precision_name(precision), columns,
               with_a ? ", a" : "", with_b ? ", b" : "");
    buffer *a = vector("a", HRM_FLOAT32, columns), *b = vector("b", HRM_FLOAT32, columns);
    buffer *out = result("out", precision, 1, columns, columns);
    seal();
    kernels->embed_row(precision, columns, with_a ? address(a) : NULL, with_b ? address(b) : NULL,
                       scale, address(out));
    reference expected = new_reference(columns);
    for (size_t j = 0; j < columns; j++) {
        const double x = with_a ? at(a, 0, j) : 0, y = with_b ? at(b, 0, j) : 0;
        expected.value[j] = (double)scale * (x + y);
        expected.slack[j] = 2 * FLOAT_ULP * fabs((double)scale) * (fabs(x) + fabs(y));
    }
    expect(out, expected);
    end_case();
}

void check_embed_row(const hrm_kernels *kernels) { for_each_count(kernels, check_embed_row_case); }

static void check_accumulate_row_case(const hrm_kernels *kernels, hrm_precision precision,
                                      size_t columns) {
    const float scale = (float)random_between(-8, 8);
    begin_case(kernels, "accumulate_row %s, %zu columns", precision_name(precision), columns);
    buffer *row = vector("row", precision, columns);
    buffer *sum = vector("sum", HRM_FLOAT32, columns);
    sum->read_only = false;
    seal();
    kernels->accumulate_row(precision, columns, address(row), scale, address(sum));
    reference expected = new_reference(columns);
    for (size_t j = 0; j < columns; j++) {
        const double old = was(sum, 0, j), added = (double)scale * at(row, 0, j);
        expected.value[j] = old + added;
        expected.slack[j] = 2 * FLOAT_ULP * (fabs(old) + fabs(added));
    }
    expect(sum, expected);
    end_case();
}

void check_accumulate_row(const hrm_kernels *kernels) {
    for_each_count(kernels, check_accumulate_row_case);
}
