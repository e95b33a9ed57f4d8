#include "hrm_mpi.h"

#ifndef HRM_MPI

int hrm_mpi_is_built_in(void) { return 0; }

#else

#if __has_include(<mpi.h>)
#include <mpi.h>
#elif __has_include(<mpi/mpi.h>)
#include <mpi/mpi.h>
#else
#error "mpi.h not found: install Open MPI or MPICH with its headers (libopenmpi-dev), or name its folder with -Xcc -I<folder>"
#endif

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/// Separate communicators, so that messages of one channel never match another's.
static MPI_Comm channels[2];

int hrm_mpi_is_built_in(void) { return 1; }

int hrm_mpi_start(hrm_mpi_facts *facts) {
    int level = 0;
    int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level);
    if (code != MPI_SUCCESS) return code;
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    facts->allows_threads = level >= MPI_THREAD_SERIALIZED;
    MPI_Comm_rank(MPI_COMM_WORLD, &facts->rank);
    MPI_Comm_size(MPI_COMM_WORLD, &facts->size);
    MPI_Comm machine;
    code = MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
    if (code != MPI_SUCCESS) return code;
    MPI_Comm_size(machine, &facts->local_size);
    MPI_Comm_free(&machine);
    for (int i = 0; i < 2; i++) {
        code = MPI_Comm_dup(MPI_COMM_WORLD, &channels[i]);
        if (code != MPI_SUCCESS) return code;
        MPI_Comm_set_errhandler(channels[i], MPI_ERRORS_RETURN);
    }
    return 0;
}

int hrm_mpi_send(const void *bytes, size_t count, int peer, int channel, void **request) {
    MPI_Request *own = malloc(sizeof(MPI_Request));
    pthread_mutex_lock(&lock);
    int code = MPI_Isend(bytes, (int)count, MPI_BYTE, peer, 0, channels[channel], own);
    pthread_mutex_unlock(&lock);
    *request = own;
    return code;
}

int hrm_mpi_receive(void *bytes, size_t count, int peer, int channel, void **request) {
    MPI_Request *own = malloc(sizeof(MPI_Request));
    pthread_mutex_lock(&lock);
    int code = MPI_Irecv(bytes, (int)count, MPI_BYTE, peer, 0, channels[channel], own);
    pthread_mutex_unlock(&lock);
    *request = own;
    return code;
}

int hrm_mpi_test(void *request, int *done, size_t *count) {
    MPI_Status status;
    int bytes = 0;
    pthread_mutex_lock(&lock);
    int code = MPI_Test(request, done, &status);
    if (code == MPI_SUCCESS && *done) MPI_Get_count(&status, MPI_BYTE, &bytes);
    pthread_mutex_unlock(&lock);
    if (code == MPI_SUCCESS && *done) free(request);
    *count = bytes > 0 ? (size_t)bytes : 0;
    return code;
}

int hrm_mpi_withdraw(void *request) {
    pthread_mutex_lock(&lock);
    int code = MPI_Cancel(request);
    if (code == MPI_SUCCESS) code = MPI_Request_free(request);
    pthread_mutex_unlock(&lock);
    free(request);
    return code;
}

void hrm_mpi_abort(int status) {
    // Another thread may be stuck in MPI, and so may the abort: the alarm ends this process then.
    signal(SIGALRM, SIG_DFL);
    sigset_t alarms;
    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    pthread_sigmask(SIG_UNBLOCK, &alarms, NULL);
    alarm(3);
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 1;
    pthread_mutex_timedlock(&lock, &limit);
    MPI_Abort(MPI_COMM_WORLD, status);
}

int hrm_mpi_finish(void) {
    pthread_mutex_lock(&lock);
    for (int i = 0; i < 2; i++) MPI_Comm_free(&channels[i]);
    int code = MPI_Finalize();
    pthread_mutex_unlock(&lock);
    return code;
}

static void copy(const char *text, char *target, size_t capacity) {
    if (capacity > 0) snprintf(target, capacity, "%s", text);
}

void hrm_mpi_error_text(int code, char *text, size_t capacity) {
    char buffer[MPI_MAX_ERROR_STRING + 1] = "";
    int length = 0;
    pthread_mutex_lock(&lock);
    MPI_Error_string(code, buffer, &length);
    pthread_mutex_unlock(&lock);
    copy(buffer, text, capacity);
}

void hrm_mpi_machine(char *text, size_t capacity) {
    char buffer[MPI_MAX_PROCESSOR_NAME + 1] = "";
    int length = 0;
    pthread_mutex_lock(&lock);
    MPI_Get_processor_name(buffer, &length);
    pthread_mutex_unlock(&lock);
    copy(buffer, text, capacity);
}

void hrm_mpi_library(char *text, size_t capacity) {
    char buffer[MPI_MAX_LIBRARY_VERSION_STRING + 1] = "";
    int length = 0;
    pthread_mutex_lock(&lock);
    MPI_Get_library_version(buffer, &length);
    pthread_mutex_unlock(&lock);
    copy(buffer, text, capacity);
}

#endif
