package import HRMTensor

/// The network's outputs: logits of colours, and scores of rows and columns.
package struct OutputHeads {
    /// The factor of the bias of colours.
    private static let biasScale: Float = 100

    /// The tensors that are read.
    package static let kinds = [AxisSet("ecxy"), AxisSet("ex"), AxisSet("ey")]

    /// Logits of the colours without black, whose logit is 0, shape `[E · C · X · Y, 2]`.
    package let logits: Matrix
    /// Scores of rows without addends, shape `[E · X, 2]`.
    package let rowScores: Matrix
    /// Scores of columns without addends, shape `[E · Y, 2]`.
    package let columnScores: Matrix
    /// The gradients of all three.
    package let logitGradients: Matrix
    package let rowGradients: Matrix
    package let columnGradients: Matrix

    private let input: Multitensor
    private let colourWeight: Weight
    private let colourBias: Weight
    private let sizeWeight: Weight
    private let sizeBias: Weight
    private let scaledBias = Matrix(rows: 1, columns: 2)
    private let biasGradient = Matrix(rows: 1, columns: 2)

    /// Creates the heads.
    package init(input: Multitensor, parameters: (String) -> Weight) {
        self.input = input
        colourWeight = parameters("head.colour.w")
        colourBias = parameters("head.colour.b")
        sizeWeight = parameters("head.mask.w")
        sizeBias = parameters("head.mask.b")
        func outputs(_ kind: AxisSet) -> Matrix { Matrix(rows: input[kind].rows, columns: 2) }
        let (colours, rows, columns) = (Self.kinds[0], Self.kinds[1], Self.kinds[2])
        (logits, logitGradients) = (outputs(colours), outputs(colours))
        (rowScores, rowGradients) = (outputs(rows), outputs(rows))
        (columnScores, columnGradients) = (outputs(columns), outputs(columns))
    }

    /// Gives the colours of outputs the weights of those of inputs, from which both are trained
    /// apart: the published start.
    func equalizeModes() {
        let values = colourWeight.value.values
        colourWeight.value.assign(values.indices.map { values[$0 - $0 % 2] })
    }

    /// The outputs with their gradients, inputs and weights; the bias of colours is scaled.
    private var parts: [(kind: AxisSet, output: Matrix, gradient: Matrix)] {
        [
            (Self.kinds[0], logits, logitGradients), (Self.kinds[1], rowScores, rowGradients),
            (Self.kinds[2], columnScores, columnGradients),
        ]
    }

    /// Computes all outputs.
    package func forward() {
        scaledBias.clear()
        ScaledSum.update(scaledBias, scale: 0, adding: colourBias.value, times: Self.biasScale)
        for (number, part) in parts.enumerated() {
            ChannelProduct.forward(
                input[part.kind], weight: number == 0 ? colourWeight.value : sizeWeight.value,
                bias: number == 0 ? scaledBias : sizeBias.value, into: part.output)
        }
    }

    /// Computes the gradients of the tensors that are read, and adds to those of the weights.
    package func backward(into gradient: Multitensor) {
        biasGradient.clear()
        for (number, part) in parts.enumerated() {
            let weight = number == 0 ? colourWeight : sizeWeight
            ChannelProduct.addGradient(input[part.kind], part.gradient, to: weight.gradient)
            ChannelProduct.addBiasGradient(
                part.gradient, to: number == 0 ? biasGradient : sizeBias.gradient)
            ChannelProduct.backward(
                part.gradient, weight: weight.value, into: gradient[part.kind])
        }
        ScaledSum.update(
            colourBias.gradient, scale: 1, adding: biasGradient, times: Self.biasScale)
    }
}
