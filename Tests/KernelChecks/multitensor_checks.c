// The multitensor network: products and sums against their definitions, and every layer's forward
// pass against plain loops in double; gradients against differences of those loops.
#include "kernel_checks.h"

#include <string.h>

static const size_t widths[] = {8, 16};

static buffer *tensor(const char *name, size_t positions, size_t width) {
    return operand(name, HRM_FLOAT32, positions, width, width);
}

static buffer *output(const char *name, size_t positions, size_t width) {
    return result(name, HRM_FLOAT32, positions, width, width);
}

/// An operand that the kernel changes.
static buffer *changed(const char *name, size_t positions, size_t width) {
    buffer *target = tensor(name, positions, width);
    target->read_only = false;
    return target;
}

static size_t random_positions(void) { return PICK(((size_t[]){1, 2, 3, 7, 8, 9, 17, 64, 65, 300})); }

/// All values of a buffer when it was sealed.
static double *values_of(const buffer *source) {
    double *values = numbers(source->rows * source->columns);
    for (size_t i = 0; i < source->rows * source->columns; i++)
        values[i] = was(source, i / source->columns, i % source->columns);
    return values;
}

/// Expects values whose error is a share of the largest one.
static void expect_near(const buffer *target, const double *values, double share) {
    const size_t count = target->rows * target->columns;
    reference wanted = new_reference(count);
    double largest = 1;
    for (size_t i = 0; i < count; i++) largest = fmax(largest, fabs(values[i]));
    for (size_t i = 0; i < count; i++) {
        wanted.value[i] = values[i];
        wanted.slack[i] = share * largest;
    }
    expect(target, wanted);
}

// MARK: Products

static const hrm_multitensor_kernels *of(const hrm_kernels *kernels) { return kernels->multitensor; }

typedef struct {
    size_t depth, width;
} extents;

static const extents pairs[] = {{16, 16}, {8, 16}, {4, 16}, {2, 16}, {16, 8}, {8, 8},
                                {4, 8},   {2, 8},  {16, 4}, {8, 4},  {16, 2}, {8, 2}};

void check_channel_products(const hrm_kernels *kernels) {
    for (size_t i = 0; i < COUNT(pairs) * (long_run ? 50 : 5); i++) {
        const size_t n = random_positions(), k = pairs[i % COUNT(pairs)].depth,
                     m = pairs[i % COUNT(pairs)].width;
        const bool biased = random_below(2), added = random_below(2);
        begin_case(kernels, "product, %zu positions, %zu x %zu", n, k, m);
        buffer *x = tensor("x", n, k), *w = tensor("w", k, m), *bias = tensor("bias", 1, m);
        buffer *addend = tensor("addend", n, m), *y = output("y", n, m);
        buffer *dx = output("dx", n, k), *dw = changed("dw", k, m), *db = changed("db", 1, m);
        seal();
        of(kernels)->product(n, k, m, address(x), address(w), biased ? address(bias) : NULL,
                             added ? address(addend) : NULL, address(y));
        of(kernels)->product_backward(n, k, m, address(addend), address(w),
                                      added ? address(x) : NULL, address(dx));
        of(kernels)->product_gradient(n, k, m, address(x), address(addend), address(dw));
        of(kernels)->bias_gradient(n, m, address(addend), address(db));
        double *product = numbers(n * m), *back = numbers(n * k);
        double *gradient = values_of(dw), *bias_total = values_of(db);
        for (size_t p = 0; p < n; p++)
            for (size_t j = 0; j < m; j++) {
                const double g = at(addend, p, j);
                product[p * m + j] = (biased ? at(bias, 0, j) : 0) + (added ? g : 0);
                bias_total[j] += g;
                for (size_t c = 0; c < k; c++) {
                    product[p * m + j] += at(x, p, c) * at(w, c, j);
                    back[p * k + c] += g * at(w, c, j) + (added && j == 0 ? at(x, p, c) : 0);
                    gradient[c * m + j] += at(x, p, c) * g;
                }
            }
        expect_near(y, product, 4e-6);
        expect_near(dx, back, 4e-6);
        expect_near(dw, gradient, 1e-5);
        expect_near(db, bias_total, 1e-5);
        end_case();
    }
}

