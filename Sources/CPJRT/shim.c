#include "interface.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

// Declares the arguments of a function with their size; all other fields are zero.
#define ARGUMENTS(type) struct type arguments = {.struct_size = sizeof(struct type)}
// The size of a structure up to a field. The interface counts no padding behind the last field.
#define SIZE_TO(type, last) (offsetof(struct type, last) + sizeof(((struct type *)0)->last))
#define EXACT(type, last) struct type arguments = {.struct_size = SIZE_TO(type, last)}
#define AT(position) ((cpjrt_error * (*)(void *)) api->functions[position])
#define CALL(name) (AT(CPJRT_##name)(&arguments))
#define TRY(call)                          \
    do {                                   \
        cpjrt_error *error_of_call = call; \
        if (error_of_call) return error_of_call; \
    } while (0)

static const cpjrt_function used[] = {
#define X(position, name, required) {#name, position, required},
    CPJRT_FUNCTIONS(X)
#undef X
};

const cpjrt_function *cpjrt_function_at(size_t index) {
    return index < sizeof used / sizeof *used ? &used[index] : NULL;
}

// MARK: The library

char *cpjrt_open(const char *path, const cpjrt_api **api) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *reason = dlerror();
        return strdup(reason ? reason : "the system does not say why");
    }
    const cpjrt_api *(*get)(void) = NULL;
    // ISO C has no conversion from an object's address to a function's; POSIX has.
    *(void **)&get = dlsym(library, "GetPjrtApi");
    if (!get) return strdup("it has no function GetPjrtApi, so it is no PJRT plug-in");
    *api = get();
    return *api ? NULL : strdup("its function GetPjrtApi returns nothing");
}

size_t cpjrt_table_size(const cpjrt_api *api) { return api->struct_size; }
size_t cpjrt_version_size(const cpjrt_api *api) { return api->version.struct_size; }
int cpjrt_major(const cpjrt_api *api) { return api->version.major; }
int cpjrt_minor(const cpjrt_api *api) { return api->version.minor; }

bool cpjrt_has(const cpjrt_api *api, int position) {
    size_t end =
        offsetof(struct cpjrt_api, functions) + ((size_t)position + 1) * sizeof(api->functions[0]);
    return end <= api->struct_size && api->functions[position] != NULL;
}

const cpjrt_extension *cpjrt_extensions(const cpjrt_api *api) { return api->extensions; }
const cpjrt_extension *cpjrt_extension_next(const cpjrt_extension *extension) {
    return extension->next;
}
int cpjrt_extension_type(const cpjrt_extension *extension) { return extension->type; }
size_t cpjrt_extension_size(const cpjrt_extension *extension) { return extension->struct_size; }

const char *cpjrt_libc_version(void) {
#ifdef __GLIBC__
    return gnu_get_libc_version();
#else
    return "";
#endif
}

// MARK: Errors and values

int cpjrt_error_code(const cpjrt_api *api, const cpjrt_error *error) {
    EXACT(Error_GetCode, code);
    arguments.error = error;
    cpjrt_error *failure = CALL(Error_GetCode);
    if (failure) {
        cpjrt_error_destroy(api, failure);
        return 2;  // UNKNOWN
    }
    return arguments.code;
}

const char *cpjrt_error_message(const cpjrt_api *api, const cpjrt_error *error, size_t *size) {
    ARGUMENTS(Error_Message);
    arguments.error = error;
    ((void (*)(void *))api->functions[CPJRT_Error_Message])(&arguments);
    *size = arguments.text ? arguments.size : 0;
    return arguments.text;
}

void cpjrt_error_destroy(const cpjrt_api *api, cpjrt_error *error) {
    ARGUMENTS(Error_Destroy);
    arguments.error = error;
    ((void (*)(void *))api->functions[CPJRT_Error_Destroy])(&arguments);
}

cpjrt_error *cpjrt_initialize(const cpjrt_api *api) {
    ARGUMENTS(Plugin_Initialize);
    return CALL(Plugin_Initialize);
}

cpjrt_error *cpjrt_attributes(const cpjrt_api *api, const void **attributes, size_t *count) {
    ARGUMENTS(Plugin_Attributes);
    TRY(CALL(Plugin_Attributes));
    *attributes = arguments.values;
    *count = arguments.count;
    return NULL;
}

