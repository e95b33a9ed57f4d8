internal import CPJRT
package import Foundation
internal import Synchronization

/// An opened PJRT plug-in: a shared library that exports `GetPjrtApi`.
///
/// The version and the size of the table of functions are read before anything else. A library
/// stays open until the process ends, since its threads may outlive its clients.
@safe
package final class AcceleratorPlugin {
    /// An extension of the interface.
    package struct Extension: Hashable, Sendable {
        /// The number of the kind of extension.
        package var kind: Int
        /// The size of the extension's structure in bytes.
        package var byteCount: Int
    }

    /// The file.
    package let url: URL
    /// The version of the interface.
    package let version: PluginVersion
    /// The size of the table of functions in bytes.
    package let tableByteCount: Int
    /// The extensions, in the order of the chain.
    package let extensions: [Extension]
    /// The names of functions that this package uses if they are there, and that are not.
    package let missingFunctions: [String]
    /// The attributes, for instance `stablehlo_current_version`; empty if the plug-in tells none.
    package let attributes: [String: NamedValue]
    /// The table of functions, which lives as long as the process.
    let api: OpaquePointer

    private static let loaded = Mutex<[String: AcceleratorPlugin]>([:])

    /// Opens a plug-in, or returns it if the file is open already.
    ///
    /// - Parameter url: The shared library.
    /// - Returns: The plug-in.
    /// - Throws: ``AcceleratorError`` if the file is no plug-in, has an unknown version, or lacks
    ///   functions without which nothing runs.
    package static func load(at url: URL) throws(AcceleratorError) -> AcceleratorPlugin {
        let file = url.resolvingSymlinksInPath().standardizedFileURL
        let result: Result<AcceleratorPlugin, AcceleratorError> = loaded.withLock { plugins in
            if let plugin = plugins[file.path] { return .success(plugin) }
            return Result { () throws(AcceleratorError) in
                let plugin = try AcceleratorPlugin(file)
                plugins[file.path] = plugin
                return plugin
            }
        }
        return try result.get()
    }

    private init(_ url: URL) throws(AcceleratorError) {
        if let reason = LibraryFile.refusal(url) { throw .plugin(path: url.path, reason: reason) }
        var table: OpaquePointer?
        if let message = unsafe cpjrt_open(url.path, &table) {
            defer { unsafe free(message) }
            throw .plugin(path: url.path, reason: unsafe String(cString: message))
        }
        guard let api = unsafe table else {
            throw .plugin(path: url.path, reason: "it has no table of functions")
        }
        self.url = url
        unsafe self.api = unsafe api
        tableByteCount = unsafe Int(cpjrt_table_size(api))
        // The header with the version: 16 bytes, and 24 of the version.
        guard tableByteCount >= 40, unsafe cpjrt_version_size(api) >= 24 else {
            throw .plugin(
                path: url.path,
                reason: "its table of \(tableByteCount) bytes has no room for a version")
        }
        version = PluginVersion(
            major: Int(unsafe cpjrt_major(api)), minor: Int(unsafe cpjrt_minor(api)))
        guard version.major == 0, version >= .oldest else {
            throw .version(path: url.path, version: version)
        }
        let missing = unsafe Self.missingFunctions(api)
        missingFunctions = missing.map(\.name)
        let needed = missing.filter(\.isRequired).map(\.name)
        guard needed.isEmpty else { throw .missingFunctions(path: url.path, names: needed) }
        extensions = unsafe Self.extensions(api)
        attributes = try unsafe Self.attributes(api)
    }

    /// The functions that this package uses and the plug-in lacks.
    private static func missingFunctions(
        _ api: OpaquePointer
    ) -> [(name: String, isRequired: Bool)] {
        var missing: [(name: String, isRequired: Bool)] = []
        var index = 0
        while let function = unsafe cpjrt_function_at(index) {
            let (name, position) = unsafe (function.pointee.name, function.pointee.position)
            if unsafe !cpjrt_has(api, position), let name = unsafe name {
                missing.append(
                    ("PJRT_" + (unsafe String(cString: name)), unsafe function.pointee.is_required))
            }
            index += 1
        }
        return missing
    }

    /// The chain of extensions, of which at most a hundred are read.
    private static func extensions(_ api: OpaquePointer) -> [Extension] {
        var result: [Extension] = []
        var next = unsafe cpjrt_extensions(api)
        while let current = unsafe next, result.count < 100 {
            result.append(
                Extension(
                    kind: Int(unsafe cpjrt_extension_type(current)),
                    byteCount: Int(unsafe cpjrt_extension_size(current))))
            unsafe next = unsafe cpjrt_extension_next(current)
        }
        return result
    }

    /// Initializes the plug-in, and reads its attributes.
    private static func attributes(
        _ api: OpaquePointer
    ) throws(AcceleratorError) -> [String: NamedValue] {
        if unsafe cpjrt_has(api, Int32(CPJRT_Plugin_Initialize)) {
            try unsafe check(api, "start", cpjrt_initialize(api))
        }
        guard unsafe cpjrt_has(api, Int32(CPJRT_Plugin_Attributes)) else { return [:] }
        var values: UnsafeRawPointer?
        var count = 0
        try unsafe check(api, "tell its attributes", cpjrt_attributes(api, &values, &count))
        var result: [String: NamedValue] = [:]
        for index in 0..<(unsafe values == nil ? 0 : count) {
            let value = unsafe cpjrt_attribute_at(values, index)
            let name = unsafe String(pluginBytes: value.name, count: value.name_size)
            result[name] = unsafe NamedValue(value)
        }
        return result
    }

    /// Returns true if the plug-in has an optional function.
    func has(_ position: Int) -> Bool { unsafe cpjrt_has(api, Int32(position)) }

    /// Throws the error that a call returned, and destroys it.
    func check(
        _ operation: @autoclosure () -> String, _ error: OpaquePointer?
    ) throws(AcceleratorError) {
        guard unsafe error != nil else { return }
        try unsafe Self.check(api, operation(), error)
    }

    private static func check(
        _ api: OpaquePointer, _ operation: String, _ error: OpaquePointer?
    ) throws(AcceleratorError) {
        guard let error = unsafe error else { return }
        let number = Int(unsafe cpjrt_error_code(api, error))
        var size = 0
        let bytes = unsafe cpjrt_error_message(api, error, &size)
        let message = unsafe String(pluginBytes: bytes, count: min(size, 20_000))
        unsafe cpjrt_error_destroy(api, error)
        throw .failed(
            operation: operation, code: AcceleratorError.Code(rawValue: number) ?? .unknown,
            message: message)
    }
}

// SAFETY: the table is never written, and its functions may be called on any thread.
extension AcceleratorPlugin: @unchecked Sendable {}
