import Foundation

/// The check of what a plug-in has of the things that this package uses.
package struct ConformanceCheck: Sendable {
    /// The outcome of one part of the check.
    package struct Finding: Hashable, Sendable, Codable {
        /// What was checked.
        package var name: String
        /// True if the plug-in has it.
        package var passes: Bool
        /// Details, or the error.
        package var detail: String
    }

    /// The plug-in and client.
    package let client: AcceleratorClient

    /// Creates a check.
    ///
    /// - Parameter client: A client of the plug-in.
    package init(client: AcceleratorClient) {
        self.client = client
    }

    /// Runs all parts, and passes on each outcome before the next part begins, since a part may end
    /// the process inside the plug-in.
    ///
    /// - Parameter report: Receives the outcomes.
    /// - Throws: The error of `report`.
    package func run(_ report: (Finding) throws -> Void) throws {
        let missing = client.plugin.missingFunctions
        try report(
            Finding(
                name: "functions", passes: missing.isEmpty,
                detail: missing.isEmpty ? "" : "lacks \(missing.joined(separator: ", "))"))
        for part in parts {
            do {
                let detail = try part.body()
                try report(Finding(name: part.name, passes: true, detail: detail))
            } catch let error as AcceleratorError {
                try report(Finding(name: part.name, passes: false, detail: "\(error)"))
            } catch let error as Deviation {
                try report(Finding(name: part.name, passes: false, detail: error.reason))
            }
        }
    }

    private struct Deviation: Error {
        var reason: String
    }

    private var parts: [(name: String, body: () throws -> String)] {
        var parts: [(name: String, body: () throws -> String)] = [
            ("float32 product", { try product(.float32) }),
            ("bfloat16 product", { try product(.bfloat16) }),
            ("NaN in maxima", maximum), ("donated state", donation),
            ("saved programs", savedPrograms),
        ]
        if client.devices.count > 1 { parts.append(("sum over two devices", sumOfReplicas)) }
        return parts
    }

    private func expect(_ found: [Float], _ expected: [Float]) throws {
        guard found == expected else {
            throw Deviation(reason: "the result is \(found.prefix(8)), not \(expected.prefix(8))")
        }
    }

    private func product(_ type: ElementType) throws -> String {
        let name = type.rawValue
        let program = try client.compile(
            """
            func.func @main(%a: tensor<2x3xf32>, %b: tensor<3x2xf32>) -> tensor<2x2xf32> {
              %0 = stablehlo.convert %a : (tensor<2x3xf32>) -> tensor<2x3x\(name)>
              %1 = stablehlo.convert %b : (tensor<3x2xf32>) -> tensor<3x2x\(name)>
              %2 = stablehlo.dot_general %0, %1, contracting_dims = [1] x [0]
                  : (tensor<2x3x\(name)>, tensor<3x2x\(name)>) -> tensor<2x2xf32>
              return %2 : tensor<2x2xf32>
            }
            """)
        let a = try client.buffer(
            copying: [1, 2, 3, 4, 5, 6] as [Float], type: .float32, shape: [2, 3])
        let b = try client.buffer(
            copying: [1, 0, 0, 1, 2, -1] as [Float], type: .float32, shape: [3, 2])
        try expect(program.run([a, b])[0].read(), [7, -1, 16, -1])
        return ""
    }

    private func maximum() throws -> String {
        let program = try client.compile(
            """
            func.func @main(%a: tensor<4xf32>) -> tensor<f32> {
              %low = stablehlo.constant dense<0xFF800000> : tensor<f32>
              %0 = stablehlo.reduce(%a init: %low) applies stablehlo.maximum across dimensions = [0]
                  : (tensor<4xf32>, tensor<f32>) -> tensor<f32>
              return %0 : tensor<f32>
            }
            """)
        let values: [Float] = [.nan, 2, 3, 4]
        let buffer = try client.buffer(copying: values, type: .float32, shape: [4])
        let result: [Float] = try program.run([buffer])[0].read()
        guard result[0].isNaN else {
            throw Deviation(reason: "the largest of NaN, 2, 3 and 4 is \(result[0])")
        }
        return ""
    }

    private func donation() throws -> String {
        let program = try client.compile(
            """
            func.func @main(%a: tensor<4xf32> {tf.aliasing_output = 0 : i32}) -> tensor<4xf32> {
              %0 = stablehlo.add %a, %a : tensor<4xf32>
              return %0 : tensor<4xf32>
            }
            """)
        var state = try client.buffer(
            copying: [1, 2, 3, 4] as [Float], type: .float32, shape: [4])
        for _ in 0..<3 { state = try program.run([state])[0] }
        try expect(state.read(), [8, 16, 24, 32])
        return ""
    }

    /// A deep program, whose compilation takes longer than loading it.
    private static let deepProgram: String = {
        let lines = (1...60).map { index in
            """
              %p\(index) = stablehlo.dot_general %x\(index - 1), %w, contracting_dims = [1] x [0]
                  : (tensor<32x32xf32>, tensor<32x32xf32>) -> tensor<32x32xf32>
              %x\(index) = stablehlo.tanh %p\(index) : tensor<32x32xf32>
            """
        }
        return """
            func.func @main(%x0: tensor<32x32xf32>, %w: tensor<32x32xf32>) -> tensor<32x32xf32> {
            \(lines.joined(separator: "\n"))
              return %x60 : tensor<32x32xf32>
            }
            """
    }()

    private func savedPrograms() throws -> String {
        guard client.canStorePrograms else {
            throw Deviation(reason: "programs are compiled again at each start")
        }
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("hrm-check-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let cache = ProgramCache(folder: folder)
        let clock = ContinuousClock()
        var origins: [AcceleratorProgram.Origin] = []
        var results: [[Float]] = []
        var times: [Duration] = []
        let input = try client.buffer(
            copying: (0..<1024).map { Float($0 % 7) / 8 }, type: .float32, shape: [32, 32])
        for _ in 0..<2 {
            let start = clock.now
            let (program, origin) = try client.program(Self.deepProgram, cache: cache)
            times.append(clock.now - start)
            origins.append(origin)
            results.append(try program.run([input, input])[0].read())
        }
        guard origins == [.stored, .cached] else {
            throw Deviation(reason: "a program was not saved: \(origins)")
        }
        try expect(results[1], results[0])
        let milliseconds = times.map { Int(($0 / .milliseconds(1)).rounded()) }
        return
            "60 layers compiled and saved in \(milliseconds[0]) ms, loaded in \(milliseconds[1]) ms"
    }

    private func sumOfReplicas() throws -> String {
        let program = try client.compile(
            """
            module attributes {mhlo.num_replicas = 2 : i32} {
              func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
                %0 = "stablehlo.all_reduce"(%a) <{
                  replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>
                }> ({
                ^bb0(%x: tensor<f32>, %y: tensor<f32>):
                  %s = stablehlo.add %x, %y : tensor<f32>
                  stablehlo.return %s : tensor<f32>
                }) : (tensor<4xf32>) -> tensor<4xf32>
                return %0 : tensor<4xf32>
              }
            }
            """, options: CompileOptions(replicas: 2))
        let arguments = try program.devices.enumerated().map { replica, device in
            [
                try client.buffer(
                    copying: (0..<4).map { Float($0 + 10 * replica) }, type: .float32, shape: [4],
                    device: device)
            ]
        }
        for result in try program.run(replicas: arguments) {
            try expect(result[0].read(), [10, 12, 14, 16])
        }
        return ""
    }
}
