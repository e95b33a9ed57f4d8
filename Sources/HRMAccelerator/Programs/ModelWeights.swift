internal import HRMModel

/// The names of a program's arguments and results, and of the tensors on a device.
///
/// The result that replaces a tensor has its name.
enum TensorName {
    static let high = "z_H"
    static let low = "z_L"
    static let inputs = "inputs"
    static let labels = "labels"
    static let identifiers = "puzzle_identifiers"
    /// `[B]`: the slots that start from the initial states.
    static let fresh = "fresh"
    /// `[B]`: the slots that take part.
    static let active = "active"
    /// `[B]`: the slots whose puzzle ends with this segment.
    static let last = "last"
    /// `[B]`: the factors of the gradients.
    static let rowWeights = "row_weights"
    static let rates = "rates"
    static let logits = "logits"
    static let outcomes = "outcomes"
    /// `[2]`: whether the losses, and the gradients, are finite.
    static let finite = "finite"
    static let puzzles = "puzzle_emb.weights"

    static func firstMoment(_ name: String) -> String { "first_moment." + name }
    static func secondMoment(_ name: String) -> String { "second_moment." + name }
    static func average(_ name: String) -> String { "average." + name }
    static func gradient(_ name: String) -> String { "gradient." + name }
}

/// The weights of a model as arguments of a program.
struct ModelWeights {
    let layout: ParameterLayout
    private let arguments: [String: Expression]

    /// Adds all weights, initial states and the puzzle embedding as arguments.
    init(_ builder: GraphBuilder, layout: ParameterLayout, precision: ElementType) {
        self.layout = layout
        arguments = Dictionary(
            uniqueKeysWithValues: (layout.entries + layout.buffers).map { entry in
                // Initial states have the precision of the states.
                let isState = entry.offset < 0 && entry.name != TensorName.puzzles
                return (
                    entry.name,
                    builder.argument(
                        entry.name, BufferType(entry.shape, isState ? precision : .float32))
                )
            })
    }

    subscript(_ name: String) -> Expression {
        guard let value = arguments[name] else {
            preconditionFailure("no parameter is named '\(name)'")
        }
        return value
    }

    /// The weight with a name, if the model has it.
    func optional(_ name: String) -> Expression? { arguments[name] }
}
