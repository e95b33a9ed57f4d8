// What is done element by element: the norm's gradient, sums, embeddings.
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

// MARK: Means over symbols and over groups of positions

enum { most_positions = 7, most_relations = 3 };

/// Random relations: in each of them, classes of positions, given to the kernels as groups.
typedef struct {
    uint32_t first[most_relations * most_positions + 1], members[most_relations * most_positions];
    uint32_t relation[most_relations * most_positions], group[most_relations * most_positions];
    float share[most_relations * most_positions];
    size_t groups;
    hrm_relations view;
} random_relations;

static void draw_relations(random_relations *drawn, size_t positions) {
    size_t members = 0;
    const size_t relations = random_below(most_relations + 1);
    drawn->groups = 0;
    drawn->first[0] = 0;
    for (size_t r = 0; r < relations; r++) {
        size_t class[most_positions];
        const size_t classes = 1 + random_below((uint32_t)positions);
        for (size_t p = 0; p < positions; p++) class[p] = random_below((uint32_t)classes);
        for (size_t c = 0; c < classes; c++) {
            for (size_t p = 0; p < positions; p++)
                if (class[p] == c) {
                    drawn->members[members++] = (uint32_t)p;
                    drawn->group[r * positions + p] = (uint32_t)drawn->groups;
                }
            drawn->relation[drawn->groups] = (uint32_t)r;
            drawn->share[drawn->groups] = (float)random_between(0, 1);
            drawn->first[++drawn->groups] = (uint32_t)members;
        }
    }
    drawn->view = (hrm_relations){positions,       relations,    drawn->first, drawn->members,
                                  drawn->relation, drawn->group, drawn->share};
}

static void check_group_means_case(const hrm_kernels *kernels, hrm_precision precision,
                                   size_t width) {
    const size_t positions = 1 + random_below(most_positions), symbols = 1 + random_below(9);
    const size_t step = random_below(2) ? width : 0;
    random_relations drawn;
    draw_relations(&drawn, positions);
    begin_case(kernels, "group_means %s, %zu positions, %zu groups, %zu symbols of %zu, step %zu",
               precision_name(precision), positions, drawn.groups, symbols, width, step);
    const size_t columns = width + step * (most_relations - 1);
    buffer *x = operand("x", precision, positions * symbols, columns, random_stride(columns));
    buffer *means = vector("means", HRM_FLOAT32, drawn.groups * symbols * width);
    means->read_only = false;
    seal();
    const size_t half = drawn.groups / 2;
    kernels->group_means(precision, half, drawn.groups, drawn.view, symbols, width, rows_of(x),
                         step, address(means));
    kernels->group_means(precision, 0, half, drawn.view, symbols, width, rows_of(x), step,
                         address(means));
    reference expected = new_reference(drawn.groups * symbols * width);
    for (size_t i = 0; i < drawn.groups * symbols * width; i++) {
        const size_t g = i / width / symbols, s = i / width % symbols, j = i % width;
        for (size_t m = drawn.first[g]; m < drawn.first[g + 1]; m++) {
            const double part = (double)drawn.share[g]
                                * at(x, drawn.members[m] * symbols + s, drawn.relation[g] * step + j);
            expected.value[i] += part;
            expected.slack[i] += (double)(positions + 1) * FLOAT_ULP * fabs(part);
        }
    }
    expect(means, expected);
    end_case();
}