// MARK: Differences

enum { most_inputs = 4 };

/// A layer in double: inputs to an output.
typedef struct {
    size_t count;                    // of inputs
    const double *input[most_inputs];
    size_t size[most_inputs];
    size_t output_size;
    void (*forward)(const void *setting, const double *const *inputs, double *output);
    const void *setting;
} plain_layer;

static double weighted_output(plain_layer layer, const double *const *inputs, const double *u) {
    double *output = numbers(layer.output_size), sum = 0;
    layer.forward(layer.setting, inputs, output);
    for (size_t i = 0; i < layer.output_size; i++) sum += u[i] * output[i];
    return sum;
}

/// Compares the change of Σ u · output along a random direction with the sum over gradients;
/// `gradients` hold what was there before the call, if anything, in `before`.
static void expect_gradients(plain_layer layer, const double *u, buffer *const *gradients,
                             const bool *accumulated, double share) {
    const double step = 1e-5;
    const double *moved[2][most_inputs];
    double wanted = 0, size = 0;
    for (size_t i = 0; i < layer.count; i++) {
        double *ahead = numbers(layer.size[i]), *back = numbers(layer.size[i]);
        for (size_t j = 0; j < layer.size[i]; j++) {
            const double direction = random_between(-1, 1);
            const size_t row = j / gradients[i]->columns, column = j % gradients[i]->columns;
            const double slope =
                at(gradients[i], row, column)
                - (accumulated[i] ? was(gradients[i], row, column) : 0);
            wanted += slope * direction;
            size += slope * slope * direction * direction;
            ahead[j] = layer.input[i][j] + step * direction;
            back[j] = layer.input[i][j] - step * direction;
        }
        moved[0][i] = ahead;
        moved[1][i] = back;
    }
    const double difference =
        (weighted_output(layer, moved[0], u) - weighted_output(layer, moved[1], u)) / (2 * step);
    if (!(fabs(difference - wanted) <= share * (sqrt(size) + fabs(difference) + 1)))
        fail("the gradients give a slope of %g, differences give %g", wanted, difference);
}

// MARK: Norm

typedef struct {
    size_t positions, width;
} norm_setting;

static void plain_norm(const void *setting, const double *const *inputs, double *y) {
    const norm_setting s = *(const norm_setting *)setting;
    for (size_t c = 0; c < s.width; c++) {
        double mean = 0, square = 0;
        for (size_t p = 0; p < s.positions; p++) mean += inputs[0][p * s.width + c];
        mean /= (double)s.positions;
        for (size_t p = 0; p < s.positions; p++)
            square += pow(inputs[0][p * s.width + c] - mean, 2);
        const double inverse = 1 / sqrt(1e-8 + square / (double)s.positions);
        for (size_t p = 0; p < s.positions; p++)
            y[p * s.width + c] = (inputs[0][p * s.width + c] - mean) * inverse;
    }
}

void check_normalise(const hrm_kernels *kernels) {
    for (size_t i = 0; i < (long_run ? 300 : 40); i++) {
        const size_t n = random_positions(), width = PICK(((size_t[]){4, 8, 16}));
        const norm_setting setting = {n, width};
        begin_case(kernels, "normalise, %zu positions, %zu channels", n, width);
        buffer *x = tensor("x", n, width), *u = tensor("u", n, width);
        buffer *y = output("y", n, width), *dx = output("dx", n, width);
        buffer *mean = output("mean", 1, width), *inverse = output("inverse", 1, width);
        seal();
        of(kernels)->normalise(n, width, address(x), address(y), address(mean), address(inverse));
        of(kernels)->normalise_backward(n, width, address(u), address(y), address(inverse), NULL,
                                        address(dx));
        double *wanted = numbers(n * width);
        const plain_layer layer = {1, {values_of(x)}, {n * width}, n * width, plain_norm, &setting};
        plain_norm(&setting, layer.input, wanted);
        expect_near(y, wanted, 1e-5);
        // One position has no gradient, and that of two is a rounding error.
        if (n > 2) expect_gradients(layer, values_of(u), (buffer *[]){dx}, (bool[]){false}, 1e-4);
        end_case();
    }
}

