// The kernels of the multitensor network that learns one task, one table per instruction set.
//
// Conventions
//  * A tensor is an array of float32 without gaps, positions × channels, with 2, 4, 8 or 16
//    channels (`width`). The positions are the row-major product of the tensor's axes.
//  * Weights are row-major [inputs, outputs], and products act from the right: y = x · W.
//  * A gradient of weights is added to what is there; every other output is overwritten.
//  * Addresses need only the alignment of the element. Scratch memory belongs to the caller.
#ifndef HRM_MULTITENSOR_H
#define HRM_MULTITENSOR_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// The largest number of axes of a tensor.
#define HRM_AXES 5

/// The axes of a tensor, outermost first.
typedef struct {
    size_t rank;
    size_t lengths[HRM_AXES];
} hrm_shape;

/// A tensor that lacks some axes of a larger one, and the factors of its values there.
///
/// The position with indices i of the larger tensor reads the value at Σ i · strides, and the factor
/// at Σ i · factor_strides; strides count positions.
typedef struct {
    float *values;
    size_t strides[HRM_AXES];
    const float *factors;
    size_t factor_strides[HRM_AXES];
} hrm_link;

/// A canvas of rows × columns cells for each example, and its cells that belong to a grid.
typedef struct {
    size_t examples;
    size_t colours;  // 1 for a tensor without colours
    size_t rows;
    size_t columns;
    const float *mask;  // [examples, rows, columns]: 1 in the grid, 0 outside
    /// 1 if the running maxima of diagonals have the margin of rows and columns.
    int wide_diagonals;
} hrm_canvas;

/// The maps between directions: matrix `classes[to][from]` of `count` matrices, times its factor.
typedef struct {
    size_t count;
    const int32_t *classes;  // [8, 8]
    /// 1 if (to, to + k) and (to, to − k) have the same matrix, which depends on `to` mod 2 and k.
    int mirrored;
} hrm_directions;

/// The update of one parameter by Adam; every factor is already rounded to float32.
typedef struct {
    float beta1;
    float beta2;
    float step;         // rate / (1 − β1^t)
    float second_scale; // √(1 − β2^t)
    float epsilon;
} hrm_adam;

/// The latents of one tensor, and what the backward pass needs of their decoding, each
/// [positions, 4] except for the capacity [4].
typedef struct {
    size_t positions;
    const float *mean;
    const float *adjust;
    const float *capacity;
    const float *noise;
    float *normal;     // n, the normalised mean
    float *precision;  // r, the nats of a value
    float *deviation;  // σ
    float *share;      // β
    float *statistics; // [12]: inverse deviations of the mean, scales s, derivatives ds/dt
} hrm_latents;

