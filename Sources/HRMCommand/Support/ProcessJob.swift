import Foundation
import HRMDistributed
import HRMFiles
import HRMTensor
import HRMTraining
import Synchronization

/// The processes that a launcher such as `mpirun` started together.
///
/// Process 0 runs the command, and the others compute with it; only a sweep runs in all of them.
enum ProcessJob {
    /// The processes; nil if there is only this one.
    static var cluster: Cluster? { joined.withLock { $0 } }

    private static let joined = Mutex<Cluster?>(nil)
    private static let localSize = Atomic<Int>(1)

    /// The commands that use several processes.
    private static let commands = ["train", "evaluate", "sweep"]

    /// Runs the program in this process of a job.
    ///
    /// - Parameter execute: Runs the command, and returns its exit status.
    /// - Returns: The exit status.
    static func run(_ execute: () -> Int32) -> Int32 {
        let count = LauncherEnvironment.processCount
        guard count > 1 else { return execute() }
        let words = CommandLine.arguments.dropFirst()
        let isFirst = LauncherEnvironment.processNumber == 0
        let name = words.first ?? ""
        if words.contains(where: { ["--help", "-h", "--version", "help"].contains($0) }) {
            return isFirst ? execute() : 0
        }
        guard commands.contains(name) else {
            return refuse(
                "\(count) processes were started, and 'hrm \(name)' runs in one; start it without "
                    + "mpirun or srun", isFirst)
        }
        #if MPI
            return runTogether(name, execute)
        #else
            return refuse(
                "\(count) processes were started, but this build of hrm has no MPI, so each would do "
                    + "the same work in the same folder; build it with 'swift build -c release "
                    + "--traits MPI', or start one process and use --workers", isFirst)
        #endif
    }

    private static func refuse(_ reason: String, _ isFirst: Bool) -> Int32 {
        // Once for all processes.
        if isFirst { Console.tell("Error: \(reason)") }
        return ExitStatus.usage
    }

    #if MPI
        private static func runTogether(_ name: String, _ execute: () -> Int32) -> Int32 {
            let communicator: MPICommunicator
            do throws(CommunicationError) {
                communicator = try MPICommunicator { Console.tell($0) }
            } catch {
                Console.tell("Error: \(error)")
                return ExitStatus.failed
            }
            guard communicator.size > 1 else {
                return refuse(
                    "the launcher started several processes, but \(communicator.library) knows of "
                        + "one; use the mpirun of the MPI that hrm was built with", true)
            }
            let cluster = Cluster(
                communicator, machine: communicator.machine, version: Package.version)
            communicator.note(cluster.members)
            joined.withLock { $0 = cluster }
            localSize.store(communicator.localSize, ordering: .relaxed)
            var status: Int32 = 0
            if cluster.rank == 0 || name == "sweep" { status = execute() }
            if cluster.rank == 0 {
                cluster.end(status: 0)
            } else {
                // A signal ends all processes, each with its own last checkpoint.
                guard status == 0 || status >= 128 else {
                    communicator.abort(.failed(reason: "the sweep failed here, see above"))
                }
                StopSignal.listen()
                status = cluster.serve { StopSignal.current != nil }
            }
            communicator.finish()
            return status
        }
    #endif

    /// The threads of each process by default: the processors of its binding, or else an equal share
    /// of the machine's; nil if there are no other processes.
    static var defaultWorkers: Workers? {
        guard cluster != nil else { return nil }
        let allowed = Workers.available.count
        guard allowed == ProcessInfo.processInfo.processorCount else { return .available }
        return Workers(count: max(1, allowed / localSize.load(ordering: .relaxed)))
    }

    /// Reports processes whose workers are bound to fewer processors than there are workers.
    ///
    /// - Parameter workers: The threads of each process.
    static func tellBinding(_ workers: Workers) {
        for member in cluster?.members ?? [] where member.processors < workers.count {
            Console.tell(
                "rank \(member.rank) on \(member.machine): \(workers.count) workers are bound to "
                    + "\(member.processors.counted("processor")), which makes them slow; start with "
                    + "mpirun --bind-to none, or give srun --cpus-per-task=\(workers.count), or use "
                    + "--workers \(member.processors)")
        }
    }

    /// A line about the time that the exchange between processes took; nil without steps.
    static var exchangeText: String? {
        guard let cluster, cluster.times.steps > 0 else { return nil }
        let times = cluster.times
        func text(_ part: Duration) -> String {
            let share = part / times.total
            let seconds = part / .seconds(1) / Double(times.steps)
            return "\((seconds * 1e6).rounded() / 1e3) ms (\((share * 1e4).rounded() / 100) %)"
        }
        return "\(cluster.size) ranks: of a step of \(text(times.total)), the sum of gradients "
            + "takes \(text(times.reduction)), and waiting for the slowest rank \(text(times.waiting))"
    }
}