// MARK: Nonlinear

static void plain_nonlinear(const void *setting, const double *const *inputs, double *y) {
    const norm_setting s = *(const norm_setting *)setting;
    for (size_t p = 0; p < s.positions; p++) {
        const double *x = inputs[0] + p * s.width;
        memcpy(y + p * s.width, x, s.width * sizeof(double));
        for (size_t h = 0; h < 16; h++) {
            double z = 0;
            for (size_t c = 0; c < s.width; c++) z += x[c] * inputs[1][c * 16 + h];
            for (size_t c = 0; c < s.width; c++)
                y[p * s.width + c] += z / (1 + exp(-z)) * inputs[2][h * s.width + c];
        }
    }
}

void check_nonlinear(const hrm_kernels *kernels) {
    for (size_t i = 0; i < (long_run ? 100 : 15); i++) {
        const size_t n = random_positions(), width = PICK(widths);
        const norm_setting setting = {n, width};
        begin_case(kernels, "nonlinear, %zu positions, %zu channels", n, width);
        buffer *x = tensor("x", n, width), *in = tensor("in", width, 16);
        buffer *out = tensor("out", 16, width), *y = output("y", n, width);
        buffer *dy = changed("dy", n, width), *din = changed("din", width, 16);
        buffer *dout = changed("dout", 16, width);
        seal();
        of(kernels)->nonlinear(n, width, address(x), address(in), address(out), address(y));
        of(kernels)->nonlinear_backward(n, width, address(x), address(in), address(out),
                                        address(dy), address(din), address(dout));
        double *wanted = numbers(n * width);
        const plain_layer layer = {3,
                                   {values_of(x), values_of(in), values_of(out)},
                                   {n * width, width * 16, width * 16},
                                   n * width,
                                   plain_nonlinear,
                                   &setting};
        plain_nonlinear(&setting, layer.input, wanted);
        expect_near(y, wanted, 1e-5);
        expect_gradients(layer, values_of(dy), (buffer *[]){dy, din, dout},
                         (bool[]){false, true, true}, 1e-4);
        end_case();
    }
}

// MARK: Axes

static hrm_shape random_shape(size_t most_axes) {
    hrm_shape shape = {1 + random_below(most_axes), {0}};
    for (size_t a = 0; a < shape.rank; a++) shape.lengths[a] = 1 + random_below(5);
    return shape;
}

static size_t positions_of(hrm_shape shape) {
    size_t positions = 1;
    for (size_t a = 0; a < shape.rank; a++) positions *= shape.lengths[a];
    return positions;
}

static size_t index_of(hrm_shape shape, size_t position, const size_t strides[HRM_AXES]) {
    size_t index = 0;
    for (size_t a = shape.rank; a-- > 0; position /= shape.lengths[a])
        index += position % shape.lengths[a] * strides[a];
    return index;
}

void check_axes(const hrm_kernels *kernels) {
    for (size_t i = 0; i < (long_run ? 500 : 60); i++) {
        const hrm_shape shape = random_shape(HRM_AXES);
        const size_t width = PICK(widths), n = positions_of(shape), missing = random_below(shape.rank);
        const size_t small = n / shape.lengths[missing];
        begin_case(kernels, "axes, %zu positions, %zu channels", n, width);
        hrm_link link = {0};
        size_t stride = 1, own = 1;
        for (size_t a = shape.rank; a-- > 0;) {
            link.strides[a] = a == missing ? 0 : stride;
            if (a != missing) stride *= shape.lengths[a];
            link.factor_strides[a] = own;
            own *= shape.lengths[a];
        }
        buffer *base = tensor("base", n, width), *values = tensor("values", small, width);
        buffer *factors = tensor("factors", n, 1), *out = output("out", n, width);
        buffer *sums = changed("sums", small, width);
        seal();
        link.values = address(values);
        link.factors = address(factors);
        of(kernels)->spread(shape, width, address(base), 1, &link, address(out));
        link.values = address(sums);
        of(kernels)->gather(shape, width, address(base), 1, &link);
        double *wanted = values_of(base), *total = values_of(sums);
        for (size_t p = 0; p < n; p++)
            for (size_t c = 0; c < width; c++) {
                const size_t at_small = index_of(shape, p, link.strides);
                wanted[p * width + c] += at(factors, p, 0) * at(values, at_small, c);
                total[at_small * width + c] += at(factors, p, 0) * at(base, p, c);
            }
        expect_near(out, wanted, 1e-6);
        expect_near(sums, total, 4e-6);
        end_case();
    }
}

