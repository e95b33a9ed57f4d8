import Foundation
import Testing

@testable import HRMAccelerator

/// What is read from a program's text, and what is written as options; without a plug-in.
@Suite struct SignatureTests {
    @Test func parametersAndResults() throws {
        let signature = try ProgramSignature(
            text: """
                module @m attributes {mhlo.num_replicas = 2 : i32} {
                  func.func public @main(
                      %arg0: tensor<2x3xf32> {tf.aliasing_output = 0 : i32, name = "a, (b"},
                      %arg1: tensor<i32>, %arg2: tensor<4xbf16> {jax.buffer_donor = true}
                    ) -> (tensor<2x3xf32> {jax.result_info = "x"}, tensor<i1>) {
                    %0 = "stablehlo.all_reduce"(%arg0) <{
                      replica_groups = dense<[[0, 1], [2, 3]]> : tensor<2x2xi64>}> ({}) : () -> ()
                  }
                }
                """)
        #expect(
            signature.parameters.map(\.type) == [
                BufferType(.float32, [2, 3]), BufferType(.int32, []), BufferType(.bfloat16, [4]),
            ])
        #expect(signature.parameters.map(\.isDonated) == [true, false, true])
        #expect(signature.results == [BufferType(.float32, [2, 3]), BufferType(.bool, [])])
        #expect(signature.collectiveSizes == [4])
    }

    @Test(arguments: [
        "", "module {}", "func.func @main", "func.func @main(%a: tensor<2xf32>",
        "func.func @main(%a: tensor<?xf32>) -> tensor<2xf32> {",
        "func.func @main(%a: tensor<2xf77>) -> tensor<2xf32> {",
        "func.func @main(%a: f32) -> tensor<2xf32> {",
        "func.func @main(%a: tensor<9223372036854775807x9xf32>) -> tensor<2xf32> {",
    ])
    func otherTextIsRefused(_ text: String) {
        #expect(throws: AcceleratorError.self) { try ProgramSignature(text: text) }
    }

    @Test func everyPrefixOfAProgramIsRefusedOrRead() {
        let text = Array(ProgramText.sumOverReplicas.utf8)
        for count in text.indices {
            _ = try? ProgramSignature(text: String(decoding: text[..<count], as: UTF8.self))
        }
    }

    @Test func optionsAreSerialized() throws {
        let plain = CompileOptions(overrides: [:])
        // Field 3, four bytes: field 4 is 1, field 5 is 1.
        #expect(try plain.serialized(devices: 1) == [0x1A, 4, 0x20, 1, 0x28, 1])
        let flag = CompileOptions(overrides: ["ab": .flag(false)])
        #expect(
            try flag.serialized(devices: 1)
                == [0x1A, 4, 0x20, 1, 0x28, 1, 0x3A, 8, 0x0A, 2, 0x61, 0x62, 0x12, 2, 0x10, 0])
    }

    @Test func invalidOptionsAreRefused() {
        let invalid = [
            CompileOptions(replicas: 0), CompileOptions(replicas: 2),
            CompileOptions(replicas: -1, partitions: -1), CompileOptions(partitions: .max),
            CompileOptions(overrides: ["": .flag(true)]),
            CompileOptions(overrides: ["a b": .flag(true)]),
            CompileOptions(overrides: ["a": .number(.nan)]),
            CompileOptions(overrides: ["a": .text("\0")]),
        ]
        for options in invalid {
            #expect(throws: AcceleratorError.self) { try options.serialized(devices: 1) }
        }
    }

    @Test func selections() {
        #expect(DeviceSelection(text: "cpu") == .processors)
        #expect(DeviceSelection(text: "pjrt:cuda") == .plugin("cuda"))
        #expect(DeviceSelection(text: "pjrt:/a/b.so") == .plugin("/a/b.so"))
        for text in ["", "gpu", "pjrt", "pjrt:", "PJRT:cpu", "pjrt:a\0"] {
            #expect(DeviceSelection(text: text) == nil, "\(text)")
        }
        for text in ["cpu", "pjrt:tpu"] {
            #expect(DeviceSelection(text: text)?.description == text)
        }
    }
}
