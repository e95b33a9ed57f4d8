import HRMModel
import HRMTensor

/// The token mixer of a block: the layer that exchanges information between positions,
/// `h = RMSNorm(x + mixer(x))`.
///
/// The type of a mixer has its weights, its memory, and its forward and backward pass. A
/// `MixerDescription` has the names of its tensors in files and its cost.
protocol Mixer: Sendable {
    /// Intermediate results of a forward pass, kept for the backward pass if one follows.
    associatedtype Activations: MixerMemory
    /// Scratch memory of a worker, which all its blocks share.
    associatedtype Buffers: MixerMemory
    /// Memory of a worker for gradients, which all its blocks share.
    associatedtype Gradients: MixerMemory

    /// Creates the mixer with the weights of a layout.
    init(_ layout: ParameterLayout, prefix: String, precision: Precision, trainable: Bool)

    /// The linear layers of the mixer, whose weights are packed after each update.
    var layers: [LinearLayer] { get }

    /// Returns the number of rows that the norm processes for some sequences.
    static func normCount(sequences: Int, shape: SegmentShape) -> Int

    /// Allocates scratch memory for some sequences.
    static func buffers(sequences: Int, shape: SegmentShape, training: Bool) -> Buffers

    /// Allocates intermediate results of some sequences; `saved` if a backward pass follows.
    static func activations(
        sequences: Int, shape: SegmentShape, saved: Bool, buffers: Buffers
    ) -> Activations

    /// Allocates memory for the gradients of some sequences.
    static func gradients(sequences: Int, shape: SegmentShape) -> Gradients

    /// Computes `h` from `x`.
    ///
    /// - Parameters:
    ///   - x: Shape `[B·T, D]`.
    ///   - h: Shape `[B·T, D]`; overwritten.
    ///   - inverseRMS: The inverse RMS of the norm; overwritten.
    ///   - activations: Receives the intermediate results.
    ///   - context: The values shared by all blocks.
    func forward(
        _ x: Matrix, into h: Matrix, inverseRMS: Matrix, activations: Activations,
        context: BlockContext)

    /// Computes the gradient of `x` from that of `h`, and adds the weights' gradients to
    /// `gradients`.
    ///
    /// - Parameters:
    ///   - dh: Shape `[B·T, D]`.
    ///   - x: The forward pass's input.
    ///   - h: The forward pass's output.
    ///   - inverseRMS: The forward pass's inverse RMS.
    ///   - activations: The forward pass's intermediate results.
    ///   - buffers: Memory for the gradients between the layers.
    ///   - gradients: The flat array of this worker.
    ///   - dx: Shape `[B·T, D]`; overwritten, may be `dh`.
    ///   - context: The values shared by all blocks.
    func backward(
        _ dh: Matrix, x: Matrix, h: Matrix, inverseRMS: Matrix, activations: Activations,
        buffers: Gradients, gradients: Matrix, into dx: Matrix, context: BlockContext)
}

/// Memory of a mixer for some sequences.
protocol MixerMemory: Sendable {
    /// Returns the part for the first `sequences` sequences.
    func prefix(_ sequences: Int, shape: SegmentShape) -> Self
}

/// The empty memory, for mixers that need no memory of a kind.
struct NoMixerMemory: MixerMemory {
    func prefix(_ sequences: Int, shape: SegmentShape) -> NoMixerMemory { self }
}

extension MixerDescription.Kind {
    /// The type that executes the mixer.
    var type: any Mixer.Type {
        switch self {
        case .attention: SelfAttention.self
        case .tokenMixing: TokenMixing.self
        }
    }
}

// MARK: - Any kind

extension Mixer {
    static func anyActivations(
        sequences: Int, shape: SegmentShape, saved: Bool, buffers: any MixerMemory
    ) -> any MixerMemory {
        activations(sequences: sequences, shape: shape, saved: saved, buffers: own(buffers))
    }

    func anyForward(_ x: Matrix, saved: BlockActivations.Mixed, context: BlockContext) {
        forward(
            x, into: saved.hidden, inverseRMS: saved.inverseRMS,
            activations: Self.own(saved.activations), context: context)
    }

    func anyBackward(
        _ dh: Matrix, x: Matrix, saved: BlockActivations.Mixed, buffers: any MixerMemory,
        gradients: Matrix, into dx: Matrix, context: BlockContext
    ) {
        backward(
            dh, x: x, h: saved.hidden, inverseRMS: saved.inverseRMS,
            activations: Self.own(saved.activations), buffers: Self.own(buffers),
            gradients: gradients, into: dx, context: context)
    }

    private static func own<Memory: MixerMemory>(_ memory: any MixerMemory) -> Memory {
        guard let own = memory as? Memory else {
            preconditionFailure("memory of \(type(of: memory)) for a mixer with \(Memory.self)")
        }
        return own
    }
}