cpjrt_value cpjrt_attribute_at(const void *attributes, size_t index) {
    const struct named_value *value = (const struct named_value *)attributes + index;
    cpjrt_value result = {
        .name = value->name, .name_size = value->name_size, .type = value->type,
        .size = value->value_size};
    switch (value->type) {
    case CPJRT_TEXT: result.text = value->value.text; break;
    case CPJRT_INTEGER: result.integer = value->value.integer; break;
    case CPJRT_INTEGERS: result.integers = value->value.integers; break;
    case CPJRT_NUMBER: result.number = value->value.number; break;
    case CPJRT_FLAG: result.flag = value->value.flag; break;
    default: break;
    }
    return result;
}

// MARK: The client

cpjrt_error *cpjrt_client_create(
    const cpjrt_api *api, const cpjrt_value *options, size_t count, cpjrt_client **client) {
    struct named_value *values = count ? calloc(count, sizeof *values) : NULL;
    if (count && !values) abort();
    for (size_t i = 0; i < count; i++) {
        struct named_value *value = &values[i];
        value->struct_size = SIZE_TO(named_value, value_size);
        value->name = options[i].name;
        value->name_size = options[i].name_size;
        value->type = options[i].type;
        value->value_size = 1;
        switch (options[i].type) {
        case CPJRT_TEXT:
            value->value.text = options[i].text;
            value->value_size = options[i].size;
            break;
        case CPJRT_INTEGER: value->value.integer = options[i].integer; break;
        case CPJRT_INTEGERS:
            value->value.integers = options[i].integers;
            value->value_size = options[i].size;
            break;
        case CPJRT_NUMBER: value->value.number = options[i].number; break;
        default: value->value.flag = options[i].flag; break;
        }
    }
    ARGUMENTS(Client_Create);
    if (api->version.minor < 61) arguments.struct_size = SIZE_TO(Client_Create, client);
    arguments.options = values;
    arguments.option_count = count;
    cpjrt_error *error = CALL(Client_Create);
    free(values);
    if (!error) *client = arguments.client;
    return error;
}

cpjrt_error *cpjrt_client_destroy(const cpjrt_api *api, cpjrt_client *client) {
    ARGUMENTS(Client_Destroy);
    arguments.client = client;
    return CALL(Client_Destroy);
}

static cpjrt_error *describe(
    const cpjrt_api *api, int position, void *object, const char **text, size_t *size) {
    ARGUMENTS(Described);
    arguments.object = object;
    TRY(AT(position)(&arguments));
    *text = arguments.text;
    *size = arguments.text ? arguments.size : 0;
    return NULL;
}

cpjrt_error *cpjrt_client_platform(
    const cpjrt_api *api, cpjrt_client *client, const char **text, size_t *size) {
    return describe(api, CPJRT_Client_PlatformName, client, text, size);
}

cpjrt_error *cpjrt_client_platform_version(
    const cpjrt_api *api, cpjrt_client *client, const char **text, size_t *size) {
    return describe(api, CPJRT_Client_PlatformVersion, client, text, size);
}

cpjrt_error *cpjrt_client_devices(
    const cpjrt_api *api, cpjrt_client *client, cpjrt_device *const **devices, size_t *count) {
    ARGUMENTS(Client_AddressableDevices);
    arguments.client = client;
    TRY(CALL(Client_AddressableDevices));
    *devices = arguments.devices;
    *count = arguments.devices ? arguments.count : 0;
    return NULL;
}

cpjrt_error *cpjrt_client_assignment(
    const cpjrt_api *api, cpjrt_client *client, int replicas, int partitions, int *assignment,
    size_t capacity) {
    ARGUMENTS(Client_DefaultDeviceAssignment);
    arguments.client = client;
    arguments.replicas = replicas;
    arguments.partitions = partitions;
    arguments.capacity = capacity;
    arguments.assignment = assignment;
    return CALL(Client_DefaultDeviceAssignment);
}

static cpjrt_error *description_of(
    const cpjrt_api *api, cpjrt_device *device, void **description) {
    ARGUMENTS(Device_GetDescription);
    arguments.device = device;
    TRY(CALL(Device_GetDescription));
    *description = arguments.description;
    return NULL;
}

cpjrt_error *cpjrt_device_id(const cpjrt_api *api, cpjrt_device *device, int *id) {
    EXACT(DeviceDescription_Id, id);
    TRY(description_of(api, device, &arguments.description));
    TRY(CALL(DeviceDescription_Id));
    *id = arguments.id;
    return NULL;
}

