import HRMTensor

/// Temporary memory that the layers of a network share; used by one layer at a time.
package final class LayerMemory {
    let layout: MultitensorLayout
    /// Values between `In` and the sums of both sharing layers.
    let hidden16: Multitensor
    let hidden8: Multitensor
    /// Their gradients.
    let gradient16: Multitensor
    let gradient8: Multitensor
    /// Sums that are incomplete.
    let partial16: PartialSums
    let partial8: PartialSums
    /// Gradients of four channels along lines.
    let lines: Multitensor
    let lineGradients: Multitensor
    /// Memory of the primitives.
    let scratch = Scratch()

    /// Creates the memory for a task's network.
    package init(_ layout: MultitensorLayout) {
        self.layout = layout
        hidden16 = Multitensor(layout, width: 16)
        gradient16 = Multitensor(layout, width: 16)
        hidden8 = Multitensor(layout, width: 8)
        gradient8 = Multitensor(layout, width: 8)
        partial16 = PartialSums(layout, width: 16)
        partial8 = PartialSums(layout, width: 8)
        lines = Multitensor(layout, kinds: LineLayer.kinds, width: 4)
        lineGradients = Multitensor(layout, kinds: LineLayer.kinds, width: 4)
    }
}