// MARK: Softmax

typedef struct {
    size_t batches, width;
    hrm_shape shape;
} softmax_setting;

static bool set_precedes(size_t a, size_t b) {
    const int sizes = __builtin_popcountll(a) - __builtin_popcountll(b);
    if (sizes) return sizes < 0;
    for (size_t axis = 0;; axis++)
        if ((a >> axis & 1) != (b >> axis & 1)) return a >> axis & 1;
}

static void plain_softmax(const void *setting, const double *const *inputs, double *y) {
    const softmax_setting s = *(const softmax_setting *)setting;
    const size_t n = positions_of(s.shape), sets = ((size_t)1 << s.shape.rank) - 1;
    double *e = numbers(n), *sums = numbers(n);
    memcpy(y, inputs[0], s.batches * n * s.width * sizeof(double));
    for (size_t b = 0; b < s.batches; b++)
        for (size_t channel = 0; channel < 2; channel++) {
            const double *x = inputs[0] + b * n * s.width;
            for (size_t p = 0; p < n; p++) {
                double z = 0;
                for (size_t c = 0; c < s.width; c++)
                    z += x[p * s.width + c] * inputs[1][2 * c + channel];
                e[p] = exp(z);
            }
            for (size_t set = 1; set <= sets; set++) {
                size_t strides[HRM_AXES] = {0}, stride = 1, number = 0;
                for (size_t a = s.shape.rank; a-- > 0;)
                    if (!(set >> a & 1)) {
                        strides[a] = stride;
                        stride *= s.shape.lengths[a];
                    }
                for (size_t other = 1; other <= sets; other++)
                    number += other != set && set_precedes(other, set);
                memset(sums, 0, n * sizeof(double));
                for (size_t p = 0; p < n; p++) sums[index_of(s.shape, p, strides)] += e[p];
                for (size_t p = 0; p < n; p++)
                    for (size_t c = 0; c < s.width; c++)
                        y[(b * n + p) * s.width + c] +=
                            e[p] / sums[index_of(s.shape, p, strides)]
                            * inputs[2][(2 * number + channel) * s.width + c];
            }
        }
}

void check_softmax(const hrm_kernels *kernels) {
    for (size_t i = 0; i < (long_run ? 200 : 30); i++) {
        const softmax_setting s = {1 + random_below(3), PICK(widths), random_shape(4)};
        const size_t n = s.batches * positions_of(s.shape), width = s.width;
        const size_t rows = 2 * (((size_t)1 << s.shape.rank) - 1);
        begin_case(kernels, "softmax, %zu batches, %zu axes, %zu positions, %zu channels", s.batches,
                   s.shape.rank, n, width);
        buffer *x = tensor("x", n, width), *in = tensor("in", width, 2);
        fill(in, -0.5, 0.5);
        buffer *out = tensor("out", rows, width), *e = output("e", n, 2), *y = output("y", n, width);
        buffer *dy = changed("dy", n, width), *din = changed("din", width, 2);
        buffer *dout = changed("dout", rows, width);
        void *scratch = scratch_of(of(kernels)->softmax_scratch(s.shape, width) * sizeof(float));
        seal();
        of(kernels)->softmax(s.batches, s.shape, width, address(x), address(in), address(out),
                             address(e), address(y), scratch);
        of(kernels)->softmax_backward(s.batches, s.shape, width, address(x), address(in),
                                      address(out), address(e), address(dy), address(din),
                                      address(dout), scratch);
        double *wanted = numbers(n * width);
        const plain_layer layer = {3,
                                   {values_of(x), values_of(in), values_of(out)},
                                   {n * width, width * 2, rows * width},
                                   n * width,
                                   plain_softmax,
                                   &s};
        plain_softmax(&s, layer.input, wanted);
        expect_near(y, wanted, 1e-5);
        expect_gradients(layer, values_of(dy), (buffer *[]){dy, din, dout},
                         (bool[]){false, true, true}, 2e-4);
        end_case();
    }
}

