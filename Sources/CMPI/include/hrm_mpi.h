// Messages between the processes of an MPI job: the few functions of the system's MPI that this
// package uses, with the same types for every implementation.
//
// MPI's handles are pointers in Open MPI and integers in MPICH, and their values are macros, so Swift
// cannot use mpi.h itself. Without the package trait `MPI` every function is absent except
// `hrm_mpi_is_built_in`.
//
// Functions return 0, or an error code for `hrm_mpi_error_text`. They may be called by several
// threads; a lock admits one at a time. None of them blocks, except start and finish.
#ifndef HRM_MPI_H
#define HRM_MPI_H

#include <stddef.h>

/// What is known about this process after the start.
typedef struct {
    /// The number of this process, 0 through `size` - 1.
    int rank;
    /// The number of processes.
    int size;
    /// The number of processes on this machine.
    int local_size;
    /// 1 if several threads may use MPI, one at a time.
    int allows_threads;
} hrm_mpi_facts;

/// 1 if this build contains MPI.
int hrm_mpi_is_built_in(void);

/// Joins the job.
int hrm_mpi_start(hrm_mpi_facts *facts);

/// Begins to send `count` bytes, which must not change until the request is done.
///
/// Messages of one channel (0 or 1) from one process to another arrive in order.
int hrm_mpi_send(const void *bytes, size_t count, int peer, int channel, void **request);

/// Begins to receive at most `count` bytes.
int hrm_mpi_receive(void *bytes, size_t count, int peer, int channel, void **request);

/// Sets `done` to 1 if a request is complete, which frees it, and `count` to the number of bytes
/// received.
int hrm_mpi_test(void *request, int *done, size_t *count);

/// Withdraws a receive that nothing answers any more, and frees the request.
int hrm_mpi_withdraw(void *request);

/// Ends all processes of the job with an exit status; returns only if that fails.
void hrm_mpi_abort(int status);

/// Leaves the job.
int hrm_mpi_finish(void);

/// Writes the text of an error code, cut to the capacity and terminated.
void hrm_mpi_error_text(int code, char *text, size_t capacity);

/// Writes the name of this machine, cut to the capacity and terminated.
void hrm_mpi_machine(char *text, size_t capacity);

/// Writes the name and version of the MPI library, cut to the capacity and terminated.
void hrm_mpi_library(char *text, size_t capacity);

#endif
