import Foundation
import HRMAccelerator
import Testing

/// Programs that a plug-in compiles and runs.
@Suite(.needsPlugin) struct ProgramTests {
    let client: AcceleratorClient

    init() throws {
        client = try AvailablePlugin.client.get()
    }

    private func numbers(
        _ values: [Float], _ shape: [Int], device: Int = 0
    ) throws -> AcceleratorBuffer {
        try client.buffer(copying: values, type: .float32, shape: shape, device: device)
    }

    @Test func addition() throws {
        let program = try client.compile(ProgramText.addition)
        let a = try numbers([1, 2, 3, 4, 5, 6], [2, 3])
        let b = try numbers([10, 20, 30, 40, 50, 60], [2, 3])
        let results = try program.run([a, b])
        try #require(results.count == 1)
        #expect(results[0].type == BufferType(.float32, [2, 3]))
        #expect(try results[0].read(as: Float.self) == [11, 22, 33, 44, 55, 66])
        #expect(try a.read(as: Float.self) == [1, 2, 3, 4, 5, 6])
        #expect(!a.isConsumed)
    }

    @Test func productsAreRowMajor() throws {
        // Odd extents, so that a transposed result has other numbers at each place.
        let (rows, depth, columns) = (5, 7, 3)
        let program = try client.compile(
            """
            func.func @main(%a: tensor<5x7xf32>, %b: tensor<7x3xf32>)
                -> (tensor<5x3xf32>, tensor<3x5xf32>) {
              %0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0]
                  : (tensor<5x7xf32>, tensor<7x3xf32>) -> tensor<5x3xf32>
              %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<5x3xf32>) -> tensor<3x5xf32>
              return %0, %1 : tensor<5x3xf32>, tensor<3x5xf32>
            }
            """)
        let a = (0..<rows * depth).map { Float($0 % 11) - 4 }
        let b = (0..<depth * columns).map { Float($0 % 5) - 2 }
        let expected = (0..<rows).map { row in
            (0..<columns).map { column in
                (0..<depth).reduce(Float(0)) {
                    $0 + a[row * depth + $1] * b[$1 * columns + column]
                }
            }
        }
        let results = try program.run([numbers(a, [rows, depth]), numbers(b, [depth, columns])])
        #expect(try results[0].read(as: Float.self) == expected.flatMap(\.self))
        #expect(
            try results[1].read(as: Float.self)
                == (0..<columns).flatMap { column in expected.map { $0[column] } })
    }

    @Test func maximaKeepNaN() throws {
        let text = """
            func.func @main(%a: tensor<4xf32>) -> tensor<f32> {
              %low = stablehlo.constant dense<0xFF800000> : tensor<f32>
              %0 = stablehlo.reduce(%a init: %low) applies stablehlo.maximum across dimensions = [0]
                  : (tensor<4xf32>, tensor<f32>) -> tensor<f32>
              return %0 : tensor<f32>
            }
            """
        let values = try numbers([.nan, 2, 3, 4], [4])
        let program = try client.compile(text)
        #expect(try #require(program.run([values])[0].read(as: Float.self).first).isNaN)
    }

    @Test func donatedBuffersAreConsumed() throws {
        let program = try client.compile(
            """
            func.func @main(
                %a: tensor<256xf32> {tf.aliasing_output = 0 : i32}, %b: tensor<256xf32>)
                -> tensor<256xf32> {
              %0 = stablehlo.add %a, %b : tensor<256xf32>
              return %0 : tensor<256xf32>
            }
            """)
        #expect(program.signature.parameters.map(\.isDonated) == [true, false])
        let one = try numbers([Float](repeating: 1, count: 256), [256])
        var state = try numbers([Float](repeating: 0, count: 256), [256])
        let first = state
        for _ in 0..<5 { state = try program.run([state, one], waits: false)[0] }
        #expect(try state.read(as: Float.self) == [Float](repeating: 5, count: 256))
        #expect(first.isConsumed)
        #expect(!one.isConsumed)
        #expect(throws: AcceleratorError.self) { try first.bytes() }
        #expect(throws: AcceleratorError.self) { try program.run([first, one]) }
        #expect(throws: AcceleratorError.self) { try program.run([one, one]) }
        #expect(!one.isConsumed)
    }

    @Test func otherShapesTypesAndDevicesAreRefused() throws {
        let program = try client.compile(ProgramText.addition)
        let right = try numbers([Float](repeating: 1, count: 6), [2, 3])
        let transposed = try numbers([Float](repeating: 1, count: 6), [3, 2])
        let integers = try client.buffer(
            copying: [Int32](repeating: 1, count: 6), type: .int32, shape: [2, 3])
        for wrong in [transposed, integers] {
            let error = #expect(throws: AcceleratorError.self) { try program.run([right, wrong]) }
            #expect("\(error as Any)".contains("argument 1 of replica 0"))
        }
        #expect(throws: AcceleratorError.self) { try program.run([right]) }
        #expect(throws: AcceleratorError.self) {
            try program.run(replicas: [[right, right], [right, right]])
        }
        if client.devices.count > 1 {
            let elsewhere = try numbers([Float](repeating: 1, count: 6), [2, 3], device: 1)
            #expect(throws: AcceleratorError.self) { try program.run([right, elsewhere]) }
        }
        #expect(try program.run([right, right])[0].read(as: Float.self)[5] == 2)
    }

    @Test func everyElementTypeReturnsItsBits() throws {
        for type in ElementType.allCases {
            let bytes = (0..<6 * type.byteCount).map { UInt8($0 % 2) }
            let buffer = try bytes.withUnsafeBytes {
                try client.buffer(copying: $0, type: type, shape: [3, 2])
            }
            #expect(try buffer.bytes() == bytes, "\(type)")
        }
        let empty = try client.buffer(copying: [Float](), type: .float32, shape: [0, 3])
        #expect(try empty.read(as: Float.self) == [])
        let scalar = try client.buffer(copying: [Float(7)], type: .float32, shape: [])
        #expect(try scalar.read(as: Float.self) == [7])
    }

    @Test func errorsOfThePluginHaveCodeAndMessage() throws {
        func failure(_ text: String, _ options: CompileOptions = CompileOptions()) -> String {
            do {
                _ = try client.compile(text, options: options)
                return "no error"
            } catch {
                return "\(error)"
            }
        }
        let wrong = ProgramText.addition.replacing("stablehlo.add", with: "stablehlo.unknown")
        #expect(failure(wrong).hasPrefix("the plug-in could not compile a program ("))
        let custom = """
            func.func @main(%a: tensor<2xf32>) -> tensor<2xf32> {
              %0 = stablehlo.custom_call @hrm_unknown_target(%a)
                  : (tensor<2xf32>) -> tensor<2xf32>
              return %0 : tensor<2xf32>
            }
            """
        #expect(failure(custom).contains("hrm_unknown_target"))
        let unknown = CompileOptions(overrides: ["xla_unknown_option_of_hrm": .flag(true)])
        #expect(failure(ProgramText.addition, unknown).contains("code 3"))
    }
}