// MARK: Lines

typedef struct {
    hrm_canvas canvas;
    bool is_shift;
    const double *mask;
} line_setting;

static const int steps[8][2] = {{1, 0},  {1, 1},   {0, 1},  {-1, 1},
                                {-1, 0}, {-1, -1}, {0, -1}, {1, -1}};

/// The masked value of a cell of a canvas, 0 outside.
static double cell_of(const line_setting *s, const double *z, size_t canvas, int x, int y,
                      size_t channel, double *inside) {
    const hrm_canvas c = s->canvas;
    *inside = 0;
    if (x < 0 || y < 0 || x >= (int)c.rows || y >= (int)c.columns) return 0;
    const size_t cells = c.rows * c.columns, cell = (size_t)x * c.columns + (size_t)y;
    *inside = s->mask[canvas / 8 / c.colours * cells + cell];
    return *inside * z[(canvas * cells + cell) * 4 + channel];
}

static void plain_lines(const void *setting, const double *const *inputs, double *y) {
    const line_setting *s = setting;
    const hrm_canvas c = s->canvas;
    static const size_t channels[4] = {0, 2, 1, 3};
    const int longest = (int)(c.rows + c.columns);
    for (size_t canvas = 0; canvas < c.examples * c.colours * 8; canvas++)
        for (int i = 0; i < (int)(c.rows * c.columns); i++)
            for (size_t j = 0; j < 4; j++) {
                const int x = i / (int)c.columns, column = i % (int)c.columns;
                const int sign = j < 2 ? 1 : -1;
                const int dx = sign * steps[canvas % 8][0], dy = sign * steps[canvas % 8][1];
                double *target =
                    y + ((size_t)canvas * c.rows * c.columns + (size_t)i) * 4 + j, inside;
                if (s->is_shift) {
                    *target = cell_of(s, inputs[0], canvas, x - dx, column - dy, channels[j],
                                      &inside);
                    continue;
                }
                double running = -1e30, high = -1e30, low = 1e30, own = 0;
                for (int t = -longest; t <= longest; t++) {
                    const int row = x + t * dx, at_column = column + t * dy;
                    if (row < 0 || at_column < 0 || row >= (int)c.rows
                        || at_column >= (int)c.columns)
                        continue;
                    const double v =
                        cell_of(s, inputs[0], canvas, row, at_column, channels[j], &inside);
                    const double far = 1000 * (1 - inside);
                    if (t == 0) own = far;
                    if (t <= 0) running = fmax(running, v - far);
                    high = fmax(high, v - far);
                    low = fmin(low, v + far);
                }
                if (canvas % 2 == 0) {
                    const double bottom = low - own - 1e-3, top = high + own + 1e-3;
                    *target = 2 * (running + own - bottom) / (top - bottom) - 1;
                } else {
                    const double margin = c.wide_diagonals ? 1e-3 : 0;
                    *target = own > 0 ? 0
                                      : 2 * (running - low + margin)
                                                / (high - low + (margin > 0 ? 2e-3 : 1e-5))
                                            - 1;
                }
            }
}

