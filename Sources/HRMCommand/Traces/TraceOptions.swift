public import ArgumentParser
import Foundation
public import HRMInference
import HRMTraining

extension ThinkingTracer.Detail: ExpressibleByArgument {}

/// The options for the traces of `hrm solve`.
struct TraceOptions: ParsableArguments {
    @Option(
        defaultAsFlag: .steps, parsing: .next,
        help: ArgumentHelp(
            "Show the board after each thinking step, with the changed cells marked; with "
                + "--trace=cycles also the changes of the model's two states within the steps.",
            valueName: "detail"))
    var trace: ThinkingTracer.Detail?
    @Option(
        help: ArgumentHelp(
            "Draw the trace as an animation into an .svg or .gif file.", valueName: "file"))
    var animation: String?

    /// True if traces are requested.
    var areWanted: Bool { trace != nil || animation != nil }

    /// The level of detail.
    var detail: ThinkingTracer.Detail { trace ?? .steps }

    func validate() throws {
        // The parser takes an invalid value for the flag alone, followed by a puzzle.
        for argument in CommandLine.arguments where argument.hasPrefix("--trace=") {
            let value = String(argument.dropFirst("--trace=".count))
            guard ThinkingTracer.Detail(rawValue: value) == nil else { continue }
            throw ValidationError("--trace is '\(value)'; use steps or cycles")
        }
        if let animation, animationFormat == nil {
            throw ValidationError("--animation is \(animation); use a name with .svg or .gif")
        }
    }

    /// The file format of animations.
    enum AnimationFormat: String {
        case svg
        case gif
    }

    /// The file format of the animation; `nil` without one.
    var animationFormat: AnimationFormat? {
        animation.flatMap {
            AnimationFormat(rawValue: URL(fileURLWithPath: $0).pathExtension.lowercased())
        }
    }

    /// Checks that the file can be written, before the work begins.
    ///
    /// - Throws: ``CommandError`` with the file.
    func check() throws {
        if let animation { try PictureOptions.check(animation) }
    }
}
