// Checks every function of every kernel path that this machine can run against plain arithmetic in
// double: any size, any stride, and no access outside the memory of the call.
//
//     kernel_checks [--long] [--seed N] [path ...]
//
// Without names, all paths run, or the one that HRM_KERNELS names. The exit status is 1 if a check
// failed or none ran.
#include "kernel_checks.h"

#include "counts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    const char *name;
    void (*run)(const hrm_kernels *kernels);
} path_check;

typedef struct {
    const char *name;
    void (*run)(void);
} common_check;

static const path_check path_checks[] = {
    {"pack", check_pack},
    {"linear", check_linear},
    {"linear, special values", check_linear_special},
    {"linear_add", check_linear_add},
    {"linear_rotary", check_linear_rotary},
    {"linear_residual_norm", check_linear_residual_norm},
    {"linear_swiglu", check_linear_swiglu},
    {"linear_swiglu_backward", check_linear_swiglu_backward},
    {"weight_gradient", check_weight_gradient},
    {"attention", check_attention},
    {"attention, NaN", check_attention_nan},
    {"attention_backward", check_attention_backward},
    {"norm_backward", check_norm_backward},
    {"add", check_add},
    {"transpose", check_transpose},
    {"sum_rows", check_sum_rows},
    {"embed_row", check_embed_row},
    {"accumulate_row", check_accumulate_row},
    {"adam_atan2", check_adam_atan2},
    {"adam_atan2, NaN", check_adam_atan2_nan},
    {"average", check_average},
    {"all_finite", check_all_finite},
    {"peak", check_peak},
    {"multitensor products", check_channel_products},
    {"normalise", check_normalise},
    {"nonlinear", check_nonlinear},
    {"spread, gather", check_axes},
    {"softmax", check_softmax},
    {"running_maximum, shift", check_lines},
    {"direction", check_directions},
    {"decode", check_latents},
    {"normal_numbers", check_normal_numbers},
    {"adam", check_adam},
    {"mean_linear", check_mean_linear},
    {"gated_block", check_gated_block},
    {"gated_backward", check_gated_backward},
    {"add_block", check_add_block},
    {"few", check_few},
    {"pack_stored, linear_accumulate", check_pack_stored},
    {"stored_row", check_stored_row},
    {"context_attention", check_context_attention},
    {"rms_norm, sigmoid_gate, swiglu", check_row_operations},
};

static const common_check common_checks[] = {
    {"hrm_kernels_available", check_available},
    {"hrm_convert", check_convert},
    {"hrm_flush_subnormals", check_subnormals},
};

typedef struct {
    uint64_t seed;
    const char *paths[16];
    size_t path_count;
} options;

static size_t passed, failed;

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void begin_check(uint64_t seed) {
    // The cases of a check do not depend on which other checks run.
    seed_random(seed);
    totals = (counts){0};
}

static void end_check(const char *path, const char *name, double started) {
    printf("%-12s %-24s %6zu passed %6zu failed   worst %.2f of its tolerance   %5.1f s\n", path,
           name, totals.passed_here, totals.failed_here, totals.worst_here, seconds() - started);
    fflush(stdout);
    passed += totals.passed_here;
    failed += totals.failed_here;
}

static bool wanted(options options, const char *path) {
    for (size_t i = 0; i < options.path_count; i++)
        if (!strcmp(options.paths[i], path)) return true;
    return options.path_count == 0;
}

static void check_path(const hrm_kernels *kernels, uint64_t seed) {
    for (size_t i = 0; i < COUNT(path_checks); i++) {
        const double started = seconds();
        begin_check(seed);
        path_checks[i].run(kernels);
        end_check(kernels->name, path_checks[i].name, started);
    }
}

static void check_what_is_common(uint64_t seed) {
    for (size_t i = 0; i < COUNT(common_checks); i++) {
        const double started = seconds();
        begin_check(seed);
        common_checks[i].run();
        end_check("-", common_checks[i].name, started);
    }
}

/// Every requested path must exist.
static void require_paths(options options) {
    for (size_t i = 0; i < options.path_count; i++) {
        bool found = false;
        for (size_t k = 0; hrm_kernels_available(k); k++)
            found = found || !strcmp(hrm_kernels_available(k)->name, options.paths[i]);
        if (found) continue;
        printf("this machine has no kernels named %s; it has:", options.paths[i]);
        for (size_t k = 0; hrm_kernels_available(k); k++)
            printf(" %s", hrm_kernels_available(k)->name);
        printf("\n");
        exit(1);
    }
}

static options parse(int count, char **arguments) {
    options parsed = {.seed = 20240601};
    for (int i = 1; i < count; i++) {
        if (!strcmp(arguments[i], "--long")) {
            long_run = true;
        } else if (!strcmp(arguments[i], "--seed") && i + 1 < count) {
            parsed.seed = strtoull(arguments[++i], NULL, 0);
        } else if (arguments[i][0] != '-' && parsed.path_count < COUNT(parsed.paths)) {
            parsed.paths[parsed.path_count++] = arguments[i];
        } else {
            fprintf(stderr, "usage: kernel_checks [--long] [--seed N] [path ...]\n");
            exit(1);
        }
    }
    const char *named = getenv("HRM_KERNELS");
    if (parsed.path_count == 0 && named && *named) parsed.paths[parsed.path_count++] = named;
    return parsed;
}

int main(int count, char **arguments) {
    const options options = parse(count, arguments);
    printf("seed %llu\n", (unsigned long long)options.seed);
    require_paths(options);
    watch_for_crashes();
    check_what_is_common(options.seed);
    size_t paths = 0;
    for (size_t i = 0; hrm_kernels_available(i); i++) {
        if (!wanted(options, hrm_kernels_available(i)->name)) continue;
        paths++;
        check_path(hrm_kernels_available(i), options.seed);
    }
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed || paths == 0 || passed == 0;
}
