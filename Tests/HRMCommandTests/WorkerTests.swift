import Foundation
import Testing

/// Threads that the system provides or refuses.
@Suite struct WorkerTests {
    private static let benchmark = """
        "$hrm" benchmark --json --preset demo --batch 2 --seconds 0.01 --set hidden_size=8 \
        --set halt_max_steps=2
        """

    @Test(.enabled(if: Program.hasTool("taskset"), "taskset is not installed"))
    func workersAreTheProcessorsThatMayBeUsed() throws {
        try Workbench.use { bench in
            let result = try Program.shell("taskset -c 0 \(Self.benchmark)", in: bench.folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try result.json["workers"] as? Int == 1)
            let chosen = try Program.shell(
                "taskset -c 0 \(Self.benchmark) --workers 3", in: bench.folder)
            #expect(try chosen.json["workers"] as? Int == 3)
        }
    }

    /// A command that runs another one without the permission to create threads; `nil` if it is not
    /// available.
    private static let withoutThreads: String? = {
        // Process limits do not apply to the superuser.
        let prefix =
            geteuid() == 0
            ? "setpriv --reuid=65534 --regid=65534 --clear-groups prlimit --nproc=1:1"
            : "prlimit --nproc=1:1"
        let folder = FileManager.default.temporaryDirectory
        let trial = try? Program.shell("\(prefix) \"$hrm\" --version", in: folder)
        return trial?.status == 0 ? prefix : nil
    }()

    @Test(.enabled(if: withoutThreads != nil, "processes cannot be kept from making threads here"))
    func withoutThreadsTheWorkIsDoneInTurn() throws {
        guard let prefix = Self.withoutThreads else { return }
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let evaluation =
                #""$hrm" evaluate --checkpoint run --data data --halt never --workers 2 --json"#
            let expected = try Program.shell(evaluation, in: bench.folder)
            let alone = try Program.shell(
                "chmod -R a+rX . && \(prefix) \(evaluation)", in: bench.folder)
            #expect(alone.status == 0, "\(alone.errors)")
            for key in ["lm_loss", "accuracy", "q_halt_loss"] {
                let (found, wanted) = (try alone.json[key], try expected.json[key])
                #expect(found as? Double == wanted as? Double && wanted is Double, "\(key)")
            }
            #expect(alone.errors.contains("no more threads"), "\(alone.errors)")

            let solved = try Program.shell(
                #"\#(prefix) "$hrm" solve --workers 1 3..16416..5..5.6....14...1..4....231"#,
                in: bench.folder)
            #expect(solved.status == 1)
            #expect(solved.errors.hasPrefix("Error: the system lets this process have no more"))
        }
    }
}
