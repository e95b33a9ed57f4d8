internal import HRMEngine
internal import HRMModel

/// The arguments of a program that come from the host with every segment, of all slots.
struct BatchInputs {
    let carry: Carry
    /// The slots that begin with the initial states.
    let fresh: [Bool]
    /// The number of slots that take part, starting with the first.
    let activeSlots: Int

    /// Returns the buffers of each device, each with its share of the slots.
    func buffers(
        _ context: AcceleratorContext, shape: ModelShape
    ) throws(AcceleratorError) -> [[String: AcceleratorBuffer]] {
        let length = shape.dimensions.sequenceLength
        var result: [[String: AcceleratorBuffer]] = []
        for device in 0..<context.deviceCount {
            let slots = (device * shape.batch)..<((device + 1) * shape.batch)
            let cells = (slots.lowerBound * length)..<(slots.upperBound * length)
            let client = context.client
            func integers(_ values: ArraySlice<Int32>, _ extents: [Int])
                throws(AcceleratorError) -> AcceleratorBuffer
            {
                try client.buffer(
                    copying: Array(values), type: .int32, shape: extents, device: device)
            }
            result.append([
                TensorName.inputs: try integers(
                    carry.current.inputs[cells], [shape.batch, length]),
                TensorName.labels: try integers(
                    carry.current.labels[cells], [shape.batch, length]),
                TensorName.identifiers: try integers(
                    carry.current.puzzleIdentifiers[slots], [shape.batch]),
                TensorName.fresh: try client.flags(Array(fresh[slots]), device: device),
                TensorName.active: try client.flags(
                    slots.map { $0 < activeSlots }, device: device),
            ])
        }
        return result
    }
}

extension AcceleratorClient {
    /// Copies truth values to a device.
    func flags(_ values: [Bool], device: Int) throws(AcceleratorError) -> AcceleratorBuffer {
        try buffer(
            copying: values.map { $0 ? 1 : 0 } as [UInt8], type: .bool, shape: [values.count],
            device: device)
    }
}
