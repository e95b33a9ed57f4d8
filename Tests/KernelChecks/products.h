// Sizes, weights and the plain product, shared by the checks of products.
#ifndef PRODUCTS_H
#define PRODUCTS_H

#include "kernel_checks.h"

/// x has `rows` rows of `depth` values, the product `columns` columns.
typedef struct {
    hrm_precision precision;
    size_t rows, columns, depth;
} shape;

/// A weight in both forms; `values` [columns, depth] as the product must see them.
typedef struct {
    hrm_packed packed;
    double *values;
} weight;

#define SHAPE "%s, %zu rows, %zu columns, depth %zu"
#define SHAPE_VALUES(s) precision_name((s).precision), (s).rows, (s).columns, (s).depth

/// Depths of products at which vectors and pairs end or do not.
extern const size_t depths[];
extern const size_t depth_count;

size_t random_row_count(void);
/// All columns with all depths, in both precisions.
void for_each_shape(const hrm_kernels *kernels,
                    void (*check)(const hrm_kernels *kernels, shape shape));

/// A random float32 weight as rows: [columns, depth], or its transpose.
buffer *random_weight(size_t columns, size_t depth, bool transposed);
buffer *new_panels(const hrm_kernels *kernels, hrm_precision precision, size_t columns,
                   size_t depth, bool paired);
/// Packs in up to four ranges, as threads would, in random order; ranges may be empty.
void pack_in_ranges(const hrm_kernels *kernels, const buffer *source, bool transposed,
                    hrm_precision precision, hrm_packed packed);
weight new_weight(const hrm_kernels *kernels, hrm_precision precision, size_t columns,
                  size_t depth, bool paired);

void *linear_scratch(const hrm_kernels *kernels, shape shape);
/// An input, or an output, with rows of a random stride.
buffer *activations(const char *name, hrm_precision precision, size_t rows, size_t columns);
buffer *new_result(const char *name, hrm_precision precision, size_t rows, size_t columns);

/// x · Wᵀ.
reference product(shape shape, const buffer *x, weight weight);
/// Adds a value that is exact to one of the product.
void add_exactly(reference y, size_t i, double addend);

/// Replaces the row of sums `s` by its normalized values; returns 1 / √(mean(s²) + ε).
double normalise(size_t columns, double epsilon, double *s, double *slack, double *inverse_slack);
double sigmoid(double x);
/// The relative error of a sigmoid: those of its functions, and of exp of an argument with an error
/// of one ulp.
double sigmoid_error(double x);
/// The error bound of silu(gate) · up for exact gate and up.
double swiglu_error(double gate, double up);
/// silu(gate) · up for inexact gate and up; the slope of silu is at most 1.1.
void swiglu(double gate, double gate_slack, double up, double up_slack, double *value,
            double *slack);

#endif
