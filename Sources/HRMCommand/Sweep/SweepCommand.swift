import ArgumentParser
import Foundation
import HRMData
import HRMDistributed
import HRMEngine
import HRMFigures
import HRMInference
import HRMModel
import HRMTensor
import HRMTraining

/// The command `hrm sweep`.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Compare settings under equal compute.",
        discussion: """
            A file lists experiments, each with its own settings, and a budget of floating-point \
            operations for the training of every run, counted as by 'hrm benchmark'; the budget \
            determines the number of steps, even if depth or batch size grow during training. \
            Evaluations are free. Every experiment is run once for each seed, one run after the \
            other:

              data: data/sudoku
              preset: trm-small
              budget: 1e13
              seeds: 3
              evaluation: {points: 4, limit: 500}
              settings: {lr_warmup_steps: 50}
              experiments:
              - name: adam
              - name: muon
                settings: {optimizer: muon, muon.lr: 0.01}

            Everything is checked before the first run begins. An interrupted sweep is resumed by \
            the same command: finished runs are skipped, an unfinished one is resumed with \
            bit-identical results, and new experiments of the file are added. The output folder \
            contains results.md, results.json and accuracy.svg, rewritten after each run, and a \
            folder named runs with a run folder for each run.

            Started by mpirun (in a build with the trait MPI), the processes divide the runs.
            """)

    @Argument(help: ArgumentHelp("The file that lists the experiments.", valueName: "file"))
    var experiments: String
    @Option(
        help: ArgumentHelp(
            "The sweep's folder; an existing sweep is resumed.", valueName: "folder"))
    var output: String
    @Flag(help: "Check everything and print the planned runs, without running them.")
    var plan = false
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var place: DeviceOptions
    @OptionGroup var checkpoints: CheckpointOptions

    func run() throws {
        let data = try SweepData(of: SweepFile(contentsOf: URL(fileURLWithPath: experiments)))
        let plan = try SweepPlan(
            data.file, path: experiments, dimensions: PuzzleDimensions(data.training.metadata),
            task: data.training.task)
        let folder = SweepFolder(url: URL(fileURLWithPath: output))
        // Errors in any run are reported before the first one begins.
        for (run, experiment) in zip(plan.runs, data.file.experiments) {
            let session = try naming("experiment '\(experiment.name)'") {
                try self.session(of: run, data: data, resuming: nil, engines: nil)
            }
            SettingAssignments.tell(
                session.doubts, unlessIn: data.file.settings + experiment.settings,
                place: "experiment '\(experiment.name)': ")
        }
        try folder.check(plan, dataFingerprint: data.training.fingerprint)
        try SweepText.requireWritable(in: folder)
        let text = SweepText(sweep: plan, threads: workers.threads)
        let introduction = text.plan(width: Console.width)
        guard !self.plan else { return try Console.print(introduction, terminator: "") }
        if ProcessJob.cluster?.rank ?? 0 == 0 { Console.tell(introduction) }

        let engines = try place.pluginEngines()
        StopSignal.listen()
        let cluster = ProcessJob.cluster
        defer { if let cluster, cluster.rank > 0 { cluster.announceEnd() } }
        for index in try share(of: plan, in: folder) {
            let run = plan.runs[index]
            let state = try folder.state(of: run)
            switch state {
            case .finished, .diverged: continue
            case .open, .unfinished: break
            }
            Console.tell("Run \(index + 1) of \(plan.runs.count): \(run.folderName)")
            let name = data.file.experiments[run.experiment].name
            try naming("experiment '\(name)', seed \(run.configuration.seed)") {
                try make(
                    run, of: folder, data: data, isNew: state == .open, engines: engines)
            }
            if cluster?.rank ?? 0 == 0 { try text.write(to: folder) }
            if let signal = StopSignal.current {
                Console.tell("The sweep was ended; the same command continues it")
                throw ExitCode(StopSignal.exitStatus(of: signal))
            }
        }
        guard cluster?.rank ?? 0 == 0 else { return }
        cluster?.awaitOthers()
        try text.write(to: folder)
        try Console.print(text.table(of: try text.results(in: folder)), terminator: "")
        Console.tell("The results are in \(output): results.md, results.json and accuracy.svg")
    }

    /// Returns the runs that this process makes: all, or those that process 0 assigns to it.
    private func share(of plan: SweepPlan, in folder: SweepFolder) throws -> [Int] {
        guard let cluster = ProcessJob.cluster else { return Array(plan.runs.indices) }
        guard cluster.rank == 0 else { return cluster.share(of: []) }
        return cluster.share(
            of: try plan.runs.indices.filter { index in
                switch try folder.state(of: plan.runs[index]) {
                case .finished, .diverged: false
                case .open, .unfinished: true
                }
            })
    }

    /// Returns the value of a body; its errors are reported with the part of the sweep that they
    /// concern.
    private func naming<Value>(_ place: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            guard !(error is ExitCode) else { throw error }
            throw CommandError("\(place): \(ErrorText.words(for: error))")
        }
    }

    private func session(
        of run: SweepRun, data: SweepData, resuming folder: RunFolder?,
        engines: (any EngineProvider)?
    ) throws -> TrainingSession {
        var session =
            if let folder {
                try TrainingSession(
                    resuming: folder, configuration: run.configuration, training: data.training,
                    test: data.test, limits: run.limits, workers: workers.chosen)
            } else {
                try TrainingSession(
                    configuration: run.configuration, training: data.training, test: data.test,
                    limits: run.limits, workers: workers.threads)
            }
        session.engines = engines
        return session
    }

    /// Starts or resumes a run; a diverged run is a result as well.
    private func make(
        _ run: SweepRun, of sweep: SweepFolder, data: SweepData, isNew: Bool,
        engines: (any EngineProvider)?
    ) throws {
        let url = sweep.url(of: run)
        if isNew { try sweep.clear(run) }
        let folder = isNew ? nil : try RunFolder.reopen(url)
        let training = TrainingRun(
            session: try session(of: run, data: data, resuming: folder, engines: engines),
            limits: run.limits,
            place: folder.map { .existing($0) } ?? .new(url), name: "",
            checkpoints: checkpoints.policy)
        do {
            _ = try training.start {}
        } catch let error as TrainingSessionError {
            guard case .diverged = error else { throw error }
            Console.tell("\(run.folderName): \(error)")
        }
    }
}

/// The data shared by all runs of a sweep.
private struct SweepData {
    let file: SweepFile
    let training: PuzzleDataset
    let test: PuzzleDataset

    init(of file: SweepFile) throws {
        self.file = file
        let folder = URL(fileURLWithPath: file.dataPath)
        training = try PuzzleDataset(folder: folder, split: "train")
        test = try PuzzleDataset(folder: folder, split: "test")
        guard test.exampleCount > 0 else {
            throw CommandError(
                "the test split of \(file.dataPath) has no puzzle, so there is nothing to compare "
                    + "experiments by")
        }
        guard test.hasCountedLabels else {
            throw CommandError(
                "every label of the test split of \(file.dataPath) counts for nothing, so there is "
                    + "nothing to compare experiments by; correct the labels or dataset.json")
        }
    }
}
