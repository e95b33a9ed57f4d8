// AdamATan2 in double, with float32's overflow where it affects the result.
#include "kernel_checks.h"

#include <float.h>

enum { most_parts = 3 };
static const double pi = 3.14159265358979323846;

typedef struct {
    hrm_adam_atan2 rule;
    size_t count, parts;
    buffer *parameter, *first, *second, *gradients[most_parts];
} optimizer_case;

/// The rule of step 1, 2, or many: the first steps divide by little.
static hrm_adam_atan2 random_rule(void) {
    const size_t steps[] = {1, 2, 10, 1000, 100000};
    const double step = (double)PICK(steps), rate = random_below(2) ? 1e-4 : 1e-2;
    return (hrm_adam_atan2){
        .decay = (float)(1 - rate * 0.1),
        .one_minus_beta1 = 1 - 0.9f,
        .one_minus_beta2 = 1 - 0.95f,
        .step = (float)(rate / (1 - pow(0.9, step))),
        .second_scale = (float)sqrt(1 - pow(0.95, step)),
    };
}

/// Gradients and moments of any size: zero, numbers whose squares are subnormal or zero
/// in float32, and numbers whose squares overflow.
static void fill_element(optimizer_case o, size_t j) {
    static const double sizes[] = {0,    1e-41, 1e-30, 1e-20, 1e-15, 1e-8,
                                   1e-3, 1,     1,     1e6,   1e15,  1e25};
    const double size = PICK(sizes), state = random_below(3) ? size : PICK(sizes);
    const bool fresh = random_below(4) == 0, constant = random_below(8) == 0;
    for (size_t i = 0; i < o.parts; i++)
        put(o.gradients[i], 0, j, constant ? 0 : size * random_between(-2, 2));
    const double m = fresh ? 0 : state * random_between(-1, 1);
    const double v = fresh ? 0 : state * state * random_between(0.5, 2);
    put(o.first, 0, j, m);
    put(o.second, 0, j, v > 1e38 ? 1e38 : v);
    // The second moment is zero, but the first is not: a right angle.
    if (constant && random_below(2)) put(o.second, 0, j, 0);
}

static optimizer_case new_optimizer_case(size_t count, size_t parts) {
    static const char *const names[] = {"gradient 0", "gradient 1", "gradient 2"};
    optimizer_case o = {.rule = random_rule(), .count = count, .parts = parts};
    o.parameter = vector("parameter", HRM_FLOAT32, count);
    o.first = vector("first moment", HRM_FLOAT32, count);
    o.second = vector("second moment", HRM_FLOAT32, count);
    o.parameter->read_only = o.first->read_only = o.second->read_only = false;
    for (size_t i = 0; i < parts; i++) {
        o.gradients[i] = vector(names[i], HRM_FLOAT32, count);
        o.gradients[i]->read_only = false;
    }
    for (size_t j = 0; j < count; j++) fill_element(o, j);
    return o;
}

static void step(const hrm_kernels *kernels, optimizer_case o) {
    float *gradients[most_parts];
    for (size_t i = 0; i < o.parts; i++) gradients[i] = address(o.gradients[i]);
    kernels->adam_atan2(o.count, o.rule, address(o.parameter), address(o.first),
                        address(o.second), gradients, o.parts);
}

typedef struct {
    double value, slack;
} bounded;

/// `old` moved towards `new` by `share`.
static bounded moved(double old, bounded new, double share) {
    return (bounded){old + share * (new.value - old),
                     FLOAT_ULP * (fabs(old) + 3 * share * (fabs(new.value) + fabs(old)))
                         + share * new.slack + 0x1p-125};
}

/// atan2(m, √v / scale) with v ≥ 0.
static bounded angle_of(bounded m, bounded v, double scale) {
    if (m.value == 0 && m.slack <= 0x1p-125 && v.value == 0) return (bounded){0, 0};
    if (v.value > FLT_MAX) return (bounded){0, 0};
    // If v is subnormal, float32 cannot determine the angle.
    if (v.value > 0 && v.value < 1e-36) return (bounded){0, pi / 2 * (1 + 1e-6)};
    const double angle = atan2(m.value, sqrt(v.value) / scale);
    if (v.value == 0) return (bounded){angle, 1e-6 * fabs(angle)};
    const double ratio = m.value * scale / sqrt(v.value);
    const double slack = m.slack * scale / sqrt(v.value)
                         + fabs(ratio) * (v.slack / (2 * v.value) + 2 * FUNCTION_ERROR);
    return (bounded){angle, slack / (1 + ratio * ratio) + 1e-6 * fabs(angle)};
}

