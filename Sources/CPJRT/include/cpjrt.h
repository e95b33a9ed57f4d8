// Calls of a PJRT plug-in: a shared library that exports `GetPjrtApi`.
//
// Nothing is linked: plug-ins are opened while the program runs. Every function that returns a
// `cpjrt_error *` returns NULL if it succeeded; an error must be destroyed with `cpjrt_error_destroy`.
// No function checks that the plug-in has what it calls: ask `cpjrt_has` before.
#ifndef CPJRT_H
#define CPJRT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cpjrt_api cpjrt_api;
typedef struct cpjrt_extension cpjrt_extension;
typedef struct cpjrt_error cpjrt_error;
typedef struct cpjrt_client cpjrt_client;
typedef struct cpjrt_device cpjrt_device;
typedef struct cpjrt_program cpjrt_program;
typedef struct cpjrt_buffer cpjrt_buffer;

// X(position in the table, name after `PJRT_`, 1 if nothing runs without it)
#define CPJRT_FUNCTIONS(X)                        \
    X(0, Error_Destroy, 1)                        \
    X(1, Error_Message, 1)                        \
    X(2, Error_GetCode, 1)                        \
    X(3, Plugin_Initialize, 0)                    \
    X(4, Plugin_Attributes, 0)                    \
    X(5, Event_Destroy, 1)                        \
    X(8, Event_Await, 1)                          \
    X(10, Client_Create, 1)                       \
    X(11, Client_Destroy, 1)                      \
    X(12, Client_PlatformName, 1)                 \
    X(14, Client_PlatformVersion, 0)              \
    X(16, Client_AddressableDevices, 1)           \
    X(20, Client_Compile, 1)                      \
    X(21, Client_DefaultDeviceAssignment, 0)      \
    X(22, Client_BufferFromHostBuffer, 1)         \
    X(23, DeviceDescription_Id, 1)                \
    X(26, DeviceDescription_Kind, 0)              \
    X(29, Device_GetDescription, 1)               \
    X(33, Device_DefaultMemory, 0)                \
    X(34, Device_MemoryStats, 0)                  \
    X(36, Memory_Kind, 0)                         \
    X(40, Executable_Destroy, 1)                  \
    X(44, Executable_NumOutputs, 1)               \
    X(49, Executable_Serialize, 0)                \
    X(50, LoadedExecutable_Destroy, 1)            \
    X(51, LoadedExecutable_GetExecutable, 1)      \
    X(52, LoadedExecutable_AddressableDevices, 1) \
    X(55, LoadedExecutable_Execute, 1)            \
    X(56, Executable_DeserializeAndLoad, 0)       \
    X(58, Buffer_Destroy, 1)                      \
    X(59, Buffer_ElementType, 1)                  \
    X(60, Buffer_Dimensions, 1)                   \
    X(68, Buffer_IsDeleted, 0)                    \
    X(70, Buffer_ToHostBuffer, 1)                 \
    X(72, Buffer_ReadyEvent, 0)                   \
    X(90, Executable_OutputElementTypes, 0)       \
    X(91, Executable_OutputDimensions, 0)

enum {
#define X(position, name, required) CPJRT_##name = position,
    CPJRT_FUNCTIONS(X)
#undef X
};

// The functions that are used; NULL behind the last.
typedef struct {
    const char *name;
    int position;
    bool is_required;
} cpjrt_function;
const cpjrt_function *cpjrt_function_at(size_t index);

// Opens a plug-in, and stores the address of its table; returns NULL or a message to be freed with
// `free`. The library stays open until the process ends.
char *cpjrt_open(const char *path, const cpjrt_api **api);

// Facts of the table, which may be read in every version.
size_t cpjrt_table_size(const cpjrt_api *api);
size_t cpjrt_version_size(const cpjrt_api *api);
int cpjrt_major(const cpjrt_api *api);
int cpjrt_minor(const cpjrt_api *api);
// True if the table reaches as far as this function and has it.
bool cpjrt_has(const cpjrt_api *api, int position);
const cpjrt_extension *cpjrt_extensions(const cpjrt_api *api);
const cpjrt_extension *cpjrt_extension_next(const cpjrt_extension *extension);
int cpjrt_extension_type(const cpjrt_extension *extension);
size_t cpjrt_extension_size(const cpjrt_extension *extension);

int cpjrt_error_code(const cpjrt_api *api, const cpjrt_error *error);
// The message, which ends with the error and not with a zero byte.
const char *cpjrt_error_message(const cpjrt_api *api, const cpjrt_error *error, size_t *size);
void cpjrt_error_destroy(const cpjrt_api *api, cpjrt_error *error);

enum { CPJRT_TEXT = 0, CPJRT_INTEGER = 1, CPJRT_INTEGERS = 2, CPJRT_NUMBER = 3, CPJRT_FLAG = 4 };

// A named value; `text` and `integers` belong to the caller or, if read, to the plug-in.
typedef struct {
    const char *name;
    size_t name_size;
    int type;
    const char *text;
    const int64_t *integers;
    // The bytes of `text`, or the count of `integers`.
    size_t size;
    int64_t integer;
    float number;
    bool flag;
} cpjrt_value;

