internal import HRMModel

/// The states before a segment's first module application and after each.
struct ObservedMoments: Sendable {
    /// The states of the slots of one device.
    struct Moment: Sendable {
        let applications: Int
        let updates: ModuleApplication.Update?
        let device: Int
        let firstSlot: Int
        let slotCount: Int
        let high: AcceleratorBuffer
        let low: AcceleratorBuffer
    }

    private(set) var moments: [Moment] = []

    init(
        _ results: [[String: AcceleratorBuffer]], _ configuration: HRMConfiguration,
        _ shape: ModelShape
    ) throws(AcceleratorError) {
        let applications = configuration.schedule.applications
        for (device, result) in results.enumerated() {
            for index in 0...applications.count {
                guard let high = result["high.\(index)"], let low = result["low.\(index)"] else {
                    continue
                }
                moments.append(
                    Moment(
                        applications: index,
                        updates: index == 0 ? nil : applications[index - 1].updates,
                        device: device, firstSlot: device * shape.batch, slotCount: shape.batch,
                        high: high, low: low))
            }
        }
    }
}
