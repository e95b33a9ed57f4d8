import Foundation
import HRMAccelerator
import Testing

/// Programs on two devices of one client.
///
/// The plug-ins that `.ci/accelerator-checks` installs run them; others were seen to end the process,
/// so the check runs this suite in a process of its own before the rest.
@Suite(.needsPlugin, .serialized) struct ReplicaTests {
    let client: AcceleratorClient

    init() throws {
        client = try AvailablePlugin.client.get()
    }

    @Test func sumsAreOverReplicas() throws {
        let program = try client.compile(
            ProgramText.sumOverReplicas, options: CompileOptions(replicas: 2))
        #expect(program.devices.count == 2)
        for round in 0..<50 {
            let arguments = try (0..<2).map { replica in
                let values = (0..<1000).map { Float($0 * (replica + 1) + round) }
                return [
                    try client.buffer(
                        copying: values, type: .float32, shape: [1000],
                        device: program.devices[replica])
                ]
            }
            let results = try program.run(replicas: arguments)
            let expected = (0..<1000).map { Float($0 * 3 + 2 * round) }
            for replica in results {
                #expect(try replica[0].read(as: Float.self) == expected)
            }
        }
    }

    @Test func otherNumbersOfReplicasAreRefused() throws {
        #expect(throws: AcceleratorError.self) {
            try client.compile(ProgramText.sumOverReplicas)
        }
        let many = ProgramText.sumOverReplicas
            .replacing("[[0, 1]]> : tensor<1x2xi64>", with: "[[0, 1, 2]]> : tensor<1x3xi64>")
        #expect(throws: AcceleratorError.devices(needed: 3, found: client.devices.count)) {
            try client.compile(many, options: CompileOptions(replicas: 3))
        }
    }
}