void check_lines(const hrm_kernels *kernels) {
    for (size_t i = 0; i < (long_run ? 200 : 30); i++) {
        line_setting s = {{.examples = 1 + random_below(3), .colours = 1 + random_below(3),
                           .rows = 1 + random_below(5), .columns = 1 + random_below(6),
                           .mask = (const float[]){0}, .wide_diagonals = (int)random_below(2)},
                          false,
                          NULL};
        const size_t cells = s.canvas.rows * s.canvas.columns;
        const size_t n = s.canvas.examples * s.canvas.colours * 8 * cells;
        begin_case(kernels, "lines, %zu x %zu canvases of %zu x %zu", s.canvas.examples,
                   s.canvas.colours, s.canvas.rows, s.canvas.columns);
        buffer *z = tensor("z", n, 4), *mask = tensor("mask", s.canvas.examples, cells);
        for (size_t e = 0; e < s.canvas.examples; e++)
            for (size_t p = 0; p < cells; p++) put(mask, e, p, p == 0 || random_below(4) > 0);
        buffer *most = output("most", n, 4), *moved = output("moved", n, 4);
        buffer *dy = tensor("dy", n, 4), *back = output("back", n, 4), *dz = changed("dz", n, 4);
        void *scratch = scratch_of(
            of(kernels)->lines_scratch(s.canvas.rows, s.canvas.columns) * sizeof(float));
        seal();
        s.canvas.mask = address(mask);
        s.mask = values_of(mask);
        of(kernels)->running_maximum(s.canvas, address(z), address(most), scratch);
        of(kernels)->running_maximum_backward(s.canvas, address(z), address(dz), address(dz),
                                              scratch);
        of(kernels)->shift(s.canvas, address(z), address(moved));
        of(kernels)->shift_backward(s.canvas, address(dy), address(back));
        double *wanted = numbers(n * 4);
        plain_layer layer = {1, {values_of(z)}, {n * 4}, n * 4, plain_lines, &s};
        plain_lines(&s, layer.input, wanted);
        expect_near(most, wanted, 1e-4);
        s.is_shift = true;
        plain_lines(&s, layer.input, wanted);
        expect_near(moved, wanted, 1e-7);
        expect_gradients(layer, values_of(dy), (buffer *[]){back}, (bool[]){false}, 1e-5);
        s.is_shift = false;
        // The wide margin keeps differences meaningful where values are close.
        if (s.canvas.wide_diagonals)
            expect_gradients(layer, values_of(dz), (buffer *[]){dz}, (bool[]){false}, 5e-2);
        end_case();
    }
}

// MARK: Directions

typedef struct {
    size_t outer, inner;
    hrm_directions directions;
} direction_setting;

static void plain_directions(const void *setting, const double *const *inputs, double *y) {
    const direction_setting *s = setting;
    static const double factors[8] = {1, 0.2, 0.4, 0.2, 1, 0.2, 0.4, 0.2};
    const size_t n = s->outer * 8 * s->inner;
    double *normal = numbers(n * 8);
    plain_norm(&(norm_setting){n, 8}, inputs, normal);
    memcpy(y, inputs[0], n * 8 * sizeof(double));
    for (size_t o = 0; o < s->outer; o++)
        for (size_t p = 0; p < s->inner; p++)
            for (size_t to = 0; to < 8; to++)
                for (size_t from = 0; from < 8; from++) {
                    const double *matrix =
                        inputs[1] + s->directions.classes[to * 8 + from] * 64;
                    const double *value = normal + ((o * 8 + from) * s->inner + p) * 8;
                    for (size_t k = 0; k < 8; k++)
                        for (size_t m = 0; m < 8; m++)
                            y[((o * 8 + to) * s->inner + p) * 8 + m] +=
                                factors[(from + 8 - to) % 8] * value[k] * matrix[k * 8 + m];
                }
}

