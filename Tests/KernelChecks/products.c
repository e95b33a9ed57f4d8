// Sizes, weights and the plain product, shared by the checks of products.
#include "products.h"

static const size_t row_counts[] = {1, 2, 3, 5, 6, 7, 12, 13, 31, 83, 150, 270};
static const size_t column_counts[] = {1,  2,  3,  7,  11, 15,  16,  17, 31,
                                       33, 63, 64, 65, 96, 127, 130, 192};
const size_t depths[] = {1, 2, 3, 7, 16, 33, 64, 65, 130};
const size_t depth_count = COUNT(depths);

size_t random_row_count(void) { return PICK(row_counts); }

void for_each_shape(const hrm_kernels *kernels,
                    void (*check)(const hrm_kernels *kernels, shape shape)) {
    const size_t repeats = long_run ? COUNT(row_counts) : 1;
    for (int precision = HRM_FLOAT32; precision <= HRM_BFLOAT16; precision++)
        for (size_t c = 0; c < COUNT(column_counts); c++)
            for (size_t d = 0; d < COUNT(depths); d++)
                for (size_t i = 0; i < repeats; i++) {
                    const size_t rows = long_run ? row_counts[i] : random_row_count();
                    check(kernels, (shape){(hrm_precision)precision, rows, column_counts[c],
                                           depths[d]});
                }
}

buffer *random_weight(size_t columns, size_t depth, bool transposed) {
    const size_t rows = transposed ? depth : columns, width = transposed ? columns : depth;
    return operand("weight", HRM_FLOAT32, rows, width, random_stride(width));
}

buffer *new_panels(const hrm_kernels *kernels, hrm_precision precision, size_t columns,
                   size_t depth, bool paired) {
    const size_t count = kernels->panel_count(columns, paired);
    return aligned_bytes("panels", count * kernels->panel_bytes(precision, depth));
}

void pack_in_ranges(const hrm_kernels *kernels, const buffer *source, bool transposed,
                    hrm_precision precision, hrm_packed packed) {
    const size_t count = kernels->panel_count(packed.columns, packed.paired);
    size_t cut = random_below(count + 1), other = random_below(count + 1);
    if (other < cut) {
        const size_t kept = cut;
        cut = other, other = kept;
    }
    const size_t ranges[][2] = {{cut, other}, {other, count}, {cut, cut}, {0, cut}};
    for (size_t i = 0; i < COUNT(ranges); i++)
        kernels->pack(address(source), source->stride, transposed, precision, ranges[i][0],
                      ranges[i][1], packed);
}

weight new_weight(const hrm_kernels *kernels, hrm_precision precision, size_t columns,
                  size_t depth, bool paired) {
    // Only a product for gradients is transposed, and none of those has a gate.
    const bool transposed = !paired && random_below(2);
    buffer *source = random_weight(columns, depth, transposed);
    buffer *panels = new_panels(kernels, precision, columns, depth, paired);
    weight made = {{panels->block, columns, depth, paired}, numbers(columns * depth)};
    for (size_t j = 0; j < columns; j++)
        for (size_t k = 0; k < depth; k++)
            made.values[j * depth + k] =
                rounded(precision, transposed ? at(source, k, j) : at(source, j, k));
    pack_in_ranges(kernels, source, transposed, precision, made.packed);
    panels->read_only = true;
    return made;
}

void *linear_scratch(const hrm_kernels *kernels, shape shape) {
    return scratch_of(kernels->linear_scratch(shape.columns, shape.depth));
}

buffer *activations(const char *name, hrm_precision precision, size_t rows,
                    size_t columns) {
    return operand(name, precision, rows, columns, random_stride(columns));
}

buffer *new_result(const char *name, hrm_precision precision, size_t rows,
                   size_t columns) {
    return result(name, precision, rows, columns, random_stride(columns));
}

reference product(shape shape, const buffer *x, weight weight) {
    reference y = new_reference(shape.rows * shape.columns);
    double *row = numbers(shape.depth);
    for (size_t r = 0; r < shape.rows; r++) {
        for (size_t k = 0; k < shape.depth; k++) row[k] = at(x, r, k);
        for (size_t j = 0; j < shape.columns; j++) {
            const double *column = weight.values + j * shape.depth;
            double sum = 0, size = 0;
            for (size_t k = 0; k < shape.depth; k++) {
                sum += row[k] * column[k];
                size += fabs(row[k] * column[k]);
            }
            y.value[r * shape.columns + j] = sum;
            y.slack[r * shape.columns + j] = sum_error(shape.precision, shape.depth) * size;
        }
    }
    return y;
}

void add_exactly(reference y, size_t i, double addend) {
    y.value[i] += addend;
    y.slack[i] += FLOAT_ULP * (fabs(addend) + fabs(y.value[i]));
}