cpjrt_error *cpjrt_device_kind(
    const cpjrt_api *api, cpjrt_device *device, const char **text, size_t *size) {
    void *description = NULL;
    TRY(description_of(api, device, &description));
    return describe(api, CPJRT_DeviceDescription_Kind, description, text, size);
}

cpjrt_error *cpjrt_device_memory_kind(
    const cpjrt_api *api, cpjrt_device *device, const char **text, size_t *size) {
    ARGUMENTS(Device_DefaultMemory);
    arguments.device = device;
    TRY(CALL(Device_DefaultMemory));
    return describe(api, CPJRT_Memory_Kind, arguments.memory, text, size);
}

cpjrt_error *cpjrt_device_memory(
    const cpjrt_api *api, cpjrt_device *device, int64_t *in_use, int64_t *limit) {
    struct Device_MemoryStats arguments = {
        .struct_size = SIZE_TO(Device_MemoryStats, peak_pool_bytes.is_set)};
    arguments.device = device;
    TRY(CALL(Device_MemoryStats));
    *in_use = arguments.bytes_in_use;
    *limit = arguments.bytes_limit.is_set ? arguments.bytes_limit.value : -1;
    return NULL;
}

// MARK: Programs

cpjrt_error *cpjrt_compile(
    const cpjrt_api *api, cpjrt_client *client, const char *code, size_t code_size,
    const char *options, size_t options_size, cpjrt_program **result) {
    static const char format[] = "mlir";
    struct program program = {.struct_size = sizeof program};
    program.code = (char *)code;
    program.code_size = code_size;
    program.format = format;
    program.format_size = sizeof format - 1;
    ARGUMENTS(Client_Compile);
    arguments.client = client;
    arguments.program = &program;
    arguments.options = options;
    arguments.options_size = options_size;
    TRY(CALL(Client_Compile));
    *result = arguments.result;
    return NULL;
}

cpjrt_error *cpjrt_program_destroy(const cpjrt_api *api, cpjrt_program *program) {
    ARGUMENTS(LoadedExecutable_Destroy);
    arguments.program = program;
    return CALL(LoadedExecutable_Destroy);
}

cpjrt_error *cpjrt_program_devices(
    const cpjrt_api *api, cpjrt_program *program, cpjrt_device *const **devices, size_t *count) {
    ARGUMENTS(LoadedExecutable_AddressableDevices);
    arguments.program = program;
    TRY(CALL(LoadedExecutable_AddressableDevices));
    *devices = arguments.devices;
    *count = arguments.devices ? arguments.count : 0;
    return NULL;
}

static cpjrt_error *executable_of(
    const cpjrt_api *api, cpjrt_program *program, void **executable) {
    ARGUMENTS(LoadedExecutable_GetExecutable);
    arguments.program = program;
    TRY(CALL(LoadedExecutable_GetExecutable));
    *executable = arguments.executable;
    return NULL;
}

static void destroy_executable(const cpjrt_api *api, void *executable) {
    ARGUMENTS(Executable_Destroy);
    arguments.executable = executable;
    cpjrt_error *error = CALL(Executable_Destroy);
    if (error) cpjrt_error_destroy(api, error);
}

static cpjrt_error *count_outputs(const cpjrt_api *api, void *executable, size_t *count) {
    ARGUMENTS(Executable_NumOutputs);
    arguments.executable = executable;
    TRY(CALL(Executable_NumOutputs));
    *count = arguments.count;
    return NULL;
}

cpjrt_error *cpjrt_program_output_count(
    const cpjrt_api *api, cpjrt_program *program, size_t *count) {
    void *executable = NULL;
    TRY(executable_of(api, program, &executable));
    cpjrt_error *error = count_outputs(api, executable, count);
    destroy_executable(api, executable);
    return error;
}

static cpjrt_error *types_of_outputs(
    const cpjrt_api *api, void *executable, const int **types, size_t *count) {
    ARGUMENTS(Executable_OutputElementTypes);
    arguments.executable = executable;
    TRY(CALL(Executable_OutputElementTypes));
    *types = arguments.types;
    *count = arguments.count;
    return NULL;
}

