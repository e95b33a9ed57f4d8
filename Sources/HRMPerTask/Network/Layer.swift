/// A layer between two multitensors that are fixed when it is created.
///
/// A tensor on which a layer does not act is the same matrix in both.
package protocol Layer {
    /// Computes the output from the input.
    func forward()
    /// Turns the gradient of the output into that of the input, and adds to the gradients of the
    /// weights. The forward pass must be the last one that ran.
    func backward(_ gradient: Multitensor)
}