typedef struct {
    /// y = x · W + bias + addend; `depth` inputs, `width` outputs. y may be the addend.
    void (*product)(size_t positions, size_t depth, size_t width, const float *x, const float *w,
                    const float *_Nullable bias, const float *_Nullable addend, float *y);
    /// dx = dy · Wᵀ + addend; dx may be the addend.
    void (*product_backward)(size_t positions, size_t depth, size_t width, const float *dy,
                             const float *w, const float *_Nullable addend, float *dx);
    /// dW += xᵀ · dy.
    void (*product_gradient)(size_t positions, size_t depth, size_t width, const float *x,
                             const float *dy, float *dw);
    /// db += Σ dy.
    void (*bias_gradient)(size_t positions, size_t width, const float *dy, float *db);

    /// y = (x − mean) · inverse per channel, inverse = 1 / √(mean square deviation + 1e−8). y may
    /// be x. `mean` may be null.
    void (*normalise)(size_t positions, size_t width, const float *x, float *y,
                      float *_Nullable mean, float *inverse);
    /// dx = inverse · (dy − mean(dy) − y · mean(dy · y)) + addend. dx may be dy or the addend.
    void (*normalise_backward)(size_t positions, size_t width, const float *dy, const float *y,
                               const float *inverse, const float *_Nullable addend, float *dx);

    /// y = x + silu(x · In) · Out, In [width, 16], Out [16, width].
    void (*nonlinear)(size_t positions, size_t width, const float *x, const float *in,
                      const float *out, float *y);
    /// Adds to the gradients of both weights; dy becomes the gradient of x.
    void (*nonlinear_backward)(size_t positions, size_t width, const float *x, const float *in,
                               const float *out, float *dy, float *din, float *dout);

    /// out = base + Σ factor · value of every link.
    void (*spread)(hrm_shape shape, size_t width, const float *base, size_t count,
                   const hrm_link *links, float *out);
    /// The transposed map: adds factor · source to the values of every link.
    void (*gather)(hrm_shape shape, size_t width, const float *source, size_t count,
                   const hrm_link *links);

    /// The number of floats of scratch memory of both softmax functions.
    size_t (*softmax_scratch)(hrm_shape shape, size_t width);
    /// y = x + p · Out, where p are the softmaxes of z = x · In [width, 2] over every non-empty
    /// set of axes of `shape`, by size and then in the order of the axes; Out [2 · sets, width].
    /// Batches follow each other. Keeps e^(z − centre of z) in `exponentials` [batches, positions, 2].
    void (*softmax)(size_t batches, hrm_shape shape, size_t width, const float *x, const float *in,
                    const float *out, float *exponentials, float *y, float *scratch);
    /// Adds to the gradients of both weights; dy becomes the gradient of x.
    void (*softmax_backward)(size_t batches, hrm_shape shape, size_t width, const float *x,
                             const float *in, const float *out, const float *exponentials,
                             float *dy, float *din, float *dout, float *scratch);

    /// The number of floats of scratch memory of both running maxima.
    size_t (*lines_scratch)(size_t rows, size_t columns);
    /// The normalised running maxima of z · mask along the lines of each direction, z and y
    /// [examples, colours, 8, rows, columns, 4]; channels 0 and 2 run along the direction, 1 and 3
    /// against it, and y has the channels 0, 2, 1, 3 of z.
    void (*running_maximum)(hrm_canvas canvas, const float *z, float *y, float *scratch);
    /// dz from dy; dz may be dy.
    void (*running_maximum_backward)(hrm_canvas canvas, const float *z, const float *dy, float *dz,
                                     float *scratch);
    /// Values of z · mask one step further in the direction of their channel, 0 from outside.
    void (*shift)(hrm_canvas canvas, const float *z, float *y);
    void (*shift_backward)(hrm_canvas canvas, const float *dy, float *dz);

    /// The number of floats of scratch memory of both direction functions.
    size_t (*direction_scratch)(size_t outer, size_t inner);
    /// y[to] = x[to] + Σ factor · n[from] · M[to, from], with n the normalised x. Tensors are
    /// [outer, 8, inner, 8], matrices [count, 8, 8]. Keeps mean and inverse deviation [16].
    void (*direction)(size_t outer, size_t inner, hrm_directions directions, const float *x,
                      const float *matrices, float *statistics, float *y, float *scratch);
    /// Adds to the gradient of the matrices; dy becomes the gradient of x.
    void (*direction_backward)(size_t outer, size_t inner, hrm_directions directions,
                               const float *x, const float *matrices, const float *statistics,
                               float *dy, float *gradient, float *scratch);

    /// z = s · (β · n + σ · noise), returns Σ KL in nats; `divergences`, unless null, keeps each KL.
    double (*decode)(hrm_latents latents, float *z, float *_Nullable divergences);
    /// The gradients of Σ dz · z + Σ weights · KL; the weights are 1 if null.
    void (*decode_backward)(hrm_latents latents, const float *dz, const float *_Nullable weights,
                            float *mean, float *adjust, float *capacity);
    /// Standard normal numbers, by the method of Box and Muller, from SplitMix64 numbers.
    void (*normal_numbers)(uint64_t *state, size_t count, float *numbers);
    /// One step of Adam of `count` values.
    void (*adam)(size_t count, hrm_adam rule, float *parameter, const float *gradient,
                 float *first_moment, float *second_moment);
} hrm_multitensor_kernels;

#pragma clang assume_nonnull end
#endif
