/// The kinds of layers with weights `In` and `Out`.
enum ProjectedLayer: String, CaseIterable {
    case shareUp = "share_up"
    case softmax
    case runningMaximum = "cummax"
    case shift
    case nonlinear
    case shareDown = "share_down"

    /// The tensors on which the layer acts.
    var kinds: [AxisSet] {
        switch self {
        case .runningMaximum, .shift: LineLayer.kinds
        default: AxisSet.all
        }
    }

    /// The number of channels between `In` and the operation.
    func hiddenChannels(_ kind: AxisSet) -> Int {
        switch self {
        case .shareUp, .nonlinear: 16
        case .softmax: 2
        case .runningMaximum, .shift: 4
        case .shareDown: 8
        }
    }

    /// The number of channels between the operation and `Out`.
    func outputChannels(_ kind: AxisSet) -> Int {
        guard self == .softmax else { return hiddenChannels(kind) }
        let axes = kind.subtracting(.example).axes.count
        return 2 * ((1 << axes) - 1)
    }

    /// The prefix of the layer's weights for a tensor.
    func name(block: Int, _ kind: AxisSet) -> String {
        "layer.\(block).\(rawValue).\(kind.tied.name)"
    }

    /// The weights for a tensor.
    ///
    /// Inputs of matrix products are initially scaled by the root of
    /// their number.
    fileprivate func descriptions(block: Int, _ kind: AxisSet) -> [ParameterDescription] {
        let name = name(block: block, kind)
        let (hidden, outputs) = (hiddenChannels(kind), outputChannels(kind))
        return [
            ParameterDescription(
                name: name + ".in", shape: [kind.width, hidden],
                deviation: (1 / Double(kind.width)).squareRoot()),
            ParameterDescription(
                name: name + ".out", shape: [outputs, kind.width],
                deviation: (1 / Double(outputs)).squareRoot()),
        ]
    }
}

extension ParameterDescription {
    /// The number of blocks of the network.
    package static let blocks = 4

    /// The parameters of the network for a task.
    ///
    /// - Parameters:
    ///   - layout: The extents of the task.
    ///   - colourBiasDeviation: The deviation of the initial bias of the colours.
    /// - Returns: The parameters in the order of their arrays.
    package static func network(
        _ layout: MultitensorLayout, colourBiasDeviation: Double = 0.25
    ) -> [ParameterDescription] {
        latents(layout) + decoding + (0..<blocks).flatMap { block($0) }
            + heads(colourBiasDeviation: colourBiasDeviation)
    }

    /// The latents, which are data of the task and have no tied ones.
    private static func latents(_ layout: MultitensorLayout) -> [ParameterDescription] {
        AxisSet.all.flatMap { kind in
            let shape = layout.lengths(kind) + [4]
            return [
                ParameterDescription(
                    name: "latent.\(kind.name).mean", shape: shape, deviation: 0.01),
                ParameterDescription(
                    name: "latent.\(kind.name).adjust", shape: shape, deviation: 0),
                ParameterDescription(
                    name: "latent.\(kind.name).capacity", shape: [4], deviation: 0),
            ]
        }
    }

    private static var decoding: [ParameterDescription] {
        AxisSet.untied.flatMap { kind in
            [
                ParameterDescription(
                    name: "decode.\(kind.name).w", shape: [4, kind.width], deviation: 0.5),
                ParameterDescription(
                    name: "decode.\(kind.name).b", shape: [kind.width], deviation: 0.5),
            ]
        }
    }

    private static func block(_ block: Int) -> [ParameterDescription] {
        let projections = ProjectedLayer.allCases.flatMap { layer in
            layer.kinds.filter { $0.tied == $0 }.flatMap {
                layer.descriptions(block: block, $0)
            }
        }
        let directions = AxisSet.untied.filter { $0.contains(.direction) }.map { kind in
            ParameterDescription(
                name: "layer.\(block).direction.\(kind.name)",
                shape: [DirectionClasses.count(kind), 8, 8], deviation: (1.0 / 8).squareRoot())
        }
        return projections + directions
    }

    private static func heads(colourBiasDeviation: Double) -> [ParameterDescription] {
        [
            ParameterDescription(name: "head.colour.w", shape: [16, 2], deviation: 0.25),
            ParameterDescription(
                name: "head.colour.b", shape: [2], deviation: colourBiasDeviation),
            ParameterDescription(name: "head.mask.w", shape: [16, 2], deviation: 0.25),
            ParameterDescription(name: "head.mask.b", shape: [2], deviation: 0.25),
        ]
    }
}
