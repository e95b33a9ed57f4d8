import Foundation
import HRMAccelerator
import HRMEngine
import HRMModel
import HRMTensor

/// The engine of the accelerators, on the PJRT plug-in that `HRM_TEST_PJRT_PLUGIN` names.
extension EngineUnderTest {
    /// The engine; nil without a plug-in, and its cases are skipped.
    static let accelerator: Self? = context.map { context in
        Self(
            name: "PJRT", rounds: true,
            inference: { model, slots in
                unwrapped {
                    try AcceleratorEngine(model: model, slotCount: slots, context: context)
                }
            },
            training: { model, optimizers, slots in
                unwrapped {
                    try AcceleratorEngine(
                        training: model, optimizers: optimizers, batchSize: slots,
                        context: context)
                }
            })
    }

    /// The devices of the plug-in.
    static let context: AcceleratorContext? = {
        guard let path = ProcessInfo.processInfo.environment["HRM_TEST_PJRT_PLUGIN"],
            !path.isEmpty
        else { return nil }
        return unwrapped {
            let plugin = try AcceleratorPlugin.load(at: URL(fileURLWithPath: path))
            return try AcceleratorContext(client: AcceleratorClient(plugin: plugin))
        }
    }()

    /// The result of making an engine, without which no case can run.
    private static func unwrapped<Result>(_ make: () throws -> Result) -> Result {
        do {
            return try make()
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