cpjrt_error *cpjrt_program_outputs(
    const cpjrt_api *api, cpjrt_program *program,
    void (*copy)(
        void *context, size_t count, const int *types, const size_t *ranks,
        const int64_t *dimensions),
    void *context) {
    void *executable = NULL;
    TRY(executable_of(api, program, &executable));
    const int *types = NULL;
    size_t count = 0;
    cpjrt_error *error = types_of_outputs(api, executable, &types, &count);
    if (!error) {
        ARGUMENTS(Executable_OutputDimensions);
        arguments.executable = executable;
        error = CALL(Executable_OutputDimensions);
        if (!error && arguments.count < count) count = arguments.count;
        if (!error) copy(context, count, types, arguments.ranks, arguments.dimensions);
    }
    destroy_executable(api, executable);
    return error;
}

cpjrt_error *cpjrt_program_serialize(
    const cpjrt_api *api, cpjrt_program *program,
    void (*copy)(void *context, const char *bytes, size_t size), void *context) {
    void *executable = NULL;
    TRY(executable_of(api, program, &executable));
    ARGUMENTS(Executable_Serialize);
    arguments.executable = executable;
    cpjrt_error *error = CALL(Executable_Serialize);
    if (!error) {
        copy(context, arguments.bytes, arguments.size);
        if (arguments.destroy) arguments.destroy(arguments.backing);
    }
    destroy_executable(api, executable);
    return error;
}

cpjrt_error *cpjrt_program_load(
    const cpjrt_api *api, cpjrt_client *client, const char *bytes, size_t size,
    cpjrt_program **program) {
    ARGUMENTS(Executable_DeserializeAndLoad);
    if (api->version.minor < 71)
        arguments.struct_size = SIZE_TO(Executable_DeserializeAndLoad, program);
    arguments.client = client;
    arguments.bytes = bytes;
    arguments.size = size;
    TRY(CALL(Executable_DeserializeAndLoad));
    *program = arguments.program;
    return NULL;
}

// MARK: Events and execution

static cpjrt_error *finish(const cpjrt_api *api, void *event, bool waits) {
    if (!event) return NULL;
    cpjrt_error *result = NULL;
    if (waits) {
        ARGUMENTS(Event_Await);
        arguments.event = event;
        result = CALL(Event_Await);
    }
    ARGUMENTS(Event_Destroy);
    arguments.event = event;
    cpjrt_error *error = CALL(Event_Destroy);
    if (error) cpjrt_error_destroy(api, error);
    return result;
}

// Options grew with the interface; some plug-ins demand the size of their own version.
static size_t options_size(const cpjrt_api *api) {
    int minor = api->version.minor;
    if (minor < 64) return SIZE_TO(execute_options, kept_input_count);
    if (minor < 76) return SIZE_TO(execute_options, context);
    if (minor < 78) return SIZE_TO(execute_options, call_location);
    if (minor < 97) return SIZE_TO(execute_options, incarnations);
    return SIZE_TO(execute_options, multi_slice);
}

cpjrt_error *cpjrt_execute(
    const cpjrt_api *api, cpjrt_program *program, cpjrt_buffer *const *buffers,
    size_t device_count, size_t argument_count, cpjrt_buffer **outputs, size_t output_count,
    const int64_t *kept, size_t kept_count, bool waits) {
    void *block = calloc(3 * device_count + 1, sizeof(void *));
    if (!block) abort();
    cpjrt_buffer *const **argument_lists = block;
    cpjrt_buffer ***output_lists = (cpjrt_buffer ***)block + device_count;
    void **events = (void **)block + 2 * device_count;
    for (size_t i = 0; i < device_count; i++) {
        argument_lists[i] = buffers + i * argument_count;
        output_lists[i] = outputs + i * output_count;
    }
    struct execute_options options = {.struct_size = options_size(api)};
    options.kept_inputs = kept;
    options.kept_input_count = kept_count;
    ARGUMENTS(LoadedExecutable_Execute);
    arguments.program = program;
    arguments.options = &options;
    arguments.arguments = argument_lists;
    arguments.device_count = device_count;
    arguments.argument_count = argument_count;
    arguments.outputs = output_lists;
    arguments.events = events;
    cpjrt_error *result = CALL(LoadedExecutable_Execute);
    for (size_t i = 0; !result && i < device_count; i++) {
        // Every event is destroyed; the first error is kept.
        cpjrt_error *error = finish(api, events[i], waits);
        events[i] = NULL;
        if (error) result = error;
    }
    for (size_t i = 0; i < device_count; i++) {
        cpjrt_error *error = finish(api, events[i], waits);
        if (error) cpjrt_error_destroy(api, error);
    }
    free(block);
    return result;
}