static void expect_step(optimizer_case o) {
    const double b1 = (double)o.rule.one_minus_beta1, b2 = (double)o.rule.one_minus_beta2;
    reference parameter = new_reference(o.count), first = new_reference(o.count);
    reference second = new_reference(o.count), zero = new_reference(o.count);
    for (size_t j = 0; j < o.count; j++) {
        bounded g = {0, 0};
        for (size_t i = 0; i < o.parts; i++) {
            g.value += was(o.gradients[i], 0, j);
            g.slack += FLOAT_ULP * fabs(was(o.gradients[i], 0, j));
        }
        if (o.parts == 1) g.slack = 0;
        const bounded square = {g.value * g.value, (2 * fabs(g.value) + g.slack) * g.slack};
        const bounded m = moved(was(o.first, 0, j), g, b1);
        const bounded v = moved(was(o.second, 0, j), square, b2);
        const bounded angle = angle_of(m, v, (double)o.rule.second_scale);
        const double decayed = was(o.parameter, 0, j) * (double)o.rule.decay;
        first.value[j] = m.value, first.slack[j] = m.slack;
        second.value[j] = square.value > FLT_MAX ? INFINITY : v.value, second.slack[j] = v.slack;
        parameter.value[j] = decayed - (double)o.rule.step * angle.value;
        parameter.slack[j] = (double)o.rule.step * (angle.slack + FLOAT_ULP * fabs(angle.value))
                             + FLOAT_ULP * fabs(decayed);
    }
    expect(o.first, first);
    expect(o.second, second);
    expect(o.parameter, parameter);
    for (size_t i = 0; i < o.parts; i++) expect(o.gradients[i], zero);
}

void check_adam_atan2(const hrm_kernels *kernels) {
    for (size_t i = 0; i < vector_size_count; i++)
        for (size_t parts = 1; parts <= most_parts; parts++)
            for (int repeat = 0; repeat < (long_run ? 200 : 20); repeat++) {
                begin_case(kernels, "adam_atan2 %zu values, %zu gradients", vector_sizes[i], parts);
                optimizer_case o = new_optimizer_case(vector_sizes[i], parts);
                seal();
                step(kernels, o);
                expect_step(o);
                end_case();
            }
}

/// A NaN gradient must make the parameter NaN; otherwise a run would continue with wrong weights.
void check_adam_atan2_nan(const hrm_kernels *kernels) {
    for (size_t i = 0; i < vector_size_count; i++) {
        begin_case(kernels, "adam_atan2 %zu values, one NaN", vector_sizes[i]);
        optimizer_case o = new_optimizer_case(vector_sizes[i], 2);
        put(o.gradients[random_below(2)], 0, random_below(vector_sizes[i]), NAN);
        seal();
        step(kernels, o);
        expect_step(o);
        end_case();
    }
}

void check_average(const hrm_kernels *kernels) {
    for (size_t i = 0; i < vector_size_count; i++) {
        const size_t count = vector_sizes[i];
        const float share = (float)random_between(0, 1);
        begin_case(kernels, "average of %zu values, share %g", count, (double)share);
        buffer *values = vector("values", HRM_FLOAT32, count);
        buffer *mean = vector("mean", HRM_FLOAT32, count);
        mean->read_only = false;
        seal();
        kernels->average(count, share, address(values), address(mean));
        reference expected = new_reference(count);
        for (size_t j = 0; j < count; j++) {
            const double new = (double)share * at(values, 0, j);
            const double old = (1 - (double)share) * was(mean, 0, j);
            expected.value[j] = new + old;
            expected.slack[j] = 3 * FLOAT_ULP * (fabs(new) + fabs(was(mean, 0, j)));
        }
        expect(mean, expected);
        end_case();
    }
}

/// Every position is checked, and nothing after the last one.
void check_all_finite(const hrm_kernels *kernels) {
    static const double odd[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < vector_size_count; i++) {
        const size_t count = vector_sizes[i];
        begin_case(kernels, "all_finite of %zu values", count);
        buffer *values = vector("values", HRM_FLOAT32, count);
        values->read_only = false;
        for (size_t j = 0; j < count; j++)
            put(values, 0, j, random_below(2) ? (double)FLT_MAX : (double)-FLT_TRUE_MIN);
        seal();
        if (!kernels->all_finite(count, address(values))) fail("finite values are refused");
        for (size_t j = 0; j < count; j++) {
            const double kept = at(values, 0, j);
            put(values, 0, j, PICK(odd));
            if (kernels->all_finite(count, address(values)))
                fail("%g at %zu is not found", at(values, 0, j), j);
            put(values, 0, j, kept);
        }
        end_case();
    }
}