static void check_pool_case(const hrm_kernels *kernels, hrm_precision precision, size_t width) {
    const size_t positions = 1 + random_below(most_positions), symbols = 1 + random_below(9);
    random_relations drawn;
    draw_relations(&drawn, positions);
    const size_t own = symbols > 1 ? 2 : 1, columns = (own + drawn.view.relations) * width;
    begin_case(kernels, "pool %s, %zu positions, %zu relations, %zu symbols of %zu",
               precision_name(precision), positions, drawn.view.relations, symbols, width);
    buffer *x = operand("x", precision, positions * symbols, width, random_stride(width));
    buffer *means = vector("means", HRM_FLOAT32, drawn.groups * symbols * width);
    buffer *y = result("y", precision, positions * symbols, columns, random_stride(columns));
    seal();
    const size_t half = positions / 2;
    kernels->pool(precision, 0, half, drawn.view, symbols, width, rows_of(x), address(means),
                  rows_of(y));
    kernels->pool(precision, half, positions, drawn.view, symbols, width, rows_of(x),
                  address(means), rows_of(y));
    reference expected = new_reference(positions * symbols * columns);
    for (size_t i = 0; i < positions * symbols; i++)
        for (size_t j = 0; j < columns; j++) {
            double *out = expected.value + i * columns + j;
            const size_t p = i / symbols, part = j / width;
            if (part == 0) *out = at(x, i, j);
            else if (part < own)
                for (size_t s = 0; s < symbols; s++) {
                    const double share = at(x, p * symbols + s, j % width) / (double)symbols;
                    *out += share;
                    expected.slack[i * columns + j] +=
                        (double)(symbols + 1) * FLOAT_ULP * fabs(share);
                }
            else {
                const size_t g = drawn.group[(part - own) * positions + p];
                *out = at(means, 0, (g * symbols + i % symbols) * width + j % width);
            }
        }
    expect(y, expected);
    end_case();
}

static void check_pool_backward_case(const hrm_kernels *kernels, hrm_precision precision,
                                     size_t width) {
    const size_t positions = 1 + random_below(most_positions), symbols = 1 + random_below(9);
    random_relations drawn;
    draw_relations(&drawn, positions);
    const size_t own = symbols > 1 ? 2 : 1, columns = (own + drawn.view.relations) * width;
    const bool in_place = random_below(2);
    begin_case(kernels, "pool_backward %s, %zu positions, %zu relations, %zu symbols of %zu%s",
               precision_name(precision), positions, drawn.view.relations, symbols, width,
               in_place ? ", in place" : "");
    const size_t rows = positions * symbols;
    buffer *dy = operand("dy", precision, rows, columns, random_stride(columns));
    buffer *addend = operand("addend", precision, rows, width, random_stride(width));
    buffer *means = vector("means", HRM_FLOAT32, drawn.groups * symbols * width);
    buffer *dx = in_place ? addend : result("dx", precision, rows, width, random_stride(width));
    dx->read_only = false;
    seal();
    const size_t half = positions / 2;
    kernels->pool_backward(precision, half, positions, drawn.view, symbols, width, rows_of(dy),
                           rows_of(addend), address(means), rows_of(dx));
    kernels->pool_backward(precision, 0, half, drawn.view, symbols, width, rows_of(dy),
                           rows_of(addend), address(means), rows_of(dx));
    reference expected = new_reference(rows * width);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < width; j++) {
            const size_t p = i / symbols;
            const double straight = at(dy, i, j), plus = was(addend, i, j);
            double value = straight + plus, size = fabs(straight) + fabs(plus);
            for (size_t s = 0; symbols > 1 && s < symbols; s++) {
                const double part = at(dy, p * symbols + s, width + j) / (double)symbols;
                value += part;
                size += fabs(part);
            }
            for (size_t r = 0; r < drawn.view.relations; r++) {
                const size_t g = drawn.group[r * positions + p];
                const double part = at(means, 0, (g * symbols + i % symbols) * width + j);
                value += part;
                size += fabs(part);
            }
            expected.value[i * width + j] = value;
            expected.slack[i * width + j] = (double)(symbols + 6) * FLOAT_ULP * size;
        }
    expect(dx, expected);
    end_case();
}

void check_pooling(const hrm_kernels *kernels) {
    for_each_count(kernels, check_group_means_case);
    for_each_count(kernels, check_pool_case);
    for_each_count(kernels, check_pool_backward_case);
}

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