// MARK: Buffers

cpjrt_error *cpjrt_buffer_create(
    const cpjrt_api *api, cpjrt_client *client, cpjrt_device *device, const void *data, int type,
    const int64_t *dimensions, size_t dimension_count, cpjrt_buffer **buffer) {
    ARGUMENTS(Client_BufferFromHostBuffer);
    arguments.client = client;
    arguments.data = data;
    arguments.type = type;
    arguments.dimensions = dimensions;
    arguments.dimension_count = dimension_count;
    arguments.semantics = 0;  // The data is immutable during the call only.
    arguments.device = device;
    TRY(CALL(Client_BufferFromHostBuffer));
    *buffer = arguments.buffer;
    // The data has been copied, so there is nothing to wait for.
    return finish(api, arguments.done_event, false);
}

cpjrt_error *cpjrt_buffer_destroy(const cpjrt_api *api, cpjrt_buffer *buffer) {
    ARGUMENTS(Buffer_Destroy);
    arguments.buffer = buffer;
    return CALL(Buffer_Destroy);
}

cpjrt_error *cpjrt_buffer_type(const cpjrt_api *api, cpjrt_buffer *buffer, int *type) {
    EXACT(Buffer_ElementType, type);
    arguments.buffer = buffer;
    TRY(CALL(Buffer_ElementType));
    *type = arguments.type;
    return NULL;
}

cpjrt_error *cpjrt_buffer_dimensions(
    const cpjrt_api *api, cpjrt_buffer *buffer, const int64_t **dimensions, size_t *count) {
    ARGUMENTS(Buffer_Dimensions);
    arguments.buffer = buffer;
    TRY(CALL(Buffer_Dimensions));
    *dimensions = arguments.dimensions;
    *count = arguments.count;
    return NULL;
}

cpjrt_error *cpjrt_buffer_is_deleted(
    const cpjrt_api *api, cpjrt_buffer *buffer, bool *is_deleted) {
    EXACT(Buffer_IsDeleted, is_deleted);
    arguments.buffer = buffer;
    TRY(CALL(Buffer_IsDeleted));
    *is_deleted = arguments.is_deleted;
    return NULL;
}

cpjrt_error *cpjrt_buffer_wait(const cpjrt_api *api, cpjrt_buffer *buffer) {
    ARGUMENTS(Buffer_ReadyEvent);
    arguments.buffer = buffer;
    TRY(CALL(Buffer_ReadyEvent));
    return finish(api, arguments.event, true);
}

enum { MAX_RANK = 8 };

// Reads a buffer in row-major order, or asks for the size if there is no target.
static cpjrt_error *read_buffer(
    const cpjrt_api *api, cpjrt_buffer *buffer, size_t rank, void *target, size_t *size) {
    int64_t minor_to_major[MAX_RANK];
    for (size_t i = 0; i < rank && i < MAX_RANK; i++) minor_to_major[i] = (int64_t)(rank - 1 - i);
    struct layout layout = {.struct_size = SIZE_TO(layout, type)};
    layout.tiled.struct_size = sizeof layout.tiled;
    layout.tiled.minor_to_major = minor_to_major;
    layout.tiled.minor_to_major_size = rank;
    ARGUMENTS(Buffer_ToHostBuffer);
    arguments.buffer = buffer;
    arguments.layout = rank >= 2 && rank <= MAX_RANK ? &layout : NULL;
    arguments.target = target;
    arguments.target_size = *size;
    TRY(CALL(Buffer_ToHostBuffer));
    *size = arguments.target_size;
    return target ? finish(api, arguments.event, true) : NULL;
}

cpjrt_error *cpjrt_buffer_size(
    const cpjrt_api *api, cpjrt_buffer *buffer, size_t rank, size_t *size) {
    *size = 0;
    return read_buffer(api, buffer, rank, NULL, size);
}

cpjrt_error *cpjrt_buffer_read(
    const cpjrt_api *api, cpjrt_buffer *buffer, size_t rank, void *target, size_t size) {
    return read_buffer(api, buffer, rank, target, &size);
}