void check_directions(const hrm_kernels *kernels) {
    for (size_t i = 0; i < (long_run ? 100 : 16); i++) {
        int32_t classes[64];
        direction_setting s = {1 + random_below(5), 1 + random_below(20), {0}};
        s.directions = (hrm_directions){10, classes, (int)random_below(2)};
        for (size_t to = 0; to < 8; to++)
            for (size_t from = 0; from < 8; from++) {
                const size_t step = (from + 8 - to) % 8;
                classes[to * 8 + from] = (int32_t)(s.directions.mirrored
                                                       ? 5 * (to % 2) + (step < 5 ? step : 8 - step)
                                                       : random_below(10));
            }
        const size_t n = s.outer * 8 * s.inner;
        begin_case(kernels, "directions, [%zu, 8, %zu]", s.outer, s.inner);
        buffer *x = tensor("x", n, 8), *matrices = tensor("matrices", 80, 8);
        buffer *y = output("y", n, 8), *statistics = output("statistics", 2, 8);
        buffer *dy = changed("dy", n, 8), *gradient = changed("gradient", 80, 8);
        void *scratch =
            scratch_of(of(kernels)->direction_scratch(s.outer, s.inner) * sizeof(float));
        seal();
        of(kernels)->direction(s.outer, s.inner, s.directions, address(x), address(matrices),
                               address(statistics), address(y), scratch);
        of(kernels)->direction_backward(s.outer, s.inner, s.directions, address(x),
                                        address(matrices), address(statistics), address(dy),
                                        address(gradient), scratch);
        double *wanted = numbers(n * 8);
        const plain_layer layer = {2,     {values_of(x), values_of(matrices)}, {n * 8, 640},
                                   n * 8, plain_directions,                    &s};
        plain_directions(&s, layer.input, wanted);
        expect_near(y, wanted, 1e-5);
        expect_gradients(layer, values_of(dy), (buffer *[]){dy, gradient}, (bool[]){false, true},
                         2e-4);
        end_case();
    }
}

// MARK: Latents

typedef struct {
    size_t positions;
    const double *noise, *weights;
} latent_setting;

/// z, followed by the KL divergences; inputs are mean, adjustment and capacity.
static void plain_decode(const void *setting, const double *const *inputs, double *y) {
    const latent_setting *s = setting;
    const size_t n = s->positions;
    double *normal = numbers(n * 4);
    plain_norm(&(norm_setting){n, 4}, inputs, normal);
    for (size_t c = 0; c < 4; c++) {
        double centre = 0;
        for (size_t p = 0; p < n; p++) centre += inputs[1][p * 4 + c] / (double)n;
        const double tau = 10 * inputs[2][c], all = 4.0 * (double)n;
        const double scale = 1 - exp(-2 * (10000 * exp(tau) + 0.5) / all);
        for (size_t p = 0; p < n; p++) {
            const size_t i = p * 4 + c;
            const double r = (10000 * exp(tau + inputs[1][i] - centre) + 0.5) / all;
            const double sigma = exp(-r), share = sqrt(1 - sigma * sigma);
            y[i] = scale * (share * normal[i] + sigma * s->noise[i]);
            y[n * 4 + i] =
                0.5 * (sigma * sigma + share * share * normal[i] * normal[i] - 1) + r;
        }
    }
}

void check_latents(const hrm_kernels *kernels) {
    for (size_t i = 0; i < (long_run ? 200 : 30); i++) {
        const size_t n = 2 + random_positions();
        begin_case(kernels, "latents, %zu positions", n);
        buffer *mean = tensor("mean", n, 4), *adjust = tensor("adjust", n, 4);
        buffer *capacity = tensor("capacity", 1, 4), *noise = tensor("noise", n, 4);
        fill(capacity, -0.9, -0.3);
        buffer *normal = output("normal", n, 4), *precision = output("precision", n, 4);
        buffer *deviation = output("deviation", n, 4), *share = output("share", n, 4);
        buffer *statistics = output("statistics", 3, 4), *z = output("z", n, 4);
        buffer *divergences = output("divergences", n, 4);
        buffer *u = tensor("u", n, 4), *weights = tensor("weights", n, 4);
        buffer *dmean = output("dmean", n, 4), *dadjust = output("dadjust", n, 4);
        buffer *dcapacity = output("dcapacity", 1, 4);
        seal();
        const hrm_latents latents = {n,
                                     address(mean),
                                     address(adjust),
                                     address(capacity),
                                     address(noise),
                                     address(normal),
                                     address(precision),
                                     address(deviation),
                                     address(share),
                                     address(statistics)};
        const double total = of(kernels)->decode(latents, address(z), address(divergences));
        of(kernels)->decode_backward(latents, address(u), address(weights), address(dmean),
                                     address(dadjust), address(dcapacity));
        const latent_setting setting = {n, values_of(noise), NULL};
        const plain_layer layer = {3,
                                   {values_of(mean), values_of(adjust), values_of(capacity)},
                                   {n * 4, n * 4, 4},
                                   n * 8,
                                   plain_decode,
                                   &setting};
        double *wanted = numbers(n * 8), *upstream = numbers(n * 8), sum = 0;
        plain_decode(&setting, layer.input, wanted);
        for (size_t j = 0; j < n * 4; j++) {
            upstream[j] = at(u, j / 4, j % 4);
            upstream[n * 4 + j] = at(weights, j / 4, j % 4);
            sum += wanted[n * 4 + j];
        }
        expect_near(z, wanted, 1e-5);
        expect_near(divergences, wanted + n * 4, 1e-5);
        if (!(fabs(total - sum) <= 1e-5 * fabs(sum))) fail("Σ KL is %g, not %g", total, sum);
        expect_gradients(layer, upstream, (buffer *[]){dmean, dadjust, dcapacity},
                         (bool[]){false, false, false}, 5e-4);
        end_case();
    }
}

