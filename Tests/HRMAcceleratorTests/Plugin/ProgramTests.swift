import Foundation
import HRMAccelerator
import Testing

/// Programs that a plug-in compiles and runs.
@Suite(.needsPlugin) struct ProgramTests {
    let client: AcceleratorClient

    init() throws {
        client = try AvailablePlugin.client.get()
    }

    private func numbers(_ values: [Float], _ shape: [Int]) throws -> AcceleratorBuffer {
        try client.buffer(copying: values, type: .float32, shape: shape)
    }

    @Test func addition() throws {
        let program = try client.compile(
            """
            module @addition {
              func.func public @main(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) -> tensor<2x3xf32> {
                %0 = stablehlo.add %a, %b : tensor<2x3xf32>
                return %0 : tensor<2x3xf32>
              }
            }
            """)
        let a = try numbers([1, 2, 3, 4, 5, 6], [2, 3])
        let b = try numbers([10, 20, 30, 40, 50, 60], [2, 3])
        let results = try program.run([a, b])
        try #require(results.count == 1)
        #expect(results[0].type == BufferType(.float32, [2, 3]))
        #expect(try results[0].read(as: Float.self) == [11, 22, 33, 44, 55, 66])
        #expect(try a.read(as: Float.self) == [1, 2, 3, 4, 5, 6])
    }
}
