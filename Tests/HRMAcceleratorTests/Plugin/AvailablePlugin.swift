import Foundation
import HRMAccelerator
import Testing

/// The plug-in that tests run on: the file in `HRM_TEST_PJRT_PLUGIN`.
///
/// One process opens one plug-in, so the checks of several plug-ins are runs of their own.
enum AvailablePlugin {
    /// The file; nil if the variable is not set, and tests on a plug-in are skipped.
    static let url = ProcessInfo.processInfo.environment["HRM_TEST_PJRT_PLUGIN"]
        .flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0) }

    /// A client with two devices, which all tests share.
    static let client = Result { () throws -> AcceleratorClient in
        let plugin = try AcceleratorPlugin.load(at: #require(url))
        return try AcceleratorClient(plugin: plugin, options: ["cpu_device_count": .integer(2)])
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test if there is no plug-in to run it on.
    static var needsPlugin: Self {
        .enabled(
            if: AvailablePlugin.url != nil,
            "HRM_TEST_PJRT_PLUGIN names no PJRT plug-in; .ci/accelerator-checks runs these tests")
    }
}
