// The part of the PJRT C interface that this package uses, in our own words and names.
//
// Source: openxla/xla, xla/pjrt/c/pjrt_c_api.h, API version 0.81, and its CHANGELOG.md up to 0.105.
// The layout of these structures is the binary interface, so the order and width of their fields
// must not change. Positions in the table of functions hold since API version 0.57, which rearranged
// it; later versions only append.
#ifndef CPJRT_INTERFACE_H
#define CPJRT_INTERFACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cpjrt.h"

// The two fields with which every structure begins.
#define COMMON         \
    size_t struct_size; \
    void *extensions

struct version {
    COMMON;
    int major;
    int minor;
};

struct cpjrt_extension {
    size_t struct_size;
    int type;
    const struct cpjrt_extension *next;
};

// PJRT_Api: a header, then pointers to functions. Each takes a pointer to its arguments and returns
// a `cpjrt_error *`, except Error_Destroy and Error_Message, which return nothing.
struct cpjrt_api {
    size_t struct_size;
    const struct cpjrt_extension *extensions;
    struct version version;
    void (*functions[])(void);
};

// PJRT_NamedValue
struct named_value {
    COMMON;
    const char *name;
    size_t name_size;
    int type;
    union {
        const char *text;
        int64_t integer;
        const int64_t *integers;
        float number;
        bool flag;
    } value;
    size_t value_size;
};

// Arguments of the functions; names after `PJRT_` and before `_Args`.
struct Error_Destroy { COMMON; cpjrt_error *error; };
struct Error_Message { COMMON; const cpjrt_error *error; const char *text; size_t size; };
struct Error_GetCode { COMMON; const cpjrt_error *error; int code; };

struct Plugin_Initialize { COMMON; };
struct Plugin_Attributes { COMMON; const struct named_value *values; size_t count; };

struct Event_Destroy { COMMON; void *event; };
struct Event_Await { COMMON; void *event; };

struct Client_Create {
    COMMON;
    const struct named_value *options;
    size_t option_count;
    void *get_callback;
    void *get_argument;
    void *put_callback;
    void *put_argument;
    cpjrt_client *client;
    // Since 0.61.
    void *try_get_callback;
    void *try_get_argument;
};
struct Client_Destroy { COMMON; cpjrt_client *client; };
// PlatformName and PlatformVersion of a client; Kind and DebugString of a device's description;
// Kind of a memory.
struct Described { COMMON; void *object; const char *text; size_t size; };
struct Client_AddressableDevices { COMMON; cpjrt_client *client; cpjrt_device *const *devices; size_t count; };
struct Client_DefaultDeviceAssignment {
    COMMON;
    cpjrt_client *client;
    int replicas;
    int partitions;
    size_t capacity;
    int *assignment;
};

// PJRT_Program
struct program {
    COMMON;
    char *code;
    size_t code_size;
    const char *format;
    size_t format_size;
};
struct Client_Compile {
    COMMON;
    cpjrt_client *client;
    const struct program *program;
    const char *options;
    size_t options_size;
    cpjrt_program *result;
};

struct Client_BufferFromHostBuffer {
    COMMON;
    cpjrt_client *client;
    const void *data;
    int type;
    const int64_t *dimensions;
    size_t dimension_count;
    const int64_t *byte_strides;
    size_t byte_stride_count;
    int semantics;
    cpjrt_device *device;
    void *memory;
    void *layout;
    void *done_event;
    cpjrt_buffer *buffer;
};

struct Device_GetDescription { COMMON; cpjrt_device *device; void *description; };
struct DeviceDescription_Id { COMMON; void *description; int id; };
struct Device_DefaultMemory { COMMON; cpjrt_device *device; void *memory; };
struct optional_count { int64_t value; bool is_set; };
struct Device_MemoryStats {
    COMMON;
    cpjrt_device *device;
    int64_t bytes_in_use;
    struct optional_count peak_bytes_in_use;
    struct optional_count allocations;
    struct optional_count largest_allocation;
    struct optional_count bytes_limit;
    struct optional_count bytes_reserved;
    struct optional_count peak_bytes_reserved;
    struct optional_count bytes_reservable_limit;
    struct optional_count largest_free_block;
    struct optional_count pool_bytes;
    struct optional_count peak_pool_bytes;
};

struct LoadedExecutable_Destroy { COMMON; cpjrt_program *program; };
struct LoadedExecutable_GetExecutable { COMMON; cpjrt_program *program; void *executable; };
struct LoadedExecutable_AddressableDevices { COMMON; cpjrt_program *program; cpjrt_device *const *devices; size_t count; };
struct Executable_Destroy { COMMON; void *executable; };
struct Executable_NumOutputs { COMMON; void *executable; size_t count; };
struct Executable_OutputElementTypes { COMMON; void *executable; int *types; size_t count; };
struct Executable_OutputDimensions {
    COMMON;
    void *executable;
    size_t count;
    const int64_t *dimensions;
    const size_t *ranks;
};
struct Executable_Serialize {
    COMMON;
    const void *executable;
    const char *bytes;
    size_t size;
    void *backing;
    void (*destroy)(void *backing);
};
struct Executable_DeserializeAndLoad {
    COMMON;
    cpjrt_client *client;
    const char *bytes;
    size_t size;
    cpjrt_program *program;
    // Since 0.71.
    const char *options;
    size_t options_size;
};

// PJRT_ExecuteOptions
struct execute_options {
    COMMON;
    void **send_callbacks;
    void **receive_callbacks;
    size_t send_count;
    size_t receive_count;
    int launch_id;
    const int64_t *kept_inputs;
    size_t kept_input_count;
    // Since 0.64.
    void *context;
    // Since 0.76.
    const char *call_location;
    // Since 0.78.
    size_t task_count;
    int *task_ids;
    int64_t *incarnations;
    // Since 0.97.
    void *multi_slice;
};
struct LoadedExecutable_Execute {
    COMMON;
    cpjrt_program *program;
    struct execute_options *options;
    cpjrt_buffer *const *const *arguments;
    size_t device_count;
    size_t argument_count;
    cpjrt_buffer **const *outputs;
    void **events;
    cpjrt_device *device;
};

struct Buffer_Destroy { COMMON; cpjrt_buffer *buffer; };
struct Buffer_ElementType { COMMON; cpjrt_buffer *buffer; int type; };
struct Buffer_Dimensions { COMMON; cpjrt_buffer *buffer; const int64_t *dimensions; size_t count; };
struct Buffer_IsDeleted { COMMON; cpjrt_buffer *buffer; bool is_deleted; };
struct Buffer_ReadyEvent { COMMON; cpjrt_buffer *buffer; void *event; };

// PJRT_Buffer_MemoryLayout, as a tiled layout without tiles.
struct layout {
    COMMON;
    struct {
        COMMON;
        const int64_t *minor_to_major;
        size_t minor_to_major_size;
        const int64_t *tile_dimensions;
        const size_t *tile_ranks;
        size_t tile_count;
    } tiled;
    int type;
};
struct Buffer_ToHostBuffer {
    COMMON;
    cpjrt_buffer *buffer;
    const struct layout *layout;
    void *target;
    size_t target_size;
    void *event;
};

#endif
