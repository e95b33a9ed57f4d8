import HRMModel
import HRMTensor
import Testing

@testable import _HRMTestSupport

/// Kinds `hrm_block` and `trm_block`: one block and its gradients.
func checkReferenceBlock(_ golden: GoldenCase) throws {
    struct Case: Decodable {
        var config: GoldenConfiguration
    }
    let stored = try golden.json(Case.self)
    let tensors = try golden.tensors()
    let prefix = "weight."
    var weights: [String: Variable] = [:]
    for name in tensors.names where name.hasPrefix(prefix) {
        let tensor = try tensors[name]
        weights[String(name.dropFirst(prefix.count))] = Variable(
            PlainMatrix(tensor.doubles, rows: tensor.shape[0], columns: tensor.shape[1]))
    }
    let block = ReferenceBlock(
        prefix: "", configuration: try stored.config.architecture(), parameters: weights,
        means: ReferenceMeans(positions: 1, symbols: 1, relations: []))
    var outputs: [Float] = []
    var gradients: [Float] = []
    for sequence in 0..<(try tensors["input"].shape[0]) {
        let input = Variable(try tensors.states("input", sequence: sequence))
        let output = block(input)
        outputs += output.value.floats
        output.backward(try tensors.states("grad_output", sequence: sequence))
        gradients += input.gradient.floats
    }
    expectClose(outputs, try tensors["output"].floats, Tolerance(absolute: 1e-5), "output")
    expectClose(
        gradients, try tensors["grad_input"].floats, Tolerance(absolute: 1e-5), "grad_input")
    for (name, weight) in weights {
        let expected = try tensors["grad.\(name)"].floats
        expectClose(weight.gradient.floats, expected, .ofMaximum(expected, 1e-5), name)
    }
}