void check_normal_numbers(const hrm_kernels *kernels) {
    for (size_t i = 0; i < vector_size_count; i++) {
        const size_t count = vector_sizes[i];
        begin_case(kernels, "normal_numbers, %zu numbers", count);
        buffer *drawn = output("numbers", 1, count);
        seal();
        uint64_t state = 7;
        of(kernels)->normal_numbers(&state, count, address(drawn));
        for (size_t j = 0; j < count; j++)
            if (!(fabs(at(drawn, 0, j)) < 7)) fail("number %zu is %g", j, at(drawn, 0, j));
        end_case();
    }
    const size_t count = 100000;
    begin_case(kernels, "normal_numbers, moments");
    buffer *drawn = output("numbers", 1, count);
    seal();
    uint64_t state = random_below(1000);
    of(kernels)->normal_numbers(&state, count, address(drawn));
    double moments[5] = {0};
    for (size_t j = 0; j < count; j++)
        for (size_t m = 1; m < 5; m++) moments[m] += pow(at(drawn, 0, j), (double)m) / count;
    // Five standard errors.
    if (fabs(moments[1]) > 0.016 || fabs(moments[2] - 1) > 0.023 || fabs(moments[3]) > 0.062
        || fabs(moments[4] - 3) > 0.16)
        fail("moments %g, %g, %g, %g", moments[1], moments[2], moments[3], moments[4]);
    end_case();
}

// MARK: Adam

void check_adam(const hrm_kernels *kernels) {
    for (size_t i = 0; i < vector_size_count * (long_run ? 20 : 2); i++) {
        const size_t count = vector_sizes[i % vector_size_count];
        const double t = (double)(1 + random_below(20));
        const hrm_adam rule = {0.5f, 0.9f, (float)(0.01 / (1 - pow(0.5, t))),
                               (float)sqrt(1 - pow(0.9, t)), 1e-8f};
        begin_case(kernels, "adam, %zu values", count);
        buffer *p = changed("parameter", 1, count), *g = tensor("gradient", 1, count);
        buffer *m = changed("first", 1, count), *v = changed("second", 1, count);
        fill(v, 0, 4);
        for (size_t j = 0; j < count; j++)
            if (random_below(4) == 0) put(g, 0, j, 0), put(m, 0, j, 0), put(v, 0, j, 0);
        seal();
        of(kernels)->adam(count, rule, address(p), address(g), address(m), address(v));
        double *parameter = values_of(p), *first = values_of(m), *second = values_of(v);
        for (size_t j = 0; j < count; j++) {
            first[j] = 0.5 * first[j] + 0.5 * at(g, 0, j);
            second[j] = 0.9f * second[j] + (1 - 0.9f) * at(g, 0, j) * at(g, 0, j);
            parameter[j] -= rule.step * first[j]
                            / (sqrt(second[j]) / rule.second_scale + rule.epsilon);
        }
        expect_near(m, first, 1e-6);
        expect_near(v, second, 1e-6);
        expect_near(p, parameter, 1e-6);
        end_case();
    }
}
