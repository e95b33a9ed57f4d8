internal import HRMFiles

/// The options of a compilation, checked and serialized here and nowhere else.
///
/// Some mistakes in these bytes end the process inside a plug-in instead of returning an error, so
/// nothing but what is written here is passed on.
package struct CompileOptions: Hashable, Sendable {
    /// The value of an option of the compiler.
    package enum Override: Hashable, Sendable {
        case flag(Bool)
        case integer(Int)
        case number(Double)
        case text(String)
    }

    /// The number of copies of the program, which run on a device each.
    package var replicas: Int
    /// The number of parts of a copy, which run on a device each.
    package var partitions: Int
    /// Options of the compiler by name, as in `XLA_FLAGS` without the leading dashes.
    package var overrides: [String: Override]

    /// Creates options.
    ///
    /// - Parameters:
    ///   - replicas: The number of copies of the program.
    ///   - partitions: The number of parts of a copy.
    ///   - overrides: Options of the compiler by name; the default keeps NaN in maxima.
    package init(
        replicas: Int = 1, partitions: Int = 1,
        overrides: [String: Override] = CompileOptions.keepingNaN
    ) {
        self.replicas = replicas
        self.partitions = partitions
        self.overrides = overrides
    }

    /// The option without which `maximum`, and reductions with it, lose NaN on processors.
    package static let keepingNaN: [String: Override] = [
        "xla_cpu_enable_fast_min_max": .flag(false)
    ]

    /// The number of devices that a program needs.
    package var deviceCount: Int { replicas * partitions }

    /// Returns the message `CompileOptionsProto` of openxla/xla, xla/pjrt/proto/compile_options.proto.
    ///
    /// - Parameter devices: The number of devices that there are.
    /// - Returns: The bytes of the message.
    /// - Throws: ``AcceleratorError`` if a number or name is not valid.
    func serialized(devices: Int) throws(AcceleratorError) -> [UInt8] {
        for (name, count) in [("replicas", replicas), ("partitions", partitions)] {
            guard (1...65_536).contains(count) else {
                throw .option(name: name, reason: "must be 1 to 65,536, not \(count)")
            }
        }
        guard deviceCount <= devices else { throw .devices(needed: deviceCount, found: devices) }
        var build = WireWriter()
        build.append(replicas, field: 4)
        build.append(partitions, field: 5)
        var options = WireWriter()
        options.append(build.bytes, field: 3)
        for (name, value) in overrides.sorted(by: { $0.key < $1.key }) {
            guard Self.isName(name) else {
                throw .option(
                    name: name, reason: "must be letters, digits and underscores, at most 100")
            }
            var entry = WireWriter()
            entry.append(Array(name.utf8), field: 1)
            entry.append(try Self.bytes(of: value, name: name), field: 2)
            options.append(entry.bytes, field: 7)
        }
        return options.bytes
    }

    private static func isName(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0)
                    || (0x30...0x39).contains($0) || $0 == 0x5F
            }
    }

    private static func bytes(
        of value: Override, name: String
    ) throws(AcceleratorError) -> [UInt8] {
        var writer = WireWriter()
        switch value {
        case .text(let text):
            guard text.utf8.count <= 4096, !text.utf8.contains(0) else {
                throw .option(name: name, reason: "has a text that is too long or has a zero byte")
            }
            writer.append(Array(text.utf8), field: 1)
        case .flag(let flag): writer.append(flag ? 1 : 0, field: 2)
        case .integer(let number): writer.append(number, field: 3)
        case .number(let number):
            guard number.isFinite else { throw .option(name: name, reason: "is not finite") }
            writer.append(number, field: 4)
        }
        return writer.bytes
    }
}
