public import ArgumentParser
import Foundation
import HRMFigures
public import HRMPerTask

extension AttemptRule: ExpressibleByArgument {}
extension CandidateUnit: ExpressibleByArgument {}

/// The options for ARC tasks that are learned from their own demonstrations.
struct TaskLearningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Training steps for each ARC task that is learned by itself (default: 2000).",
            valueName: "n"))
    var steps: Int?
    @Option(
        help: ArgumentHelp(
            "End the learning of an ARC task after t minutes.", valueName: "t"))
    var minutes: Double?
    @Option(
        help: ArgumentHelp(
            "End the learning of an ARC task when both attempts have been the same for n steps; "
                + "the first 150 steps do not count. 0 makes all steps.",
            valueName: "n"))
    var stableSteps: Int?
    @Option(
        help: ArgumentHelp(
            "Seed of initial weights and noise of ARC tasks that are learned by themselves "
                + "(default: 0).",
            valueName: "seed"))
    var seed: UInt64?
    @Option(
        help: ArgumentHelp(
            "Compare the answers to all test inputs of an ARC task together ('task', the default, "
                + "as published), or those to each test input on its own ('output').",
            valueName: "unit"))
    var candidates: CandidateUnit?
    @Option(
        help: ArgumentHelp(
            "The attempts: the two answers with the largest weights ('largest', the default), or "
                + "those of the 'published' rule.",
            valueName: "rule"))
    var attemptRule: AttemptRule?
    @Option(
        help: ArgumentHelp(
            "Departures from the published network, separated by commas: "
                + NetworkChange.allCases.map(\.rawValue).joined(separator: ", ") + ".",
            valueName: "names"))
    var changes: String?

    func validate() throws {
        try steps?.require(in: 1...10_000_000, "--steps")
        try stableSteps?.require(in: 0...10_000_000, "--stable-steps")
        if let minutes, !(minutes > 0 && minutes <= 1e6) {
            throw ValidationError(
                "--minutes is \(minutes); use a number above 0, at most 1000000")
        }
        if let name = changeNames.first(where: { NetworkChange(rawValue: $0) == nil }) {
            throw ValidationError(
                "--changes has '\(name)'; use "
                    + NetworkChange.allCases.map(\.rawValue).joined(separator: ", "))
        }
    }

    private var changeNames: [String] {
        (changes ?? "").split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// The names of the options that are given.
    var given: [String] {
        [
            (steps != nil, "--steps"), (minutes != nil, "--minutes"),
            (stableSteps != nil, "--stable-steps"), (seed != nil, "--seed"),
            (candidates != nil, "--candidates"), (attemptRule != nil, "--attempt-rule"),
            (changes != nil, "--changes"),
        ].filter(\.0).map(\.1)
    }

    /// Returns the options of the library.
    ///
    /// - Parameter usualStableSteps: The number of steps without a change that ends the learning
    ///   if the option is not given; nil to ignore it.
    /// - Returns: The options.
    func options(usualStableSteps: Int? = nil) -> PerTaskOptions {
        let stable = stableSteps ?? usualStableSteps ?? 0
        return PerTaskOptions(
            steps: steps ?? PerTaskOptions.publishedSteps,
            duration: minutes.map { .seconds($0 * 60) }, stableSteps: stable > 0 ? stable : nil,
            seed: seed ?? 0, attemptRule: attemptRule ?? .largest, unit: candidates ?? .task,
            changes: Set(changeNames.compactMap(NetworkChange.init)))
    }
}