cpjrt_error *cpjrt_initialize(const cpjrt_api *api);
// The attributes of the plug-in, an opaque array with `count` elements for `cpjrt_attribute_at`.
cpjrt_error *cpjrt_attributes(const cpjrt_api *api, const void **attributes, size_t *count);
cpjrt_value cpjrt_attribute_at(const void *attributes, size_t index);

cpjrt_error *cpjrt_client_create(
    const cpjrt_api *api, const cpjrt_value *options, size_t count, cpjrt_client **client);
cpjrt_error *cpjrt_client_destroy(const cpjrt_api *api, cpjrt_client *client);
// Texts end with their object and not with a zero byte.
cpjrt_error *cpjrt_client_platform(
    const cpjrt_api *api, cpjrt_client *client, const char **text, size_t *size);
cpjrt_error *cpjrt_client_platform_version(
    const cpjrt_api *api, cpjrt_client *client, const char **text, size_t *size);
cpjrt_error *cpjrt_client_devices(
    const cpjrt_api *api, cpjrt_client *client, cpjrt_device *const **devices, size_t *count);
// Stores the identifiers of the devices of all replicas and partitions, partitions fastest.
cpjrt_error *cpjrt_client_assignment(
    const cpjrt_api *api, cpjrt_client *client, int replicas, int partitions, int *assignment,
    size_t capacity);
cpjrt_error *cpjrt_device_id(const cpjrt_api *api, cpjrt_device *device, int *id);
cpjrt_error *cpjrt_device_kind(
    const cpjrt_api *api, cpjrt_device *device, const char **text, size_t *size);
cpjrt_error *cpjrt_device_memory_kind(
    const cpjrt_api *api, cpjrt_device *device, const char **text, size_t *size);
// Stores bytes in use and the limit; the limit is -1 if the plug-in does not tell it.
cpjrt_error *cpjrt_device_memory(
    const cpjrt_api *api, cpjrt_device *device, int64_t *in_use, int64_t *limit);

cpjrt_error *cpjrt_compile(
    const cpjrt_api *api, cpjrt_client *client, const char *code, size_t code_size,
    const char *options, size_t options_size, cpjrt_program **program);
cpjrt_error *cpjrt_program_destroy(const cpjrt_api *api, cpjrt_program *program);
cpjrt_error *cpjrt_program_devices(
    const cpjrt_api *api, cpjrt_program *program, cpjrt_device *const **devices, size_t *count);

// The results of a program. Types and dimensions are copied by `copy`, which must not keep them.
cpjrt_error *cpjrt_program_output_count(
    const cpjrt_api *api, cpjrt_program *program, size_t *count);
cpjrt_error *cpjrt_program_outputs(
    const cpjrt_api *api, cpjrt_program *program,
    void (*copy)(
        void *context, size_t count, const int *types, const size_t *ranks,
        const int64_t *dimensions),
    void *context);
cpjrt_error *cpjrt_program_serialize(
    const cpjrt_api *api, cpjrt_program *program,
    void (*copy)(void *context, const char *bytes, size_t size), void *context);
cpjrt_error *cpjrt_program_load(
    const cpjrt_api *api, cpjrt_client *client, const char *bytes, size_t size,
    cpjrt_program **program);

// Starts a program on all its devices: `arguments` has `device_count` times `argument_count`
// buffers, `outputs` room for `device_count` times `output_count`. `kept` lists arguments that must
// not be donated. Waits for the end if `waits`.
cpjrt_error *cpjrt_execute(
    const cpjrt_api *api, cpjrt_program *program, cpjrt_buffer *const *arguments,
    size_t device_count, size_t argument_count, cpjrt_buffer **outputs, size_t output_count,
    const int64_t *kept, size_t kept_count, bool waits);

// Copies bytes, row-major, to a device; they are not used after the call.
cpjrt_error *cpjrt_buffer_create(
    const cpjrt_api *api, cpjrt_client *client, cpjrt_device *device, const void *data, int type,
    const int64_t *dimensions, size_t dimension_count, cpjrt_buffer **buffer);
cpjrt_error *cpjrt_buffer_destroy(const cpjrt_api *api, cpjrt_buffer *buffer);
cpjrt_error *cpjrt_buffer_type(const cpjrt_api *api, cpjrt_buffer *buffer, int *type);
cpjrt_error *cpjrt_buffer_dimensions(
    const cpjrt_api *api, cpjrt_buffer *buffer, const int64_t **dimensions, size_t *count);
cpjrt_error *cpjrt_buffer_is_deleted(
    const cpjrt_api *api, cpjrt_buffer *buffer, bool *is_deleted);
cpjrt_error *cpjrt_buffer_wait(const cpjrt_api *api, cpjrt_buffer *buffer);
// Stores the bytes that `cpjrt_buffer_read` needs, row-major.
cpjrt_error *cpjrt_buffer_size(
    const cpjrt_api *api, cpjrt_buffer *buffer, size_t rank, size_t *size);
// Copies a buffer, row-major, and waits for the end.
cpjrt_error *cpjrt_buffer_read(
    const cpjrt_api *api, cpjrt_buffer *buffer, size_t rank, void *target, size_t size);

// The version of the C library that runs, for instance "2.36"; empty if it is not GNU's.
const char *cpjrt_libc_version(void);

#endif
